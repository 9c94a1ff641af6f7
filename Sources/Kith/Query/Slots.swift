import KithCore

/// Slots in ascending order. One slot, from which most walks start, needs no memory of its own.
@usableFromInline
enum Slots: Sendable {
  case one(UInt32)
  /// Several slots, or none; and the sum of the words of keys that were named and that no row has, by
  /// which a cursor knows the query again when their rows have come.
  case many([UInt32], absent: UInt64)

  /// One slot, or none.
  @usableFromInline
  init(_ slot: UInt32?) {
    self = slot.map { .one($0) } ?? .many([], absent: 0)
  }

  /// No slot, because no row has a key.
  @usableFromInline
  init(absent key: StoredValue) {
    self = .many([], absent: Fingerprint.word(key))
  }

  /// The slots of a list in any order, each once.
  @usableFromInline
  init(distinct slots: [UInt32]) {
    let slots = DistinctSlots.ascending(slots)
    self = slots.count == 1 ? .one(slots[0]) : .many(slots, absent: 0)
  }

  /// The slots that were found for some keys, `.max` for a key that no row has.
  ///
  /// - Parameter key: The key at a place of the list, which is asked for those that no row has.
  init(found slots: [UInt32], _ key: (Int) -> StoredValue) {
    let missing = slots.indices.filter { slots[$0] == .max }
    if missing.isEmpty {
      self.init(distinct: slots)
      return
    }
    self.init(distinct: slots.filter { $0 != .max })
    let absent = Set(missing.map(key))
    self = .many(array, absent: absent.reduce(0) { $0 &+ Fingerprint.word($1) })
  }

  /// The sum of the words of keys that no row has.
  var absent: UInt64 {
    if case .many(_, let absent) = self { absent } else { 0 }
  }

  /// The slots as an array.
  var array: [UInt32] {
    switch self {
    case .one(let slot): [slot]
    case .many(let slots, _): slots
    }
  }

  /// The slot, if there is just one.
  @inline(__always)
  var only: UInt32? {
    if case .one(let slot) = self { slot } else { nil }
  }
}

extension Slots: RandomAccessCollection {
  @usableFromInline var startIndex: Int { 0 }

  @usableFromInline var endIndex: Int {
    switch self {
    case .one: 1
    case .many(let slots, _): slots.count
    }
  }

  @usableFromInline
  subscript(position: Int) -> UInt32 {
    switch self {
    case .one(let slot):
      precondition(position == 0)
      return slot
    case .many(let slots, _): return slots[position]
    }
  }
}
