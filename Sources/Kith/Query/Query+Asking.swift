public import KithCore

// What is asked of a query, at which it runs.

extension Query {
  /// The number of rows.
  ///
  /// - Complexity: O(1) for a table, and for one hop from one row; O(parents · log rows) for rows of
  ///   parents between two values of the column by which an index orders them; otherwise that of the
  ///   query.
  @inlinable
  public var count: Int { graph.count(of: node) }

  /// Whether there are no rows.
  @inlinable
  public var isEmpty: Bool { graph.firstSlot(of: node) == nil }

  /// The first row, or nil.
  ///
  /// - Complexity: O(1) for one hop from one row, O(log *d*) where it has *d* links and is a hub.
  @inlinable
  public var first: Record? {
    guard let slot = graph.firstSlot(of: node) else { return nil }
    return row(at: slot)
  }

  /// The only row.
  ///
  /// - Throws: `GraphError.notFound` if there is none, `.severalFound` if there are several.
  @inlinable
  public func one() throws(GraphError) -> Record {
    row(at: try graph.onlySlot(of: node))
  }

  /// The only row, or nil if there is none.
  ///
  /// - Throws: `GraphError.severalFound` if there are several.
  @inlinable
  public func oneOrNil() throws(GraphError) -> Record? {
    try graph.onlySlotOrNil(of: node).map { row(at: $0) }
  }

  /// Whether the row with a key is among these.
  ///
  /// - Complexity: O(log *d*) where rows have *d* links, for a table, a hop from one row, and what
  ///   filters and set operations make of them; O(*d*) for two hops from one row; that of the whole query
  ///   otherwise, such as for a part of its rows.
  public func contains(_ id: Record.ID) -> Bool {
    guard let slot = graph.slot(of: Record.self, id) else { return false }
    return Executor(graph: graph).contains(slot, node)
  }

  /// The primary keys of the rows, in order.
  @inlinable
  public var ids: [Record.ID] {
    defer { withExtendedLifetime(graph) {} }
    var ids: [Record.ID] = []
    if let keys = graph.keys(table, of: Record.ID.self) {
      graph.withSlots(of: node) { slots in
        ids = keys.keys(of: slots) { Record.ID(rank: $0) }
      }
      return ids
    }
    let rows = rows
    let id = Record.table.idField
    return slots.map { rows.pages.read(id, at: $0) }
  }
}

extension Graph {
  /// The rows of a query in its order.
  @usableFromInline
  func slots(of node: QueryNode) -> [UInt32] { Executor(graph: self).slots(node) }

  /// The first row of a query in its order, or nil.
  @usableFromInline
  func firstSlot(of node: QueryNode) -> UInt32? { Executor(graph: self).first(node) }

  /// The only row of a query.
  ///
  /// - Throws: As `Query.one()`.
  @usableFromInline
  func onlySlot(of node: QueryNode) throws(GraphError) -> UInt32 {
    if let slot = try onlySlotOrNil(of: node) { return slot }
    throw .notFound(table: layout.tables[node.table].name, key: "that the query asks for")
  }

  /// The only row of a query, or nil.
  ///
  /// - Throws: As `Query.oneOrNil()`.
  @usableFromInline
  func onlySlotOrNil(of node: QueryNode) throws(GraphError) -> UInt32? {
    let slots = Executor(graph: self).slots(node, limit: 2)
    guard slots.count < 2 else { throw .severalFound(table: layout.tables[node.table].name) }
    return slots.first
  }

  /// Lends the rows of a query in its order.
  @usableFromInline
  func withSlots(of node: QueryNode, _ body: (Span<UInt32>) -> Void) {
    Executor(graph: self).withSlots(node, body)
  }

  /// The number of rows of a query.
  @usableFromInline
  func count(of node: QueryNode) -> Int { Executor(graph: self).count(node) }
}
