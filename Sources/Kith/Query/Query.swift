public import KithCore

/// Rows, described: where to start, which way to walk, what to keep, in which order.
///
/// A query holds a graph and does nothing until its rows are asked for. It yields a set: each row
/// once, however many paths reach it. Rows come in order of insertion unless they are sorted.
///
/// ```swift
/// graph[User.self, 1].followers.filter(\.joined > lastWeek).sorted(by: \.handle).prefix(20)
/// ```
@dynamicMemberLookup
public struct Query<Record: Row>: Sendable {
  @usableFromInline let graph: Graph
  @usableFromInline let node: QueryNode

  @inlinable
  init(graph: Graph, node: QueryNode) {
    self.graph = graph
    self.node = node
  }

  @usableFromInline var slots: [UInt32] { graph.slots(of: node) }

  // MARK: Walking

  /// The rows that a relationship leads to, from any of these.
  @inlinable
  public subscript<Way: Traversal>(
    dynamicMember way: KeyPath<Record.Type, Way>
  ) -> Query<Way.Target> where Way.Source == Record {
    hop(Record.self[keyPath: way])
  }

  /// The rows that a relationship leads to, from any of these: the same hop with the relationship
  /// as a value.
  @inlinable
  public func hop<Way: Traversal>(_ way: Way) -> Query<Way.Target>
  where Way.Source == Record {
    Query<Way.Target>(
      graph: graph, node: node.following(way.relationship.path, graph.layout))
  }

  // MARK: Choosing

  /// The rows that a predicate accepts.
  public func filter(_ predicate: Predicate<Record>) -> Query {
    with(node.filtered(by: predicate.filter))
  }

  /// The rows that a closure accepts. The planner can't see into it; `explain()` calls it opaque.
  public func filter(_ accepts: @escaping @Sendable (Record) -> Bool) -> Query {
    with(node.filtered(by: Predicate(accepts).filter))
  }

  /// The rows of either query, in order of insertion.
  @inlinable
  public func union(_ other: Query) -> Query { combined(.union, other) }

  /// The rows of both queries, in the order of this one.
  @inlinable
  public func intersection(_ other: Query) -> Query { combined(.intersection, other) }

  /// The rows of this query that are not in the other, in the order of this one.
  @inlinable
  public func subtracting(_ other: Query) -> Query { combined(.subtracting, other) }

  /// The rows of exactly one of the queries, in order of insertion.
  @inlinable
  public func symmetricDifference(_ other: Query) -> Query {
    combined(.symmetricDifference, other)
  }

  /// The rows without the one that has a key.
  @inlinable
  public func excluding(_ id: Record.ID) -> Query {
    let table = table
    let slots = graph.slot(in: table, id).map { Slots($0) } ?? Slots(absent: id.stored)
    return Query(graph: graph, node: node.excluding(slots, of: table))
  }

  /// The rows without those that have the given keys.
  @inlinable
  public func excluding(_ ids: Record.ID...) -> Query { excluding(ids) }

  /// The rows without those that have the given keys.
  @inlinable
  public func excluding(_ ids: some Sequence<Record.ID>) -> Query {
    with(node.excluding(graph.slots(of: Record.self, ids), of: table))
  }

  // MARK: Ordering

