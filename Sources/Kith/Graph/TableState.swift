import KithCore

/// One table in one version of the graph: its rows, and the indexes over them.
///
/// A row keeps its slot for life. Slots ascend with insertion and are not used again.
///
/// SAFETY: changed only while one graph owns it; a graph that shares it makes a copy first.
final class TableState: @unchecked Sendable {
  let rows: any RowStorage
  /// The number of rows.
  private(set) var count = 0
  /// One more than the largest slot that was ever used.
  private(set) var slotEnd: UInt32 = 0

  /// Whether keys have ranks: integers, dates, and what else comes down to a number.
  private let keysRank: Bool
  /// The primary keys, if they have ranks.
  private var rankedKeys = KeyIndex()
  /// The primary keys, if they must be compared in their rows: text, UUIDs, composites.
  private var comparedKeys = HashIndex()
  private let keySeed: HashSeed
  /// Whether keys ascended with insertion so far, so that the order of slots is the order of keys.
  private var keysAscend = true
  private var lastKey: StoredValue?

  /// The largest integer that was ever a primary key.
  private(set) var largestKey: StoredValue?

  private var uniqueIndexes: [UniqueIndex]
  /// The indexes in the order of the schema's: numbers, or nothing where rows must be compared.
  private(set) var orderedIndexes: [OrderedIndex]
  /// The indexes in the order of the schema's: rows that are compared, or nothing where numbers do.
  private(set) var comparedIndexes: [ComparedIndex]

  private struct UniqueIndex {
    let info: UniqueInfo
    let seed = HashSeed.random()
    var index = HashIndex()
  }

  /// Makes an empty table.
  init(_ info: TableInfo) {
    rows = info.makeRows()
    keysRank = info.keyKind.ranksExactly
    keySeed = HashSeed.random()
    uniqueIndexes = info.uniques.map { UniqueIndex(info: $0) }
    orderedIndexes = info.indexes.map { _ in OrderedIndex() }
    comparedIndexes = info.indexes.map { _ in ComparedIndex() }
  }

  private init(copying other: TableState) {
    rows = other.rows.copied()
    count = other.count
    slotEnd = other.slotEnd
    keysRank = other.keysRank
    rankedKeys = other.rankedKeys
    comparedKeys = other.comparedKeys
    keySeed = other.keySeed
    keysAscend = other.keysAscend
    lastKey = other.lastKey
    largestKey = other.largestKey
    uniqueIndexes = other.uniqueIndexes
    orderedIndexes = other.orderedIndexes
    comparedIndexes = other.comparedIndexes
  }

  /// The same table, independent of this object. O(1).
  func copied() -> TableState { TableState(copying: self) }

  // MARK: Finding

  /// The slot of the row with a primary key.
  func slot(ofKey key: StoredValue) -> UInt32? {
    if keysRank { return rankedKeys.find(key.rank) }
    return comparedKeys.find(hash: hash(key, keySeed)) { rows.key(at: $0) == key }
  }

  /// The slot of the row with the values of a unique constraint; the first of the schema's is 0.
  func slot(ofUnique value: StoredValue, in unique: Int) -> UInt32? {
    let unique = uniqueIndexes[unique]
    return unique.index.find(hash: hash(value, unique.seed)) {
      uniqueValue(unique.info, at: $0) == value
    }
  }

  private func uniqueValue(_ info: UniqueInfo, at slot: UInt32) -> StoredValue {
    if info.columns.count == 1 { return rows.value(of: info.columns[0], at: slot) }
    let parts = info.columns.map { rows.value(of: $0, at: slot) }
    return parts.contains(where: \.isNull) ? .null : .composite(parts)
  }

  /// The order of the rows by primary key.
  var keyOrder: KeyOrder {
    if keysAscend { return .slots }
    if keysRank { return .ranks(rankedKeys.ranks) }
    let rows = rows
    return .compare { rows.key(at: $0) < rows.key(at: $1) }
  }

  /// All rows, in order of insertion.
  func allSlots(limit: Int = .max) -> [UInt32] {
    var slots: [UInt32] = []
    slots.reserveCapacity(min(limit, count))
    guard limit > 0 else { return slots }
    rows.forEachSlot(below: slotEnd) { slot in
      slots.append(slot)
      return slots.count < limit
    }
    return slots
  }

  // MARK: Changing

  /// Takes the next slot for a new row, which is stored at once, and enters its keys.
  func enter(_ key: StoredValue, _ values: [StoredValue], store: (UInt32) -> Void) -> UInt32 {
    let slot = slotEnd
    store(slot)
    slotEnd += 1
    count += 1
    if let last = lastKey, !(last < key) { keysAscend = false }
    lastKey = key
    enterKey(key, at: slot)
    for index in uniqueIndexes.indices {
      enterUnique(index, uniqueIndexes[index].info.value(of: values), at: slot)
    }
    return slot
  }

