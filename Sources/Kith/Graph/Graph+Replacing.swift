public import KithCore

extension Graph {
  /// Refuses a row whose key or unique values another row has.
  ///
  /// - Parameter own: The slot of the row, if it has one.
  func checkUniqueness(
    _ number: Int, _ row: RowValues, except own: UInt32?
  ) throws(GraphError) {
    let info = layout.tables[number]
    let table = table(number)
    if let taken = table.slot(ofKey: row.key), taken != own {
      throw .duplicateKey(constraint: info.primaryKeyName, table: info.name, key: "\(row.key)")
    }
    for (index, unique) in info.uniques.enumerated() {
      try checkUniqueness(number, unique.value(of: row.columns), in: index, unique, except: own)
    }
  }

  private func checkUniqueness(
    _ number: Int, _ value: StoredValue, in index: Int, _ unique: UniqueInfo, except own: UInt32?
  ) throws(GraphError) {
    if value.isNull { return }
    guard let taken = table(number).slot(ofUnique: value, in: index), taken != own else { return }
    throw .duplicateKey(
      constraint: unique.name, table: layout.tables[number].name, key: "\(value)")
  }

  /// Stores a changed row that keeps its key, and moves its links and index entries, or changes
  /// nothing: if it is refused, or the same as before.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  @usableFromInline
  mutating func replace(
    _ number: Int, _ slot: UInt32, from old: RowValues, to new: RowValues,
    store: (any RowStorage, UInt32) -> PageTreeView
  ) throws(GraphError) {
    if new.columns.isIdentical(to: old.columns) { return }
    try checkUniqueness(number, slot, from: old, to: new)
    let links = changedForeignKeys(number, old, new)
    let references = try links.map { (link) throws(GraphError) in try resolve(link, new) }
    // Nothing can be refused after these checks, so nothing has to be kept to go back to.
    let indexes = changedIndexes(number, old, new, links)
    leaveIndexes(number, slot, indexes)
    for link in links { forgetPending(link, slot) }
    changeTable(number) { table in
      table.releaseKeys(slot, from: old, to: new)
      table.replace(slot, from: old, to: new, store: store)
    }
    for reference in references { relink(slot, reference) }
    enterIndexes(number, slot, new.columns, indexes)
  }

  /// Refuses a change of a row to unique values that another row has.
  private func checkUniqueness(
    _ number: Int, _ slot: UInt32, from old: RowValues, to new: RowValues
  ) throws(GraphError) {
    for (index, unique) in layout.tables[number].uniques.enumerated() {
      let value = unique.value(of: new.columns)
      if value == unique.value(of: old.columns) { continue }
      try checkUniqueness(number, value, in: index, unique, except: slot)
    }
  }

  /// Stores changed rows of one table, moves their links and index entries, and hands new keys on
  /// to those who refer to them; all or nothing.
  @usableFromInline
  mutating func replace(
    _ number: Int, _ rows: [(slot: UInt32, row: ReplacedRow)]
  ) throws(GraphError) {
    var (rows, old) = (rows, rowValues(number, at: rows.map(\.slot)))
    let changed = rows.indices.filter {
      !rows[$0].row.values.columns.isIdentical(to: old[$0].columns)
    }
    if changed.isEmpty { return }
    (rows, old) = (changed.map { rows[$0] }, changed.map { old[$0] })
    if rows.count == 1, old[0].key == rows[0].row.values.key {
      let (slot, row) = rows[0]
      return try replace(number, slot, from: old[0], to: row.values) { $0.commit(row, at: $1) }
    }
    try atomically { (graph) throws(GraphError) in try graph.replaceNow(number, rows, old) }
  }

  /// What rows of a table come down to. The table is not held when this returns: to change one that is
  /// held would copy what it changes.
  private func rowValues(_ number: Int, at slots: [UInt32]) -> [RowValues] {
    let table = table(number)
    return slots.map { table.rowValues(at: $0) }
  }

