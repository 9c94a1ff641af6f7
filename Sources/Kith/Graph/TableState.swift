import KithCore

/// One table in one version of the graph: its rows, and the indexes over them.
///
/// A row keeps its slot for life. Slots ascend with insertion and are not used again. A copy shares
/// everything, and costs one count of owners.
struct TableState: Sendable {
  var shared: CopyOnWrite<Frame, Parts>

  /// What all versions of a table have in common.
  struct Frame: Sendable {
    let info: Frozen<TableInfo>
    let slotLimit: UInt32
    let keySeed: HashSeed

    var keyKind: StoredValue.Kind { info.value.keyKind }
  }

  /// What versions of a table share until one is changed.
  struct Parts: Sendable {
    var rows: any RowStorage
    /// Where the rows lie.
    var places: PageTreeView
    var count = 0
    var slotEnd: UInt32 = 0
    /// The primary keys, if they have ranks.
    var rankedKeys: KeyIndex
    /// The primary keys, if they must be compared in their rows: text, UUIDs, composites.
    var comparedKeys: HashIndex
    /// Whether keys ascended with insertion so far, so that the order of slots is the order of keys.
    var keysAscend = true
    var lastKey: StoredValue?
    var largestKey: StoredValue?
    var uniqueIndexes: [UniqueIndex]
    var orderedIndexes: [OrderedIndex]
    var comparedIndexes: [ComparedIndex]

    /// Counts a row that is inserted, and remembers whether keys ascend.
    mutating func noteInsertion(of key: StoredValue) {
      slotEnd += 1
      count += 1
      if let lastKey, !(lastKey < key) { keysAscend = false }
      lastKey = key
    }
  }

  struct UniqueIndex: Sendable {
    let info: UniqueInfo
    let seed: HashSeed
    var index: HashIndex
  }

  /// Makes an empty table.
  init(_ info: Frozen<TableInfo>, _ geometry: Geometry) {
    let rows = info.makeRows()
    shared = CopyOnWrite(
      header: Frame(info: info, slotLimit: geometry.slotLimit, keySeed: geometry.seed()),
      Parts(
        rows: rows, places: rows.view,
        rankedKeys: KeyIndex(seed: geometry.seed(), geometry: geometry.ranks),
        comparedKeys: HashIndex(geometry: geometry.slots),
        uniqueIndexes: info.uniques.map {
          UniqueIndex(info: $0, seed: geometry.seed(), index: HashIndex(geometry: geometry.slots))
        },
        orderedIndexes: info.indexes.map { _ in OrderedIndex(geometry: geometry.runs) },
        comparedIndexes: info.indexes.map { _ in ComparedIndex(geometry: geometry.runs) }))
  }

  /// The parts, to be changed: copied when another version shares them.
  private var parts: Parts {
    _read { yield shared.value }
    _modify {
      own()
      yield &shared.value
    }
  }

  /// Changes the rows.
  ///
  /// - Parameter change: Changes them, and tells where they lie then.
  private mutating func changeRows(_ change: (any RowStorage) -> PageTreeView) {
    own()
    shared.value.places = change(shared.value.rows)
  }

  private mutating func own() {
    if !shared.isUnique { shared.value.rows = shared.value.rows.copied() }
  }

  /// Whether two states are the same version, so that nothing was changed between them.
  func isSameVersion(as other: TableState) -> Bool { shared.isShared(with: other.shared) }

  var rows: any RowStorage { parts.rows }
  /// The number of rows.
  var count: Int { parts.count }
  /// One more than the largest slot that was ever used.
  var slotEnd: UInt32 { parts.slotEnd }
  /// Whether all slots were used, so that no row can be inserted any more.
  var isFull: Bool { parts.slotEnd >= shared.header.slotLimit }
  /// The primary keys, if they have ranks, to be read while this state is held.
  var rankedKeys: KeyIndexView { parts.rankedKeys.view }
  /// Whether keys have ranks: integers, dates, and what else comes down to a number.
  var keysRank: Bool { shared.header.keyKind.ranksExactly }
  /// Whether the order of slots is the order of keys.
  var keysAscend: Bool { parts.keysAscend }
  /// The largest integer that was ever a primary key.
  var largestKey: StoredValue? { parts.largestKey }
  /// The indexes in the order of the schema's: numbers, or nothing where rows must be compared.
  var orderedIndexes: [OrderedIndex] { parts.orderedIndexes }
  /// The indexes in the order of the schema's: rows that are compared, or nothing where numbers do.
  var comparedIndexes: [ComparedIndex] { parts.comparedIndexes }

  // MARK: Reading

  /// The primary key of the row at a slot, which must live.
  ///
  /// - Complexity: O(1).
  func key(at slot: UInt32) -> StoredValue {
    guard shared.header.keyKind.isMadeOfRank else { return storedKey(at: slot) }
    defer { withExtendedLifetime(shared) {} }
    return StoredValue(shared.header.keyKind, rank: rankedKeys.rank(of: slot))
  }

