/// A generated graph of users 1…`users`, who follow each other: distinct links, none from a user to
/// themselves.
public struct FollowGraph: Sendable {
  /// The number of users; some may have no links.
  public let users: Int
  /// The links, by source and then by target.
  public let follows: [(source: Int, target: Int)]

  /// Takes the targets of each user, counted from zero, in any order and with repeats.
  init(targets: [[Int]]) {
    users = targets.count
    var follows: [(source: Int, target: Int)] = []
    follows.reserveCapacity(targets.reduce(0) { $0 + $1.count })
    for (source, row) in targets.enumerated() {
      var last = -1
      for target in row.sorted() where target != last && target != source {
        follows.append((source + 1, target + 1))
        last = target
      }
    }
    self.follows = follows
  }

  /// A number that tells graphs apart: FNV-1a, 64 bits, over the ids of all links in order, eight
  /// bytes each, least first.
  public var fingerprint: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func take(_ number: Int) {
      for shift in stride(from: 0, to: 64, by: 8) {
        hash = (hash ^ (UInt64(number) >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
      }
    }
    for (source, target) in follows {
      take(source)
      take(target)
    }
    return hash
  }
}
