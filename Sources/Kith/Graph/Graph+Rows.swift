import KithCore

extension Graph {
  /// Inserts a row.
  ///
  /// - Throws: `GraphError.duplicateKey`, `.missingReference`, `.failedCheck` or `.tableFull`; then
  ///   nothing has changed.
  public mutating func insert<Record: Row>(_ row: Record) throws(GraphError) {
    try Record.check(row)
    let number = layout.table(of: Record.self)
    let values = Record.table.values(of: row)
    let key = row.id.stored
    try checkUniqueness(number, key: key, values, except: nil)
    let parents = try parents(number, values, selfKey: key)
    if table(number).slotEnd == 0 { Record.table.proveKey(of: row, values) }
    guard table(number).slotEnd < UInt32.max - 1 else {
      throw .tableFull(table: layout.tables[number].name)
    }
    let slot = changeTable(number) { table in
      guard let rows = table.rows as? RowsOf<Record> else {
        preconditionFailure("a table keeps rows of one type")
      }
      return table.enter(key, values) { rows.pages.set(row, at: $0) }
    }
    for (link, parent) in parents {
      changeLinks(link) { _ = $0.insert(slot, parent ?? slot) }
    }
    enterIndexes(number, slot, values)
  }

  /// Inserts rows, all of them or none.
  ///
  /// - Throws: What the first row that is refused throws; then nothing has changed.
  public mutating func insert<Record: Row>(
    contentsOf rows: some Sequence<Record>
  ) throws(GraphError) {
    let before = self
    do throws(GraphError) {
      for row in rows { try insert(row) }
    } catch {
      self = before
      throw error
    }
  }

  /// Changes a row.
  ///
  /// A new primary key carries the row's links along, and goes into the foreign keys that refer to
  /// it.
  ///
  /// - Returns: The row as it is now.
  /// - Throws: `GraphError.notFound`, or what `insert` throws, or what `change` throws; then
  ///   nothing has changed.
  @discardableResult
  public mutating func update<Record: Row>(
    _ type: Record.Type, _ id: Record.ID, _ change: (inout Record) throws -> Void
  ) throws -> Record {
    let number = layout.table(of: type)
    guard let slot = table(number).slot(ofKey: id.stored) else {
      throw GraphError.notFound(table: layout.tables[number].name, key: "\(id.stored)")
    }
    var row = rows(of: type, in: number).row(at: slot)
    try change(&row)
    try Record.check(row)
    let before = self
    do {
      try replace(
        number, slot,
        ReplacedRow(row: row, values: Record.table.values(of: row), key: row.id.stored))
    } catch {
      self = before
      throw error
    }
    return row
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
    let number = layout.table(of: type)
    guard let slot = table(number).slot(ofKey: id.stored) else { return false }
    try delete([(number, slot)])
    return true
  }

  /// Deletes the rows of a query.
  ///
  /// - Returns: How many rows the query had.
  /// - Throws: As for one row; then nothing has changed.
  @discardableResult
  public mutating func delete<Record: Row>(_ query: Query<Record>) throws(GraphError) -> Int {
    let doomed = self[Record.self, query.ids]
    let slots = doomed.slots
    try delete(slots.map { (layout.table(of: Record.self), $0) })
    return slots.count
  }

  // MARK: Checks

  private func checkUniqueness(
    _ number: Int, key: StoredValue, _ values: [StoredValue], except own: UInt32?
  ) throws(GraphError) {
    let info = layout.tables[number]
    let table = table(number)
    if let taken = table.slot(ofKey: key), taken != own {
      throw .duplicateKey(constraint: info.primaryKeyName, table: info.name, key: "\(key)")
    }
    for (column, described) in info.columns.enumerated()
    where described.isUnique && !values[column].isNull {
      if let taken = table.slot(ofUnique: values[column], in: column), taken != own {
        throw .duplicateKey(
          constraint: "uq_\(info.name)_\(described.name)", table: info.name,
          key: "\(values[column])")
      }
    }
  }

  /// The rows that a row's foreign keys refer to. A parent of nil is the row itself, which has no
  /// slot yet.
  private func parents(
    _ number: Int, _ values: [StoredValue], selfKey: StoredValue
  ) throws(GraphError) -> [(link: Int, parent: UInt32?)] {
    var parents: [(link: Int, parent: UInt32?)] = []
    for link in layout.tables[number].foreignKeys {
      let info = layout.links[link]
      guard let column = info.column, !values[column].isNull else { continue }
      if let parent = table(info.target).slot(ofKey: values[column]) {
        parents.append((link, parent))
      } else if info.target == number, values[column] == selfKey {
        parents.append((link, nil))
      } else {
        throw .missingReference(
          constraint: info.targetConstraint, table: info.tableName, key: "\(values[column])")
      }
    }
    return parents
  }

