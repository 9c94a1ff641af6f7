public import KithCore

extension Graph {
  /// Inserts a row.
  ///
  /// - Throws: `GraphError.duplicateKey`, `.missingReference`, `.failedCheck`, `.valueTooLong` or
  ///   `.tableFull`, or `.schemaFaults` if the schema does not list the table; then nothing has changed.
  @inlinable
  public mutating func insert<Record: Row>(_ row: Record) throws(GraphError) {
    // Only what knows the type of the row is compiled for it, into the client.
    let number = try layout.listedTable(of: Record.self)
    let values = RowValues(row)
    if layout.testsRows(of: number) { try Record.test(row, values, layout, number) }
    let references = try admit(values, to: number)
    if isUnproven(number) { try Record.prove(row, values) }
    enter(values, references, into: number) { rows, slot in
      RowsOf<Record>.of(rows).set(row, at: slot)
    }
  }

  /// Inserts rows, all of them or none.
  ///
  /// - Throws: What the first row that is refused throws; then nothing has changed.
  @inlinable
  public mutating func insert<Record: Row>(
    contentsOf rows: some Sequence<Record>
  ) throws(GraphError) {
    try atomically { (graph) throws(GraphError) in
      for row in rows { try graph.insert(row) }
    }
  }

  /// Inserts a row under the next integer key: one more than the largest that the table ever had,
  /// or 1 in a table that never had any.
  ///
  /// ```swift
  /// let post = try graph.insert { id in Post(id: id, author: 1, text: "Hello", createdAt: .now) }
  /// ```
  ///
  /// - Parameter make: Makes the row; its `id` is the key that it is given.
  /// - Returns: The row.
  /// - Throws: What `insert` throws, or what `make` throws; `GraphError.schemaFaults` if primary keys are
  ///   no integers, and `.failedCheck` if the row that `make` makes has another key. Then nothing has
  ///   changed.
  @discardableResult
  public mutating func insert<Record: Row>(
    _ make: (_ id: Record.ID) throws -> Record
  ) throws -> Record {
    let id = try nextKey(of: Record.self)
    let row = try make(id)
    if row.id != id {
      let info = layout.tables[layout.table(of: Record.self)]
      throw GraphError.failedCheck(
        constraint: info.primaryKeyName, table: info.name, key: "\(row.id.stored)")
    }
    try insert(row)
    return row
  }

  /// Inserts a row, or puts it in the place of the one that has its primary key. If all columns have
  /// the values that they had, to the last bit, nothing changes.
  ///
  /// - Returns: True if the row is new.
  /// - Throws: What `insert` throws; then nothing has changed.
  @discardableResult
  @inlinable
  public mutating func upsert<Record: Row>(_ row: Record) throws(GraphError) -> Bool {
    let number = try layout.listedTable(of: Record.self)
    guard let slot = slot(in: number, row.id) else {
      try insert(row)
      return true
    }
    let old = RowValues(rows(of: Record.self, in: number).row(at: slot))
    try replace(number, slot, old, with: row)
    return false
  }

  /// Changes a row.
  ///
  /// A new primary key carries the row's links along, and goes into the foreign keys that refer to
  /// it. If all columns keep their values, to the last bit, nothing changes.
  ///
  /// - Returns: The row as it is now.
  /// - Throws: `GraphError.notFound`, or what `insert` throws, or what `change` throws; then
  ///   nothing has changed.
  @discardableResult
  @inlinable
  public mutating func update<Record: Row>(
    _ type: Record.Type, _ id: Record.ID, _ change: (inout Record) throws -> Void
  ) throws -> Record {
    let number = try layout.listedTable(of: type)
    guard let slot = slot(in: number, id) else { throw notFound(number, id.stored) }
    var row = rows(of: type, in: number).row(at: slot)
    let old = RowValues(row)
    try change(&row)
    try replace(number, slot, old, with: row)
    return row
  }