  /// The rows in the order of a column; rows whose values are equal in the order of their primary
  /// key.
  @inlinable
  public func sorted<Value: ColumnValue>(
    by keyPath: any KeyPath<Record, Value> & Sendable, _ direction: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(keyPath, direction)]))
  }

  /// The rows in the order of a column, and of a second where the first is equal.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable, _ firstDirection: SortDirection = .ascending,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(first, firstDirection), SortTerm(second, secondDirection)]))
  }

  /// The rows in the ascending order of a column, and in the order of a second where the first is
  /// equal.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending
  ) -> Query {
    sorted(by: first, .ascending, second, secondDirection)
  }

  /// The rows in the order of a column, of a second where the first is equal, and of a third where
  /// both are.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue, Third: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable, _ firstDirection: SortDirection = .ascending,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending,
    _ third: any KeyPath<Record, Third> & Sendable, _ thirdDirection: SortDirection = .ascending
  ) -> Query {
    with(
      .sorted(
        node,
        [
          SortTerm(first, firstDirection), SortTerm(second, secondDirection),
          SortTerm(third, thirdDirection),
        ]))
  }

  /// The rows in the order of how many rows a relationship leads each to; equal numbers in the order
  /// of the primary key.
  ///
  /// ```swift
  /// graph[Student.self].sorted(by: Student.courses.count, .descending)
  /// ```
  public func sorted<Target: Row>(
    by count: Relationship<Record, Target>.Count, _ direction: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(count, direction)]))
  }

  /// The first rows, at most `count`.
  ///
  /// - Precondition: `count` is not negative.
  @inlinable
  public func prefix(_ count: Int) -> Query {
    precondition(count >= 0, "a prefix can't be negative")
    return with(.slice(node, dropping: 0, limit: count))
  }

  /// The rows after the first `count`.
  ///
  /// - Precondition: `count` is not negative.
  @inlinable
  public func dropFirst(_ count: Int = 1) -> Query {
    precondition(count >= 0, "a number of rows to drop can't be negative")
    return with(.slice(node, dropping: count, limit: nil))
  }

  /// The rows with the number of paths that reach each, most paths first.
  ///
  /// A union counts the paths of both queries. After `prefix`, `dropFirst` and `symmetricDifference`
  /// each row has one path, and after `intersection` and `subtracting` those of this query.
  ///
  /// A number of paths that is larger than `Int.max` is given as `Int.max`.
  @inlinable
  public func ranked() -> Ranking<Record> { Ranking(query: self) }

  // MARK: Asking

  /// The number of rows.
  ///
  /// - Complexity: O(1) for a table, and for one hop from one row.
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

  // MARK: Making

  /// The number of the table whose rows these are.
  @inlinable
  var table: Int { graph.layout.table(of: Record.self) }

  @inlinable
  var rows: RowsOf<Record> { graph.rows(of: Record.self, in: table) }

  /// The rows, in order.
  @inlinable
  var array: [Record] {
    var rows: [Record] = []
    graph.withSlots(of: node) { rows = graph.rows(of: Record.self, at: $0) }
    return rows
  }

  /// The row at a slot, which must live.
  @inlinable
  func row(at slot: UInt32) -> Record {
    defer { withExtendedLifetime(graph) {} }
    return RowPages<Record>.row(at: slot, graph.places(table))
  }

  @inlinable
  func with(_ node: QueryNode) -> Query { Query(graph: graph, node: node) }

  @inlinable
  func combined(_ operation: SetOperation, _ other: Query) -> Query {
    Query(
      graph: graph, node: graph.combine(operation, node, with: other.node, of: other.graph))
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

  /// Puts the rows of a query together with those of another, which may be of another version of
  /// the graph: then what it yields there is what counts.
  @usableFromInline
  func combine(
    _ operation: SetOperation, _ node: consuming QueryNode, with other: consuming QueryNode,
    of graph: Graph
  ) -> QueryNode {
    precondition(layout === graph.layout, "two queries that are combined are of one store")
    if isSameVersion(as: graph) { return node.combined(operation, other) }
    let number = node.table
    let (here, there) = (table(number), graph.table(number))
    var slots = Executor(graph: graph).set(other)
    if sharesSlots(with: graph) {
      slots.removeAll { !here.isLive($0) }
    } else {
      slots = slots.compactMap { here.slot(ofKey: there.key(at: $0)) }.sorted()
    }
    return node.combined(operation, .rows(table: number, Slots(distinct: slots)))
  }
}

extension QueryNode {
  /// The rows that a filter accepts. Rows are filtered before they are sorted, which is the same and
  /// leaves less to sort.
  func filtered(by filter: Filter) -> QueryNode {
    if case .sorted(let rows, let terms) = self {
      return .sorted(rows.filtered(by: filter), terms)
    }
    return .filter(self, filter)
  }

  /// The rows without some others.
  @usableFromInline
  consuming func excluding(_ slots: Slots, of table: Int) -> QueryNode {
    combined(.subtracting, .rows(table: table, slots))
  }
}

extension Query: Sequence {
  /// Yields the rows in order.
  @inlinable
  public func makeIterator() -> Iterator {
    Iterator(rows: rows.pages, slots: slots)
  }

  /// Yields the rows of a query, each read when it is asked for.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let rows: RowPages<Record>
    @usableFromInline let slots: [UInt32]
    @usableFromInline var position = 0

    @inlinable
    init(rows: RowPages<Record>, slots: [UInt32]) {
      self.rows = rows
      self.slots = slots
    }

    @inlinable
    public mutating func next() -> Record? {
      guard position < slots.count else { return nil }
      defer { position += 1 }
      return rows[slots[position]]
    }
  }
}
