public import KithCore

/// The rows of one table, for those who don't know their type.
@usableFromInline
protocol RowStorage: AnyObject, Sendable {
  /// The same rows, independent of this object. O(1).
  func copied() -> any RowStorage
  /// The rows at some slots, at the slots from 0 on.
  func gathered(at slots: [UInt32]) -> any RowStorage
  /// Calls `body` with the slots at which a row lives in this version or in another, among which are
  /// all that differ.
  func forEachChangedSlot(since old: any RowStorage, _ body: (UInt32) -> Void)
  /// What is wrong with the row at a slot by the rules of its table, or nil.
  func fault(at slot: UInt32, _ info: Frozen<TableInfo>) -> GraphError?
  /// Makes the row that comes down to some values, each of which a row of the table or its parent has,
  /// and tests it against its table's rules.
  func remade(_ values: RowValues, _ info: Frozen<TableInfo>) throws(GraphError) -> ReplacedRow
  /// Makes a row of the values of its columns, tested against its table's rules; nil if a value is
  /// none of its column's type.
  func makeRow(
    _ values: [StoredValue], _ info: Frozen<TableInfo>
  ) throws(GraphError) -> ReplacedRow?
  /// Puts a row at a slot, and tells where the rows lie then.
  func commit(_ row: ReplacedRow, at slot: UInt32) -> PageTreeView
  /// Takes the row at a slot away, and tells where the rows lie then.
  func remove(at slot: UInt32) -> PageTreeView
  /// Finds where rows lie, until one is changed.
  var view: PageTreeView { get }
  var copies: Int { get }
  var byteCount: Int { get }
}

/// What a row comes down to: its primary key, and the values of its columns in their order.
@usableFromInline
struct RowValues {
  @usableFromInline let key: StoredValue
  let columns: [StoredValue]

  @inlinable
  init<Record: Row>(_ row: Record) {
    self.init(key: row.id.stored, columns: Record.table.values(of: row))
  }

  @usableFromInline
  init(key: StoredValue, columns: [StoredValue]) {
    self.key = key
    self.columns = columns
  }
}

/// A row that was tested against its table's rules, not yet stored.
@usableFromInline
struct ReplacedRow {
  let row: any Row
  let values: RowValues

  @usableFromInline
  init(row: any Row, values: RowValues) {
    self.row = row
    self.values = values
  }
}

/// The rows of one type.
///
/// Reached through a `TableState`, which is changed only while one graph owns it.
@usableFromInline
final class RowsOf<Record: Row>: RowStorage, Sendable {
  @usableFromInline let cell: Cell<Void, RowPages<Record>>

  init(_ pages: RowPages<Record> = RowPages()) {
    cell = Cell(pages)
  }

  @inlinable
  var pages: RowPages<Record> {
    @inline(__always)
    _read { yield cell.value }
    @inline(__always)
    _modify { yield &cell.value }
  }

  /// The rows of a table, whose type the caller knows.
  @inlinable
  static func of(_ rows: any RowStorage) -> RowsOf<Record> {
    guard let rows = rows as? RowsOf<Record> else {
      preconditionFailure("a table keeps rows of one type")
    }
    return rows
  }

  @usableFromInline
  func copied() -> any RowStorage {
    RowsOf(pages)
  }

  @usableFromInline
  func gathered(at slots: [UInt32]) -> any RowStorage {
    var gathered = RowPages<Record>()
    for (number, slot) in slots.enumerated() {
      gathered.set(row(at: slot), at: UInt32(number))
    }
    return RowsOf(gathered)
  }

  /// The row at a slot, which must live.
  @inlinable
  func row(at slot: UInt32) -> Record {
    // The tree knows no type: where that of the row is generic, none has to be looked up.
    let tree = pages.tree
    defer { withExtendedLifetime(tree) {} }
    return RowPages.row(at: slot, tree.view)
  }

  @usableFromInline
  func forEachChangedSlot(since old: any RowStorage, _ body: (UInt32) -> Void) {
    guard let old = old as? RowsOf<Record> else {
      preconditionFailure("versions of one table are compared")
    }
    pages.forEachChangedSlot(since: old.pages, body)
  }

