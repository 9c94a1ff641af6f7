import KithCore

/// Numbers ids as they come by, 0, 1, 2 …, so that each is looked at as a key once.
struct IDNumbering {
  /// The ids, by their numbers.
  private(set) var ids: [Int] = []
  private var numbers = KeyIndex()

  /// The number of an id, a new one for an id that is new.
  mutating func number(_ id: Int) -> UInt32 {
    let rank = UInt64(bitPattern: Int64(id))
    if let number = numbers.find(rank) { return number }
    let number = UInt32(ids.count)
    numbers.insert(number, rank: rank)
    ids.append(id)
    return number
  }
}