  /// Takes a row's keys out of the indexes, and the row away.
  func leave(_ slot: UInt32) {
    leaveKey(rows.key(at: slot), at: slot)
    for index in uniqueIndexes.indices {
      leaveUnique(index, uniqueValue(uniqueIndexes[index].info, at: slot), at: slot)
    }
    rows.remove(at: slot)
    count -= 1
  }

  /// Takes the key and the unique values that a row is about to lose out of the indexes, so that
  /// another row of the same change may have them.
  func releaseKeys(_ slot: UInt32, for row: ReplacedRow) {
    let oldKey = rows.key(at: slot)
    if oldKey != row.key { leaveKey(oldKey, at: slot) }
    for index in uniqueIndexes.indices {
      let old = uniqueValue(uniqueIndexes[index].info, at: slot)
      if old != uniqueIndexes[index].info.value(of: row.values) {
        leaveUnique(index, old, at: slot)
      }
    }
  }

  /// Stores a row whose old keys were released, and enters its new ones.
  func replace(_ slot: UInt32, with row: ReplacedRow) {
    if rows.key(at: slot) != row.key {
      enterKey(row.key, at: slot)
      keysAscend = false
    }
    for index in uniqueIndexes.indices {
      let value = uniqueIndexes[index].info.value(of: row.values)
      if uniqueValue(uniqueIndexes[index].info, at: slot) != value {
        enterUnique(index, value, at: slot)
      }
    }
    rows.commit(row, at: slot)
  }

  /// Adds a row to an index, below a parent; index 0 is the first that the schema lists.
  func insert(_ slot: UInt32, into index: Int, _ info: IndexInfo, below parent: UInt32) {
    if info.isRanked {
      let rank = rows.value(of: info.column, at: slot).rank
      orderedIndexes[index].insert(slot, rank: rank, below: parent)
    } else {
      comparedIndexes[index].insert(slot, by: order(of: info.column))
    }
  }

  /// Takes a row, as it is stored, out of an index.
  func remove(_ slot: UInt32, from index: Int, _ info: IndexInfo, below parent: UInt32) {
    if info.isRanked {
      orderedIndexes[index].remove(slot, below: parent)
    } else {
      comparedIndexes[index].remove(slot, by: order(of: info.column))
    }
  }

  private func order(of column: Int) -> (UInt32, UInt32) -> Bool {
    let rows = rows
    return { rows.value(of: column, at: $0) < rows.value(of: column, at: $1) }
  }

  private func enterKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      largestKey = largestKey.map { max($0, key) } ?? key
      rankedKeys.insert(slot, rank: key.rank)
    } else {
      comparedKeys.insert(slot, hash: hash(key, keySeed))
    }
  }

  private func leaveKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      rankedKeys.remove(slot, rank: key.rank)
    } else {
      comparedKeys.remove(slot, hash: hash(key, keySeed))
    }
  }

  private func enterUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    uniqueIndexes[index].index.insert(slot, hash: hash(value, uniqueIndexes[index].seed))
  }

  private func leaveUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    _ = uniqueIndexes[index].index.remove(slot, hash: hash(value, uniqueIndexes[index].seed))
  }

  /// Hashes a value at the door. Only text, bytes and composites go through `Hasher`.
  private func hash(_ value: StoredValue, _ seed: HashSeed) -> UInt64 {
    switch value {
    case .text(let text): seed.hash(text)
    case .uuid(let uuid): seed.hash(uuid.halves.high, uuid.halves.low)
    case .bytes(let bytes):
      bytes.reduce(seed.hash(UInt64(bytes.count))) { seed.combine($0, UInt64($1)) }
    case .composite(let parts):
      parts.reduce(seed.hash(UInt64(parts.count))) { seed.combine($0, hash($1, seed)) }
    case .null, .boolean, .integer, .unsigned, .real, .date: seed.hash(value.rank)
    }
  }

  // MARK: Accounts

  /// How many entries the indexes of the primary key and of the unique constraints have.
  var indexEntryCounts: (keys: Int, uniques: [Int]) {
    (keysRank ? rankedKeys.count : comparedKeys.count, uniqueIndexes.map(\.index.count))
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  var copies: Int {
    rows.copies + rankedKeys.copies + comparedKeys.copies
      + uniqueIndexes.reduce(0) { $0 + $1.index.copies }
      + orderedIndexes.reduce(0) { $0 + $1.copies }
      + comparedIndexes.reduce(0) { $0 + $1.copies }
  }

  /// The bytes of rows and indexes.
  var byteCount: Int {
    rows.byteCount + rankedKeys.byteCount + comparedKeys.byteCount
      + uniqueIndexes.reduce(0) { $0 + $1.index.byteCount }
      + orderedIndexes.reduce(0) { $0 + $1.byteCount }
      + comparedIndexes.reduce(0) { $0 + $1.byteCount }
  }
}