  // MARK: Updating

  /// Stores a changed row, moves its links and index entries, and hands a new key on to those who
  /// refer to it.
  private mutating func replace(
    _ number: Int, _ slot: UInt32, _ row: ReplacedRow
  ) throws(GraphError) {
    let oldKey = table(number).rows.key(at: slot)
    try checkUniqueness(number, key: row.key, row.values, except: slot)
    let parents = try parents(number, row.values, selfKey: row.key)
    leaveIndexes(number, slot)
    changeTable(number) { $0.replace(slot, with: row) }
    for link in layout.tables[number].foreignKeys {
      let parent = parents.first { $0.link == link }.map { $0.parent ?? slot }
      let old = links(link).targets(of: slot, .forward).first
      if old == parent { continue }
      changeLinks(link) { links in
        if let old { links.remove(slot, old) }
        if let parent { links.insert(slot, parent) }
      }
    }
    enterIndexes(number, slot, row.values)
    if oldKey != row.key { try renameReferences(to: slot, of: number, row.key) }
  }

  /// Puts a new key into all foreign keys that refer to a row: into all of one row's at once,
  /// because none of them may keep the old key.
  private mutating func renameReferences(
    to slot: UInt32, of number: Int, _ key: StoredValue
  ) throws(GraphError) {
    var columns: [RowPlace: [Int]] = [:]
    var order: [RowPlace] = []
    for link in layout.tables[number].referrers {
      let info = layout.links[link]
      guard let column = info.column else { continue }
      for child in links(link).targets(of: slot, .backward) {
        let place = RowPlace(table: info.source, slot: child)
        if columns[place] == nil { order.append(place) }
        columns[place, default: []].append(column)
      }
    }
    for place in order {
      let renamed = (columns[place] ?? []).map { ($0, key) }
      let row = try table(place.table).rows.replacing(renamed, at: place.slot)
      try replace(place.table, place.slot, row)
    }
  }

  // MARK: Deleting

  private mutating func delete(_ rows: [(table: Int, slot: UInt32)]) throws(GraphError) {
    var plan = DeletionPlan(self)
    for (table, slot) in rows { plan.add(table, slot) }
    try plan.follow()
    let before = self
    do throws(GraphError) {
      for orphan in plan.orphans {
        let replaced = try table(orphan.table).rows.replacing(
          orphan.columns.map { ($0, .null) }, at: orphan.slot)
        try replace(orphan.table, orphan.slot, replaced)
      }
    } catch {
      self = before
      throw error
    }
    let doomed = plan.doomed
    for (number, slot) in doomed { removeRow(number, slot) }
  }

  private mutating func removeRow(_ number: Int, _ slot: UInt32) {
    leaveIndexes(number, slot)
    let info = layout.tables[number]
    for (link, direction) in info.associations { removeLinks(link, of: slot, direction) }
    for link in info.foreignKeys { removeLinks(link, of: slot, .forward) }
    for link in info.referrers { removeLinks(link, of: slot, .backward) }
    changeTable(number) { $0.leave(slot) }
  }

  private mutating func removeLinks(_ link: Int, of slot: UInt32, _ direction: Direction) {
    if withLinks(link, { $0.count(of: slot, direction) == 0 }) { return }
    changeLinks(link) { $0.removeAll(of: slot, direction) }
  }

  // MARK: Ordered indexes

  private mutating func enterIndexes(_ number: Int, _ slot: UInt32, _ values: [StoredValue]) {
    for (position, index) in layout.tables[number].indexes.enumerated() {
      guard let parent = indexParent(index, slot) else { continue }
      changeTable(number) {
        $0.insert(slot, intoIndex: position, value: values[index.column], below: parent)
      }
    }
  }

  private mutating func leaveIndexes(_ number: Int, _ slot: UInt32) {
    for (position, index) in layout.tables[number].indexes.enumerated() {
      guard let parent = indexParent(index, slot) else { continue }
      changeTable(number) { $0.remove(slot, fromIndex: position, below: parent) }
    }
  }

  /// The parent below which an index keeps a row: slot 0 when all rows are one sequence.
  private func indexParent(_ index: IndexInfo, _ slot: UInt32) -> UInt32? {
    guard let link = index.parentLink else { return 0 }
    return withLinks(link) { links in
      links.forward.count(of: slot) == 0
        ? nil : links.forward.withView { $0.target(of: slot, at: 0) }
    }
  }
}
