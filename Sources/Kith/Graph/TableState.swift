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

  private var uniqueIndexes: [UniqueIndex]
  private(set) var orderedIndexes: [OrderedIndex]

  private struct UniqueIndex {
    let column: Int
    let seed = HashSeed.random()
    var index = HashIndex()
  }

  /// Makes an empty table.
  init(_ info: TableInfo) {
    rows = info.makeRows()
    keysRank = info.keyKind.ranksExactly
    keySeed = HashSeed.random()
    uniqueIndexes = info.columns.indices.filter { info.columns[$0].isUnique }
      .map { UniqueIndex(column: $0) }
    orderedIndexes = info.indexes.map { _ in OrderedIndex() }
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
    uniqueIndexes = other.uniqueIndexes
    orderedIndexes = other.orderedIndexes
  }

  /// The same table, independent of this object. O(1).
  func copied() -> TableState { TableState(copying: self) }

  // MARK: Finding

  /// The slot of the row with a primary key.
  func slot(ofKey key: StoredValue) -> UInt32? {
    if keysRank { return rankedKeys.find(key.rank) }
    return comparedKeys.find(hash: hash(key, keySeed)) { rows.key(at: $0) == key }
  }

  /// Whether `slot(ofUnique:in:)` can find rows by a column.
  func isUnique(_ column: Int) -> Bool {
    uniqueIndexes.contains { $0.column == column }
  }

  /// The slot of the row with a value in a unique column.
  func slot(ofUnique value: StoredValue, in column: Int) -> UInt32? {
    guard let unique = uniqueIndexes.first(where: { $0.column == column }) else { return nil }
    return unique.index.find(hash: hash(value, unique.seed)) {
      rows.value(of: column, at: $0) == value
    }
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
      enterUnique(index, values[uniqueIndexes[index].column], at: slot)
    }
    return slot
  }

  /// Takes a row's keys out of the indexes, and the row away.
  func leave(_ slot: UInt32) {
    leaveKey(rows.key(at: slot), at: slot)
    for index in uniqueIndexes.indices {
      leaveUnique(index, rows.value(of: uniqueIndexes[index].column, at: slot), at: slot)
    }
    rows.remove(at: slot)
    count -= 1
  }

  /// Moves the entries of a row whose key or unique values changed, and stores it.
  func replace(_ slot: UInt32, with row: ReplacedRow) {
    let oldKey = rows.key(at: slot)
    if oldKey != row.key {
      leaveKey(oldKey, at: slot)
      enterKey(row.key, at: slot)
      keysAscend = false
    }
    for index in uniqueIndexes.indices {
      let column = uniqueIndexes[index].column
      let old = rows.value(of: column, at: slot)
      if old != row.values[column] {
        leaveUnique(index, old, at: slot)
        enterUnique(index, row.values[column], at: slot)
      }
    }
    rows.commit(row, at: slot)
  }

  /// Adds a row to an ordered index, below a parent; index 0 is the first that the schema lists.
  func insert(_ slot: UInt32, intoIndex index: Int, value: StoredValue, below parent: UInt32) {
    orderedIndexes[index].insert(slot, rank: value.rank, below: parent)
  }

  /// Takes a row out of an ordered index.
  func remove(_ slot: UInt32, fromIndex index: Int, below parent: UInt32) {
    orderedIndexes[index].remove(slot, below: parent)
  }

  private func enterKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
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

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  var copies: Int {
    rows.copies + rankedKeys.copies + comparedKeys.copies
      + uniqueIndexes.reduce(0) { $0 + $1.index.copies }
      + orderedIndexes.reduce(0) { $0 + $1.copies }
  }

  /// The bytes of rows and indexes.
  var byteCount: Int {
    rows.byteCount + rankedKeys.byteCount + comparedKeys.byteCount
      + uniqueIndexes.reduce(0) { $0 + $1.index.byteCount }
      + orderedIndexes.reduce(0) { $0 + $1.byteCount }
  }
}