  /// The primary key of the row at a slot, which must live, as the row itself has it.
  func storedKey(at slot: UInt32) -> StoredValue {
    read { reader, places in reader.key(at: slot, in: places) }
  }

  /// The value of a column of the row at a slot, which must live.
  func value(of column: Int, at slot: UInt32) -> StoredValue {
    read { reader, places in reader.value(of: column, at: slot, in: places) }
  }

  /// The values of all columns of the row at a slot, which must live.
  func values(at slot: UInt32) -> [StoredValue] {
    read { reader, places in reader.values(at: slot, in: places) }
  }

  @inline(__always)
  private func read<Value>(_ read: (borrowing RowReader, PageTreeView) -> Value) -> Value {
    // The places are copied first: then nothing must be owned while a row is read.
    let places = parts.places
    defer { withExtendedLifetime(shared) {} }
    return read(shared.header.info.value.reader, places)
  }

  /// Whether two rows that live, one of them of another version, have different values.
  func differs(at slot: UInt32, from other: TableState, at otherSlot: UInt32) -> Bool {
    let (places, otherPlaces) = (parts.places, other.parts.places)
    defer { withExtendedLifetime((shared, other.shared)) {} }
    return shared.header.info.value.reader.differs(
      slot, in: places, from: otherSlot, in: otherPlaces)
  }

  /// The key and the values of the row at a slot, which must live.
  func rowValues(at slot: UInt32) -> RowValues {
    RowValues(key: key(at: slot), columns: values(at: slot))
  }

  /// Calls `body` with the values of a column, by ascending slot.
  func forEachValue(of column: Int, _ body: (StoredValue) -> Void) {
    rows.forEachSlot(below: slotEnd) { slot in
      body(value(of: column, at: slot))
      return true
    }
  }

  /// Whether a row lives at a slot.
  func isLive(_ slot: UInt32) -> Bool {
    defer { withExtendedLifetime(shared) {} }
    return parts.places.row(at: slot) != nil
  }

  // MARK: Finding

  /// The slot of the row whose primary key has a rank, to be asked while this state is held.
  @inline(__always)
  func slot(ofRank rank: UInt64) -> UInt32? { parts.rankedKeys.view.find(rank) }

  /// The slot of the row with a primary key.
  func slot(ofKey key: StoredValue) -> UInt32? {
    if keysRank {
      defer { withExtendedLifetime(shared) {} }
      return rankedKeys.find(key.rank)
    }
    return parts.comparedKeys.find(hash: hash(key, shared.header.keySeed)) {
      self.key(at: $0) == key
    }
  }

  /// The rows by their keys' ranks, if they have ranks, to be read while this state is held.
  @inline(__always)
  var keyedRows: KeyedRows { KeyedRows(keys: parts.rankedKeys.view, rows: parts.places) }

  /// The places of the rows, to be read while this state is held.
  var places: PageTreeView { parts.places }

  /// Where the row with a primary key lies, to be read while this state is held.
  func place(ofKey key: StoredValue) -> LiveRow? {
    slot(ofKey: key).flatMap { parts.places.row(at: $0) }
  }

  /// The slot of the row with the values of a unique constraint; the first of the schema's is 0.
  func slot(ofUnique value: StoredValue, in unique: Int) -> UInt32? {
    let unique = parts.uniqueIndexes[unique]
    return unique.index.find(hash: hash(value, unique.seed)) {
      uniqueValue(unique.info, at: $0) == value
    }
  }

  private func uniqueValue(_ info: UniqueInfo, at slot: UInt32) -> StoredValue {
    if info.columns.count == 1 { return value(of: info.columns[0], at: slot) }
    let values = info.columns.map { value(of: $0, at: slot) }
    return values.contains(where: \.isNull) ? .null : .composite(values)
  }

  /// The order of the rows by primary key.
  var keyOrder: KeyOrder {
    if parts.keysAscend { return .slots }
    if keysRank { return .ranks(parts.rankedKeys.ranks) }
    return .compare { key(at: $0) < key(at: $1) }
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
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func enter(
    _ row: RowValues, store: (any RowStorage, UInt32) -> PageTreeView
  ) -> UInt32 {
    let slot = slotEnd
    changeRows { store($0, slot) }
    shared.value.noteInsertion(of: row.key)
    enterKey(row.key, at: slot)
    for index in parts.uniqueIndexes.indices {
      enterUnique(index, parts.uniqueIndexes[index].info.value(of: row.columns), at: slot)
    }
    return slot
  }

  /// Takes a row's keys out of the indexes, and the row away.
  mutating func leave(_ slot: UInt32) {
    leaveKey(key(at: slot), at: slot)
    for index in parts.uniqueIndexes.indices {
      leaveUnique(index, uniqueValue(parts.uniqueIndexes[index].info, at: slot), at: slot)
    }
    changeRows { $0.remove(at: slot) }
    parts.count -= 1
  }

  /// Takes the key and the unique values that a row is about to lose out of the indexes, so that
  /// another row of the same change may have them.
  mutating func releaseKeys(_ slot: UInt32, from old: RowValues, to new: RowValues) {
    if old.key != new.key { leaveKey(old.key, at: slot) }
    for index in parts.uniqueIndexes.indices {
      let info = parts.uniqueIndexes[index].info
      let value = info.value(of: old.columns)
      if value != info.value(of: new.columns) { leaveUnique(index, value, at: slot) }
    }
  }

  /// Stores a row whose old keys were released, and enters its new ones.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func replace(
    _ slot: UInt32, from old: RowValues, to new: RowValues,
    store: (any RowStorage, UInt32) -> PageTreeView
  ) {
    if old.key != new.key {
      enterKey(new.key, at: slot)
      parts.keysAscend = false
    }
    for index in parts.uniqueIndexes.indices {
      let info = parts.uniqueIndexes[index].info
      let value = info.value(of: new.columns)
      if info.value(of: old.columns) != value { enterUnique(index, value, at: slot) }
    }
    changeRows { store($0, slot) }
  }