  /// Rows of a table with other values in some columns, tested against its rules, and what they come
  /// down to as they are. The table is not held when this returns.
  func remade(
    _ changes: [(slot: UInt32, values: [(column: Int, value: StoredValue)])], of number: Int
  ) throws(GraphError) -> (rows: [(slot: UInt32, row: ReplacedRow)], old: [RowValues]) {
    let (table, info) = (table(number), layout.tables[number])
    let old = changes.map { table.rowValues(at: $0.slot) }
    var rows: [(slot: UInt32, row: ReplacedRow)] = []
    rows.reserveCapacity(changes.count)
    for (change, old) in zip(changes, old) {
      var columns = old.columns
      for (column, value) in change.values { columns[column] = value }
      let keeps = !change.values.contains { info.value.primaryKey.contains($0.column) }
      let key = keeps ? old.key : .key(info.value.primaryKey.map { columns[$0] })
      rows.append((change.slot, try table.rows.remade(RowValues(key: key, columns: columns), info)))
    }
    return (rows, old)
  }

  /// Stores changed rows of one table, which may leave a part of them stored when it throws.
  ///
  /// - Parameters:
  ///   - old: What the rows come down to as they are.
  ///   - renamed: Foreign keys whose links stay, because the rows that they lead to have other keys.
  mutating func replaceNow(
    _ number: Int, _ rows: [(slot: UInt32, row: ReplacedRow)], _ old: [RowValues],
    renaming renamed: Set<Int> = []
  ) throws(GraphError) {
    let moved = rows.indices.map { index in
      changedForeignKeys(number, old[index], rows[index].row.values).filter {
        !renamed.contains($0)
      }
    }
    let reordered = rows.indices.map { index in
      changedIndexes(number, old[index], rows[index].row.values, moved[index])
    }
    for (index, (slot, row)) in rows.enumerated() {
      leaveIndexes(number, slot, reordered[index])
      for link in moved[index] { forgetPending(link, slot) }
      changeTable(number) { $0.releaseKeys(slot, from: old[index], to: row.values) }
    }
    for (index, (slot, row)) in rows.enumerated() {
      try checkUniqueness(number, row.values, except: slot)
      changeTable(number) { table in
        table.replace(slot, from: old[index], to: row.values) { $0.commit(row, at: $1) }
      }
    }
    for (index, (slot, row)) in rows.enumerated() {
      for link in moved[index] { relink(slot, try resolve(link, row.values)) }
    }
    for (index, (slot, row)) in rows.enumerated() {
      enterIndexes(number, slot, row.values.columns, reordered[index])
    }
    let rekeyed = rows.indices.filter { old[$0].key != rows[$0].row.values.key }.map { rows[$0] }
    if rekeyed.isEmpty { return }
    try renameReferences(to: rekeyed, of: number)
    for (slot, row) in rekeyed { adoptChildren(of: number, slot, row.values.key) }
  }

  /// The foreign keys of a row that a change gives another value.
  private func changedForeignKeys(_ number: Int, _ old: RowValues, _ new: RowValues) -> [Int] {
    layout.tables[number].foreignKeys.filter { link in
      guard let column = layout.links[link].column else { return false }
      return old.columns[column] != new.columns[column]
    }
  }

  /// The indexes that keep a row elsewhere after a change of its values, and of some foreign keys'
  /// links.
  private func changedIndexes(
    _ number: Int, _ old: RowValues, _ new: RowValues, _ moved: [Int]
  ) -> [Int] {
    let indexes = layout.tables[number].indexes
    return indexes.indices.filter { position in
      let index = indexes[position]
      if let link = index.parentLink, moved.contains(link) { return true }
      return index.ordering.contains { old.columns[$0] != new.columns[$0] }
    }
  }

  /// Puts new keys into all foreign keys that refer to some rows: into all of one table's at once,
  /// because none of them may keep the old key, and one row may get the key that another loses.
  private mutating func renameReferences(
    to parents: [(slot: UInt32, row: ReplacedRow)], of number: Int
  ) throws(GraphError) {
    var renamed: [RowPlace: [(column: Int, value: StoredValue)]] = [:]
    var order: [RowPlace] = []
    var links: Set<Int> = []
    for (slot, row) in parents {
      for link in layout.tables[number].referrers {
        let info = layout.links[link]
        guard let column = info.column else { continue }
        for child in self.links(link).targets(of: slot, .backward) {
          let place = RowPlace(table: info.source, slot: child)
          if renamed[place] == nil { order.append(place) }
          renamed[place, default: []].append((column, row.values.key))
          links.insert(link)
        }
      }
    }
    for table in layout.tables.indices {
      let places = order.filter { $0.table == table }
      if places.isEmpty { continue }
      let (rows, old) = try remade(places.map { ($0.slot, renamed[$0] ?? []) }, of: table)
      try replaceNow(table, rows, old, renaming: links)
    }
  }

