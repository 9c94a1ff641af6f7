public import KithCore

extension Graph {
  /// Changes all rows of a query in one step. Which they are its own graph says; if that is another
  /// version, they are found here by their keys.
  ///
  /// Keys and unique values are compared when all rows have changed, so two rows may exchange
  /// theirs.
  ///
  /// - Returns: How many rows the query had.
  /// - Throws: What `insert` throws, or what `change` throws; then nothing has changed.
  @discardableResult
  @inlinable
  public mutating func update<Record: Row>(
    _ query: Query<Record>, _ change: (inout Record) throws -> Void
  ) throws -> Int {
    let number = try layout.listedTable(of: Record.self)
    let (slots, pages) = (ownSlots(of: query), rows(of: Record.self, in: number).view)
    var changed: [ChangedRow<Record>] = []
    var extent = ChangeExtent.nothing
    for slot in slots {
      var row = RowPages<Record>.row(at: slot, pages)
      let old = RowValues(row)
      try change(&row)
      let new = RowValues(row)
      if layout.testsRows(of: number) { try Record.test(row, new, layout, number) }
      let own = layout.extent(of: number, from: old, to: new)
      if own == .nothing { continue }
      changed.append(
        ChangedRow(slot: slot, row: row, values: own == .row ? nil : (old, new)))
      if own > extent { extent = own }
    }
    switch extent {
    case .nothing: break
    case .row, .indexes: try replaceEach(number, changed)
    case .links:
      try atomically { (graph) throws(GraphError) in try graph.replaceEach(number, changed) }
    case .keys:
      try replace(
        number,
        changed.map {
          ($0.slot, ReplacedRow(row: $0.row, values: $0.values?.new ?? RowValues($0.row)))
        })
    }
    return slots.count
  }

  /// Stores changed rows one after the other. None of them has another key or unique value than before, so
  /// it is the same as in one step: what one row refers to, or may be, does not depend on the others.
  ///
  /// - Throws: What a changed foreign key is refused for; then some rows have changed.
  @inlinable
  mutating func replaceEach<Record: Row>(
    _ number: Int, _ rows: [ChangedRow<Record>]
  ) throws(GraphError) {
    for changed in rows {
      let store = { (rows: any RowStorage, slot: UInt32) in
        RowsOf<Record>.of(rows).set(changed.row, at: slot)
      }
      if let (old, new) = changed.values {
        try replace(number, changed.slot, from: old, to: new, store: store)
      } else {
        put(number, changed.slot, store)
      }
    }
  }

  /// Stores a changed row of which no index, link or key has to know.
  @usableFromInline
  mutating func put(
    _ number: Int, _ slot: UInt32, _ store: (any RowStorage, UInt32) -> PageTreeView
  ) {
    changeTable(number) { $0.put(slot, store) }
  }
}

/// A row that was changed and tested, not yet stored.
@usableFromInline
struct ChangedRow<Record: Row> {
  @usableFromInline let slot: UInt32
  @usableFromInline let row: Record
  /// What the row came down to, and what it comes down to; nil if only the row itself has changed.
  @usableFromInline let values: (old: RowValues, new: RowValues)?

  @inlinable
  init(slot: UInt32, row: Record, values: (old: RowValues, new: RowValues)?) {
    self.slot = slot
    self.row = row
    self.values = values
  }
}

/// How far a change of a row's columns is felt, from what is felt least to what is felt most.
@usableFromInline
enum ChangeExtent: Int, Comparable, Sendable {
  case nothing
  /// By the row alone.
  case row
  /// By its places in indexes.
  case indexes
  /// By its foreign keys' links, which may be refused.
  case links
  /// By its key or unique values, which other rows may have, or refer to.
  case keys

  @usableFromInline
  static func < (left: ChangeExtent, right: ChangeExtent) -> Bool { left.rawValue < right.rawValue }

  /// The extents of changes of a table's columns.
  static func ofColumns(_ table: TableInfo, _ links: [LinkInfo]) -> [ChangeExtent] {
    var extents = [ChangeExtent](repeating: .row, count: table.columns.count)
    for column in table.indexes.flatMap(\.columns) { extents[column] = .indexes }
    for case let column? in table.foreignKeys.map({ links[$0].column }) { extents[column] = .links }
    for column in table.primaryKey + table.uniques.flatMap(\.columns) { extents[column] = .keys }
    return extents
  }
}

extension SchemaLayout {
  /// How far a change of a row is felt.
  @usableFromInline
  func extent(of table: Int, from old: RowValues, to new: RowValues) -> ChangeExtent {
    var extent = ChangeExtent.nothing
    for (column, columnExtent) in extents[table].enumerated()
    where columnExtent > extent && !new.columns[column].isIdentical(to: old.columns[column]) {
      extent = columnExtent
    }
    return extent > .nothing && new.key != old.key ? .keys : extent
  }
}