  /// Puts a row, which its table's rules have not tested yet, in the place of the one at a slot.
  @inlinable
  mutating func replace<Record: Row>(
    _ number: Int, _ slot: UInt32, _ old: RowValues, with row: Record
  ) throws(GraphError) {
    let new = RowValues(row)
    if layout.testsRows(of: number) { try Record.test(row, new, layout, number) }
    if new.key != old.key {
      return try replace(number, [(slot, ReplacedRow(row: row, values: new))])
    }
    try replace(number, slot, from: old, to: new) { rows, slot in
      RowsOf<Record>.of(rows).set(row, at: slot)
    }
  }

  /// Deletes a row, and what its referrers' rules say goes with it, in one step.
  ///
  /// - Returns: False if there was no such row; then nothing has changed.
  /// - Throws: `GraphError.restrictedDelete`, or `.failedCheck` or `.duplicateKey` if a row can't
  ///   do without its foreign key; then nothing has changed.
  /// - Complexity: O(*d* log *n*), where *d* is the number of rows and links that go.
  @discardableResult
  public mutating func delete<Record: Row>(
    _ type: Record.Type, _ id: Record.ID
  ) throws(GraphError) -> Bool {
    let number = try layout.listedTable(of: type)
    guard let slot = table(number).slot(ofKey: id.stored) else { return false }
    try delete(number, slot)
    return true
  }

  /// Deletes the rows of a query. Which they are its own graph says; if that is another version, they
  /// are found here by their keys.
  ///
  /// - Returns: How many rows the query had.
  /// - Throws: As for one row; then nothing has changed.
  @discardableResult
  public mutating func delete<Record: Row>(_ query: Query<Record>) throws(GraphError) -> Int {
    let number = try layout.listedTable(of: Record.self)
    let slots = ownSlots(of: query)
    try delete(slots.map { (number, $0) })
    return slots.count
  }

  /// The slots that the rows of a query have in this graph, which may have changed since the query
  /// was made.
  @usableFromInline
  func ownSlots<Record: Row>(of query: Query<Record>) -> [UInt32] {
    isSameVersion(as: query.graph) ? query.slots : self[Record.self, query.ids].slots
  }

  // MARK: A new row

  /// Refuses a new row that other rows forbid, and tells what its foreign keys refer to.
  @usableFromInline
  func admit(_ row: RowValues, to number: Int) throws(GraphError) -> [Reference] {
    try checkUniqueness(number, row, except: nil)
    let references = try resolveAll(number, row)
    if table(number).isFull { throw .tableFull(table: layout.tables[number].name) }
    return references
  }

  /// Whether a table has had so few rows that the next one still proves its declaration.
  @usableFromInline
  func isUnproven(_ number: Int) -> Bool { table(number).slotEnd < TableInfo.provenRows }

  /// Stores a row that was admitted, and enters it wherever its table is looked up.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  @usableFromInline
  mutating func enter(
    _ row: RowValues, _ references: [Reference], into number: Int,
    store: (any RowStorage, UInt32) -> PageTreeView
  ) {
    let slot = changeTable(number) { $0.enter(row, store: store) }
    for reference in references { relink(slot, reference) }
    enterIndexes(number, slot, row.columns)
    adoptChildren(of: number, slot, row.key)
  }

  /// One more than the largest integer that was ever a key of a table.
  private func nextKey<Record: Row>(of type: Record.Type) throws(GraphError) -> Record.ID {
    let number = try layout.listedTable(of: type)
    let next: StoredValue? =
      switch (table(number).largestKey, Record.ID.storedKind) {
      case (.integer(let largest), _): largest == .max ? nil : .integer(largest + 1)
      case (.unsigned(let largest), _): largest == .max ? nil : .unsigned(largest + 1)
      case (_, .integer): .integer(1)
      case (_, .unsigned): .unsigned(1)
      default:
        let name = layout.tables[number].name
        throw .schemaFaults(["\(name) has no next key: its keys are no integers"])
      }
    guard let next, let id = Record.ID(next) else {
      throw .tableFull(table: layout.tables[number].name)
    }
    return id
  }

  /// Makes changes that are undone when one of them throws.
  @inlinable
  mutating func atomically(
    _ changes: (inout Graph) throws(GraphError) -> Void
  ) throws(GraphError) {
    let before = self
    do throws(GraphError) {
      try changes(&self)
    } catch {
      self = before
      throw error
    }
  }
}