  @usableFromInline
  func fault(at slot: UInt32, _ info: Frozen<TableInfo>) -> GraphError? {
    if info.checkNames.isEmpty, info.limits.isEmpty { return nil }
    do throws(GraphError) {
      _ = try Record.checked(row(at: slot), info)
      return nil
    } catch {
      return error
    }
  }

  @usableFromInline
  func remade(_ values: RowValues, _ info: Frozen<TableInfo>) throws(GraphError) -> ReplacedRow {
    guard let row = Record.table.make(values.columns) else {
      preconditionFailure("\(info.name) can't be rebuilt from its columns' values")
    }
    // What the row says counts, should its initializer have changed a value.
    return try Record.checked(row, info)
  }

  @usableFromInline
  func makeRow(
    _ values: [StoredValue], _ info: Frozen<TableInfo>
  ) throws(GraphError) -> ReplacedRow? {
    guard let row = Record.table.make(values) else { return nil }
    return try Record.checked(row, info)
  }

  /// Stores a row at a slot, in place of the one that lives there, and tells where the rows lie then.
  @inlinable
  func set(_ row: Record, at slot: UInt32) -> PageTreeView {
    pages.set(row, at: slot)
    return pages.view
  }

  @usableFromInline
  func commit(_ row: ReplacedRow, at slot: UInt32) -> PageTreeView {
    guard let row = row.row as? Record else {
      preconditionFailure("a row goes back to the table that it came from")
    }
    return set(row, at: slot)
  }

  @usableFromInline
  func remove(at slot: UInt32) -> PageTreeView {
    pages.remove(at: slot)
    return pages.view
  }

  @usableFromInline
  var view: PageTreeView { pages.view }
  @usableFromInline
  var copies: Int { pages.copies }
  @usableFromInline
  var byteCount: Int { pages.byteCount }
}

extension Row {
  /// A row that keeps the rules that its table tests without looking at other rows.
  static func checked(_ row: Self, _ info: Frozen<TableInfo>) throws(GraphError) -> ReplacedRow {
    let values = RowValues(row)
    try test(row, values, info)
    return ReplacedRow(row: row, values: values)
  }

  /// Tests a row against the rules that its table tests without looking at other rows.
  @usableFromInline
  static func test(
    _ row: Self, _ values: RowValues, _ layout: SchemaLayout, _ number: Int
  ) throws(GraphError) {
    try test(row, values, layout.tables[number])
  }

  private static func test(
    _ row: Self, _ values: RowValues, _ info: Frozen<TableInfo>
  ) throws(GraphError) {
    for (column, name, limit) in info.limits where values.columns[column].isLonger(than: limit) {
      throw .valueTooLong(
        constraint: name, table: info.name, key: "\(info.columns[column].name) of \(values.key)",
        limit: limit)
    }
    // Most tables have no checks; then their array is not looked at, which costs as much as a look-up.
    if info.checkNames.isEmpty { return }
    let (checks, names) = (table.checks, info.checkNames)
    let fault = LentRow.lend(row) { lent -> (name: String, key: String)? in
      for index in names.indices {
        if let fault = checks[index].fault(row, lent) { return (names[index], fault) }
      }
      return nil
    }
    if let fault {
      throw .failedCheck(constraint: fault.name, table: info.name, key: fault.key)
    }
  }

  /// Proves the declaration of a table by a row: its columns say all that the row holds, in the order
  /// of the initializer's parameters, and its primary key is what `id` says.
  ///
  /// - Throws: `GraphError.schemaFaults`.
  @usableFromInline
  static func prove(_ row: Self, _ values: RowValues) throws(GraphError) {
    let columns = values.columns
    let parts = table.primaryKey.compactMap { table.columnIndex(of: $0) }.map { columns[$0] }
    guard values.key == .key(parts) else {
      throw .schemaFaults([
        "the id of \(table.name) is \(values.key), and its primary key columns store "
          + "\(StoredValue.key(parts)): name the columns that make up the id with primaryKey(…)"
      ])
    }
    let copy = table.make(columns).map { table.values(of: $0) }
    for (index, column) in table.columns.enumerated() where copy?[index] != columns[index] {
      throw .schemaFaults([
        "\(table.name) does not come back from its columns: \(column.name) was "
          + "\(columns[index]) and became \(copy?[index].description ?? "nothing"). List the "
          + "columns in the order of the initializer's parameters"
      ])
    }
  }
}