  // MARK: References

  /// What a foreign key of a row refers to.
  @usableFromInline
  enum Reference {
    /// Nothing: the column is empty.
    case nothing(link: Int)
    case row(link: Int, UInt32)
    /// The row itself, which may have no slot yet.
    case itself(link: Int)
    /// A row that must be there by the end of the write.
    case pending(link: Int, StoredValue)
  }

  /// What all foreign keys of a row refer to.
  func resolveAll(_ number: Int, _ row: RowValues) throws(GraphError) -> [Reference] {
    try layout.tables[number].foreignKeys.map { (link) throws(GraphError) in
      try resolve(link, row)
    }
  }

  /// What a foreign key of a row refers to.
  ///
  /// - Throws: `GraphError.missingReference` unless the foreign key is deferred.
  private func resolve(_ link: Int, _ row: RowValues) throws(GraphError) -> Reference {
    let info = layout.links[link]
    guard let column = info.column, !row.columns[column].isNull else { return .nothing(link: link) }
    let key = row.columns[column]
    if let parent = table(info.target).slot(ofKey: key) { return .row(link: link, parent) }
    if info.target == info.source, key == row.key { return .itself(link: link) }
    if info.isDeferred { return .pending(link: link, key) }
    throw .missingReference(
      constraint: info.targetConstraint, table: info.tableName, key: "\(key)")
  }

  /// Links a stored row to what a foreign key refers to by now, and to nothing else.
  mutating func relink(_ slot: UInt32, _ reference: Reference) {
    switch reference {
    case .nothing(let link): relink(link, slot, to: nil)
    case .row(let link, let parent): relink(link, slot, to: parent)
    case .itself(let link): relink(link, slot, to: slot)
    case .pending(let link, let key):
      relink(link, slot, to: nil)
      awaitParent(link, slot, key)
    }
  }

  private mutating func relink(_ link: Int, _ slot: UInt32, to parent: UInt32?) {
    let old = self.parent(link, of: slot)
    if old == parent { return }
    changeLinks(link) { links in
      if let old { links.remove(slot, old) }
      if let parent { links.insert(slot, parent) }
    }
  }

  // MARK: Indexes

  /// Enters a stored row into its table's indexes, or into some of them.
  mutating func enterIndexes(
    _ number: Int, _ slot: UInt32, _ row: [StoredValue], _ positions: [Int]? = nil
  ) {
    for (position, index) in layout.tables[number].indexes.enumerated()
    where positions?.contains(position) ?? true {
      guard let parent = indexParent(index, slot) else { continue }
      changeTable(number) { $0.insert(slot, row, into: position, index, below: parent) }
    }
  }

  /// Changes the links of a stored row, which say where its table's indexes keep it.
  mutating func moveInIndexes(_ number: Int, _ slot: UInt32, _ relink: (inout Graph) -> Void) {
    leaveIndexes(number, slot)
    relink(&self)
    enterIndexes(number, slot, table(number).values(at: slot))
  }

  /// Takes a stored row out of its table's indexes, or out of some of them.
  mutating func leaveIndexes(_ number: Int, _ slot: UInt32, _ positions: [Int]? = nil) {
    for (position, index) in layout.tables[number].indexes.enumerated()
    where positions?.contains(position) ?? true {
      guard let parent = indexParent(index, slot) else { continue }
      changeTable(number) { $0.remove(slot, from: position, index, below: parent) }
    }
  }

  /// The parent below which an index keeps a row: slot 0 when all rows are one sequence.
  private func indexParent(_ index: IndexInfo, _ slot: UInt32) -> UInt32? {
    guard let link = index.parentLink else { return 0 }
    return parent(link, of: slot)
  }
}
