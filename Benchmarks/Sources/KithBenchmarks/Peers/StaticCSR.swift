/// Follows as flat arrays in both directions: the limit that a store with snapshots and transactions
/// is compared with.
final class StaticCSR {
  let ids: [Int]
  let slots: [Int: UInt32]
  let following: FlatRuns
  let followers: FlatRuns
  let counter: PathCounter
  /// A bit a user; all are zero between calls.
  let marks: UnsafeMutableBufferPointer<UInt64>

  convenience init(_ links: Links) {
    let slots = Dictionary(uniqueKeysWithValues: zip(links.ids, UInt32(0)...))
    self.init(ids: links.ids, slots: slots, packed: links.packed)
  }

  /// - Parameter packed: The links by source and then by target.
  init(ids: [Int], slots: [Int: UInt32], packed: [UInt64]) {
    self.ids = ids
    self.slots = slots
    following = FlatRuns(count: ids.count, packed: packed, isBackward: false)
    followers = FlatRuns(count: ids.count, packed: packed, isBackward: true)
    counter = PathCounter(count: ids.count)
    marks = .allocate(capacity: ids.count / 64 + 1)
    marks.initialize(repeating: 0)
  }

  deinit {
    following.deallocate()
    followers.deallocate()
    marks.deallocate()
  }

  var counters: UnsafeMutableBufferPointer<UInt32> { counter.counters }
  var touched: UnsafeMutableBufferPointer<UInt32> { counter.touched }

  // MARK: One hop

  func isFollowing(_ source: Int, _ target: Int) -> Bool {
    guard let from = slots[source], let to = slots[target] else { return false }
    return StaticCSR.contains(to, in: following[from])
  }

  /// Binary search without a branch on what is compared.
  static func contains(_ slot: UInt32, in run: UnsafeBufferPointer<UInt32>) -> Bool {
    var start = 0
    var count = run.count
    while count > 1 {
      let half = count >> 1
      start = run[start &+ half] <= slot ? start &+ half : start
      count &-= half
    }
    return count == 1 && run[start] == slot
  }

  func followed(by id: Int) -> [Int] {
    guard let slot = slots[id] else { return [] }
    return following[slot].map { ids[Int($0)] }
  }

  func followers(of id: Int) -> [Int] {
    guard let slot = slots[id] else { return [] }
    return followers[slot].map { ids[Int($0)] }
  }

  func followers(of id: Int, from start: Int, count: Int) -> [Int] {
    guard let slot = slots[id] else { return [] }
    return followers[slot].dropFirst(start).prefix(count).map { ids[Int($0)] }
  }

  func followerCount(of id: Int) -> Int { slots[id].map { followers.degree($0) } ?? 0 }

  /// The users whom both follow: a merge, or a search for each of the short run in the long one.
  func mutual(_ one: Int, _ other: Int) -> [Int] {
    guard let first = slots[one], let second = slots[other] else { return [] }
    let (left, right) = (following[first], following[second])
    let (short, long) = left.count < right.count ? (left, right) : (right, left)
    var common: [Int] = []
    if short.count * 32 < long.count {
      for slot in short where StaticCSR.contains(slot, in: long) { common.append(ids[Int(slot)]) }
      return common
    }
    let found = UnsafeMutableBufferPointer<UInt32>(rebasing: touched[...])
    let count = StaticCSR.merge(short, long, into: found)
    common.reserveCapacity(count)
    for index in 0..<count { common.append(ids[Int(found[index])]) }
    return common
  }

  /// Writes what two runs have in common, and steps on without a branch.
  private static func merge(
    _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
    into found: UnsafeMutableBufferPointer<UInt32>
  ) -> Int {
    var (i, j, end) = (0, 0, 0)
    while i < left.count && j < right.count {
      let (a, b) = (left[i], right[j])
      found[end] = a
      end &+= a == b ? 1 : 0
      i &+= a <= b ? 1 : 0
      j &+= b <= a ? 1 : 0
    }
    return end
  }
}
