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
  var parts: Parts {
    _read { yield shared.value }
    _modify {
      own()
      yield &shared.value
    }
  }

  /// Makes sure that nobody else sees the rows change.
  mutating func own() {
    if !shared.isUnique { shared.value.rows = shared.value.rows.copied() }
  }

  /// Whether two states are the same version, so that nothing was changed between them.
  func isSameVersion(as other: TableState) -> Bool { shared.isShared(with: other.shared) }

  /// What the schema says of the table.
  var info: Frozen<TableInfo> { shared.header.info }
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
    return read(info.value.reader, places)
  }

  /// Whether two rows that live, one of them of another version, have different values.
  func differs(at slot: UInt32, from other: TableState, at otherSlot: UInt32) -> Bool {
    let (places, otherPlaces) = (parts.places, other.parts.places)
    defer { withExtendedLifetime((shared, other.shared)) {} }
    return info.value.reader.differs(
      slot, in: places, from: otherSlot, in: otherPlaces)
  }

  /// The key and the values of the row at a slot, which must live.
  func rowValues(at slot: UInt32) -> RowValues {
    RowValues(key: key(at: slot), columns: values(at: slot))
  }

  /// Calls `body` with the values of a column, by ascending slot.
  func forEachValue(of column: Int, _ body: (StoredValue) -> Void) {
    defer { withExtendedLifetime(shared) {} }
    places.forEachLive(in: 0..<slotEnd) { slot in
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
    return parts.comparedKeys.find(hash: shared.header.keySeed.hash(key)) {
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
    return unique.index.find(hash: unique.seed.hash(value)) {
      uniqueValue(unique.info, at: $0) == value
    }
  }

  /// What a unique constraint says of the row at a slot.
  func uniqueValue(_ info: UniqueInfo, at slot: UInt32) -> StoredValue {
    info.value { value(of: $0, at: slot) }
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
    defer { withExtendedLifetime(shared) {} }
    places.forEachLive(in: 0..<slotEnd) { slot in
      slots.append(slot)
      return slots.count < limit
    }
    return slots
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
