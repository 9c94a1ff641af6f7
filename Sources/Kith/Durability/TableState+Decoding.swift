import KithCore

extension TableState {
  /// Makes a table of stored columns, all rows at once; its ordered indexes are built later.
  ///
  /// - Parameter rows: The rows, if they need not be made.
  /// - Throws: Damage if a value can't be read, or two rows have one key or one unique value;
  ///   `FormatFault.otherSchema` if a value is none of its column's type, or a row breaks a rule.
  init(
    _ info: Frozen<TableInfo>, _ geometry: Geometry, decoding table: StoredTable,
    rows: (any RowStorage)?
  ) throws(FormatFault) {
    self.init(info, geometry)
    if table.count == 0, table.largestKey.isNull { return }
    var parts = shared.value
    if let rows { parts.rows = rows } else { parts.rows = try info.decodeRows(table, info) }
    parts.places = parts.rows.view
    parts.count = table.count
    parts.slotEnd = UInt32(table.count)
    try enterKeys(of: table, info, &parts)
    for index in parts.uniqueIndexes.indices { try enterUnique(index, table, info, &parts) }
    shared.value = parts
  }

  /// Remembers a key as the largest that there was, unless a larger one is remembered.
  mutating func raiseLargestKey(to key: StoredValue) {
    shared.value.largestKey = largestKey.map { max($0, key) } ?? key
  }

  private func enterKeys(
    of table: StoredTable, _ info: Frozen<TableInfo>, _ parts: inout Parts
  ) throws(FormatFault) {
    if let column = TableState.rankedKeys(of: table, info) {
      try enterRanks(column, table, info, &parts)
    } else {
      try enterValues(table, info, &parts)
    }
    if !table.largestKey.isNull {
      let fault = parts.largestKey.flatMap { table.largestKey.fault(asLargest: $0, of: info.name) }
      if let fault { throw .damaged(offset: table.offset, fault) }
      parts.largestKey = table.largestKey
    }
  }

  /// The column of keys that have ranks and can be entered at once.
  private static func rankedKeys(
    of table: StoredTable, _ info: Frozen<TableInfo>
  ) -> ColumnReader? {
    guard table.count > 0, info.primaryKey.count == 1 else { return nil }
    let column = table.columns[info.primaryKey[0]]
    return column.hasRanks && !column.isNullable ? column : nil
  }

  /// Enters keys that have ranks.
  private func enterRanks(
    _ column: ColumnReader, _ table: StoredTable, _ info: Frozen<TableInfo>, _ parts: inout Parts
  ) throws(FormatFault) {
    let ranks = column.ranks()
    if let slot = parts.rankedKeys.insert(contentsOf: ranks) {
      throw table.repeated(
        try column.value(of: slot), info.primaryKeyName, info)
    }
    var largest = 0
    for slot in 1..<ranks.count {
      if ranks[slot - 1] >= ranks[slot] { parts.keysAscend = false }
      if ranks[slot] > ranks[largest] { largest = slot }
    }
    parts.lastKey = try column.value(of: ranks.count - 1)
    parts.largestKey = try column.value(of: largest)
  }

  /// Enters keys of every kind, one by one.
  private func enterValues(
    _ table: StoredTable, _ info: Frozen<TableInfo>, _ parts: inout Parts
  ) throws(FormatFault) {
    var columns = info.primaryKey.map { table.columns[$0] }
    let (rows, stored) = (parts.places, info.value.reader)
    for slot in 0..<UInt32(table.count) {
      let key = try columns.count == 1 ? columns[0].next() : .key(columns.next())
      let ascends = parts.lastKey.map { $0 < key } ?? true
      // As long as keys ascend none can be there twice.
      if !ascends { parts.keysAscend = false }
      let isTaken: Bool
      if keysRank {
        isTaken = !parts.keysAscend && parts.rankedKeys.find(key.rank) != nil
        if !isTaken { parts.rankedKeys.insert(slot, rank: key.rank) }
        parts.largestKey = parts.largestKey.map { max($0, key) } ?? key
      } else {
        isTaken = enter(key, slot, &parts.comparedKeys, shared.header.keySeed) {
          stored.key(at: $0, in: rows)
        }
      }
      if isTaken { throw table.repeated(key, info.primaryKeyName, info) }
      parts.lastKey = key
    }
  }

  private func enterUnique(
    _ index: Int, _ table: StoredTable, _ info: Frozen<TableInfo>, _ parts: inout Parts
  ) throws(FormatFault) {
    let unique = parts.uniqueIndexes[index]
    var entries = unique.index
    let (rows, stored) = (parts.places, info.value.reader)
    // Rows share their texts, which the columns would have to make once more.
    func value(at slot: UInt32) -> StoredValue {
      unique.info.value { stored.value(of: $0, at: slot, in: rows) }
    }
    for slot in 0..<UInt32(table.count) {
      let entry = value(at: slot)
      if !entry.isNull, enter(entry, slot, &entries, unique.seed, value(at:)) {
        throw table.repeated(entry, unique.info.name, info)
      }
    }
    parts.uniqueIndexes[index].index = entries
  }

  /// Enters a value, or tells that another row has it.
  private func enter(
    _ value: StoredValue, _ slot: UInt32, _ index: inout HashIndex, _ seed: HashSeed,
    _ valueOf: (UInt32) -> StoredValue
  ) -> Bool {
    let hash = seed.hash(value)
    if index.find(hash: hash, where: { valueOf($0) == value }) != nil { return true }
    index.insert(slot, hash: hash)
    return false
  }

  /// Builds an ordered index that is empty.
  ///
  /// - Parameters:
  ///   - parents: The parent of each row, `.max` if it has none; nil if all rows are one sequence.
  ///   - parentCount: One more than the largest parent.
  mutating func buildIndex(
    _ place: Int, _ info: IndexInfo, from table: StoredTable, parents: [UInt32]?, parentCount: Int
  ) throws(FormatFault) {
    let column = table.columns[info.column]
    if info.isRanked, column.hasRanks {
      return shared.value.orderedIndexes[place].build(
        ranks: column.ranks(), parents: parents, parentCount: parentCount)
    }
    let values = try column.values()
    if info.isRanked {
      return shared.value.orderedIndexes[place].build(
        ranks: values.map(\.rank), parents: parents, parentCount: parentCount)
    }
    let first = try info.leading.map { (leading) throws(FormatFault) in
      try table.columns[leading].values()
    }
    let slots = (0..<UInt32(table.count)).sorted { left, right in
      let (row, other) = (Int(left), Int(right))
      if let first, first[row] != first[other] { return first[row] < first[other] }
      return values[row] == values[other] ? left < right : values[row] < values[other]
    }
    shared.value.comparedIndexes[place].build(inOrder: slots)
  }
}

extension StoredTable {
  fileprivate func repeated(
    _ value: StoredValue, _ constraint: String, _ info: Frozen<TableInfo>
  ) -> FormatFault {
    .damaged(offset: offset, "\(info.name) holds \(value) twice (\(constraint))")
  }
}