  /// Stores a changed row whose keys stay.
  ///
  /// - Parameter store: Stores the row, and tells where the rows lie then.
  mutating func put(_ slot: UInt32, _ store: (any RowStorage, UInt32) -> PageTreeView) {
    changeRows { store($0, slot) }
  }

  /// Adds a row, which has these values, to an index, below a parent; index 0 is the first that the
  /// schema lists.
  mutating func insert(
    _ slot: UInt32, _ row: [StoredValue], into index: Int, _ info: IndexInfo, below parent: UInt32
  ) {
    if info.isRanked {
      parts.orderedIndexes[index].insert(slot, rank: row[info.column].rank, below: parent)
    } else {
      parts.comparedIndexes[index].insert(slot, by: order(of: info))
    }
  }

  /// Takes a row, as it is stored, out of an index.
  mutating func remove(_ slot: UInt32, from index: Int, _ info: IndexInfo, below parent: UInt32) {
    if info.isRanked {
      parts.orderedIndexes[index].remove(slot, below: parent)
    } else {
      parts.comparedIndexes[index].remove(slot, by: order(of: info))
    }
  }

  /// Compares rows by the columns of an index. It holds the rows and not this state, which would have to
  /// be copied if it were shared while an index is changed.
  private func order(of index: IndexInfo) -> (UInt32, UInt32) -> Bool {
    let (rows, places, info) = (parts.rows, parts.places, shared.header.info)
    let ordering = index.ordering
    return { left, right in
      defer { withExtendedLifetime(rows) {} }
      let reader = info.value.reader
      for column in ordering {
        let first = reader.value(of: column, at: left, in: places)
        let second = reader.value(of: column, at: right, in: places)
        if first < second { return true }
        if second < first { return false }
      }
      return false
    }
  }

  private mutating func enterKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      parts.largestKey = largestKey.map { max($0, key) } ?? key
      parts.rankedKeys.insert(slot, rank: key.rank)
    } else {
      parts.comparedKeys.insert(slot, hash: hash(key, shared.header.keySeed))
    }
  }

  private mutating func leaveKey(_ key: StoredValue, at slot: UInt32) {
    if keysRank {
      parts.rankedKeys.remove(slot, rank: key.rank)
    } else {
      parts.comparedKeys.remove(slot, hash: hash(key, shared.header.keySeed))
    }
  }

  private mutating func enterUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    parts.uniqueIndexes[index].index.insert(
      slot, hash: hash(value, parts.uniqueIndexes[index].seed))
  }

  private mutating func leaveUnique(_ index: Int, _ value: StoredValue, at slot: UInt32) {
    if value.isNull { return }
    _ = parts.uniqueIndexes[index].index.remove(
      slot, hash: hash(value, parts.uniqueIndexes[index].seed))
  }

  /// Hashes a value at the door. Only text goes through `Hasher`; bytes and composites combine the
  /// hashes of their parts.
  func hash(_ value: StoredValue, _ seed: HashSeed) -> UInt64 {
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
    (
      keysRank ? parts.rankedKeys.count : parts.comparedKeys.count,
      parts.uniqueIndexes.map(\.index.count)
    )
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  var copies: Int {
    rows.copies + parts.rankedKeys.copies + parts.comparedKeys.copies
      + parts.uniqueIndexes.reduce(0) { $0 + $1.index.copies }
      + orderedIndexes.reduce(0) { $0 + $1.copies }
      + comparedIndexes.reduce(0) { $0 + $1.copies }
  }

  /// The bytes of rows and indexes.
  var byteCount: Int {
    rows.byteCount + parts.rankedKeys.byteCount + parts.comparedKeys.byteCount
      + parts.uniqueIndexes.reduce(0) { $0 + $1.index.byteCount }
      + orderedIndexes.reduce(0) { $0 + $1.byteCount }
      + comparedIndexes.reduce(0) { $0 + $1.byteCount }
  }
}
