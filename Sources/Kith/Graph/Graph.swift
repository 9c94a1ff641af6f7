package import KithCore

/// All tables and links of a store at one moment: a value.
///
/// A copy costs O(1) and is a snapshot: later changes to one do not show in the other. Inside
/// `GraphStore.write` the graph is yours to change; elsewhere a copy in a `var` may be changed too,
/// and is simply never published.
public struct Graph: Sendable {
  @usableFromInline let layout: SchemaLayout
  private var contents: Contents

  /// How many writes had changed the store when this graph was published; 0 for a graph that never
  /// was. A copy that is changed keeps the number of the graph that it was made from.
  public internal(set) var version = 0

  /// Makes a graph without rows.
  public init(_ schema: Schema) {
    layout = schema.layout
    contents = Contents(
      tables: layout.tables.map { TableState($0) },
      links: layout.links.map { _ in Adjacency() })
  }

  /// The tables and links that versions of a graph share until one is changed.
  ///
  /// SAFETY: changed only through `mutable`, while one graph owns it.
  private final class Contents: @unchecked Sendable {
    var tables: [TableState]
    var links: [Adjacency]
    /// The deferred foreign keys that refer to no row; none in a graph that was published.
    var pending: PendingReferences

    init(tables: [TableState], links: [Adjacency], pending: PendingReferences = .init()) {
      self.tables = tables
      self.links = links
      self.pending = pending
    }
  }

  /// The schema, to be reflected upon.
  public var schema: Schema { Schema(layout: layout) }

  /// Whether two graphs are the same version, so that nothing was changed between them.
  func isSameVersion(as other: Graph) -> Bool { contents === other.contents }

  // MARK: Parts

  /// A table, to be read.
  func table(_ number: Int) -> TableState { contents.tables[number] }

  /// The links of an association table or foreign key, to be read.
  func links(_ number: Int) -> Adjacency { contents.links[number] }

  /// Reads the links without copying the adjacency.
  func withLinks<Result>(_ number: Int, _ body: (borrowing Adjacency) -> Result) -> Result {
    body(contents.links[number])
  }

  /// Changes a table, which this graph then owns alone.
  mutating func changeTable<Result, Failure: Error>(
    _ number: Int, _ change: (TableState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    own()
    if !isKnownUniquelyReferenced(&contents.tables[number]) {
      contents.tables[number] = contents.tables[number].copied()
    }
    return try change(contents.tables[number])
  }

  /// Changes the links of an association table or foreign key, and looks at no rule: what calls this
  /// has looked before.
  package mutating func changeLinks<Result>(
    _ number: Int, _ change: (inout Adjacency) -> Result
  ) -> Result {
    own()
    return change(&contents.links[number])
  }

  /// The deferred foreign keys that refer to no row so far.
  var pending: PendingReferences { contents.pending }

  /// Changes what deferred foreign keys wait for.
  mutating func changePending<Result>(_ change: (inout PendingReferences) -> Result) -> Result {
    own()
    return change(&contents.pending)
  }

  private mutating func own() {
    if !isKnownUniquelyReferenced(&contents) {
      contents = Contents(
        tables: contents.tables, links: contents.links, pending: contents.pending)
    }
  }

  // MARK: Slots

  /// The rows of a table.
  @usableFromInline
  func storage(_ number: Int) -> any RowStorage { contents.tables[number].rows }

  /// The rows of a type.
  @inlinable
  func rows<Record: Row>(of type: Record.Type, in number: Int) -> RowsOf<Record> {
    guard let rows = storage(number) as? RowsOf<Record> else {
      preconditionFailure("a table keeps rows of one type")
    }
    return rows
  }

  /// The slot of a row of a table, or nil if there is none with the key.
  @usableFromInline
  func slot(in number: Int, _ key: StoredValue) -> UInt32? {
    contents.tables[number].slot(ofKey: key)
  }

  /// The slot of a row, or nil if there is none with the key.
  @inlinable
  func slot<Record: Row>(of type: Record.Type, _ id: Record.ID) -> UInt32? {
    slot(in: layout.table(of: type), id.stored)
  }

  /// The slots of rows, ascending; keys that no row has are passed over.
  func slots<Record: Row>(
    of type: Record.Type, _ ids: some Sequence<Record.ID>
  ) -> [UInt32] {
    let table = table(layout.table(of: type))
    return SlotList.distinct(ids.compactMap { table.slot(ofKey: $0.stored) })
  }
}
