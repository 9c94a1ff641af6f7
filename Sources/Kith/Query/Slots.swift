/// Slots in ascending order. One slot, from which most walks start, needs no memory of its own.
@usableFromInline
enum Slots: Sendable {
  case one(UInt32)
  case many([UInt32])

  /// One slot, or none.
  @usableFromInline
  init(_ slot: UInt32?) {
    self = slot.map { .one($0) } ?? .many([])
  }

  /// The slots of a list in any order, each once.
  @usableFromInline
  init(distinct slots: [UInt32]) {
    self = slots.count == 1 ? .one(slots[0]) : .many(Slots.distinct(slots))
  }

  /// The slots of a list, ascending, each once.
  static func distinct(_ slots: [UInt32]) -> [UInt32] {
    let sorted = slots.sorted()
    guard let last = sorted.last else { return [] }
    return zip(sorted, sorted.dropFirst()).filter(!=).map(\.0) + [last]
  }

  /// The slots as an array.
  var array: [UInt32] {
    switch self {
    case .one(let slot): [slot]
    case .many(let slots): slots
    }
  }

  /// The slot, if there is just one.
  @inline(__always)
  var only: UInt32? {
    switch self {
    case .one(let slot): slot
    case .many(let slots): slots.count == 1 ? slots[0] : nil
    }
  }
}

extension Slots: RandomAccessCollection {
  @usableFromInline var startIndex: Int { 0 }

  @usableFromInline var endIndex: Int {
    switch self {
    case .one: 1
    case .many(let slots): slots.count
    }
  }

  @usableFromInline
  subscript(position: Int) -> UInt32 {
    switch self {
    case .one(let slot):
      precondition(position == 0)
      return slot
    case .many(let slots): return slots[position]
    }
  }
}
