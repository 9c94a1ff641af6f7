import Kith
import KithFixtures

/// Who follows whom, before any side has loaded it: distinct links, none from a user to themselves.
struct Links {
  /// The users, ascending.
  let ids: [Int]
  /// The links by source and then by target; each end is a place in `ids`, the source in the upper
  /// half.
  let packed: [UInt64]

  init(ids: [Int], packed: [UInt64]) {
    self.ids = ids
    self.packed = packed
  }

  init(_ graph: FollowGraph) {
    ids = Array(1...max(graph.users, 1))
    packed = graph.follows.map { Links.pack($0.source - 1, $0.target - 1) }
  }

  /// Sorts links that were drawn, and drops repeats.
  init(users: Int, drawn: [UInt64]) {
    ids = Array(1...users)
    var sorted = drawn
    sorted.sort()
    packed = Links.distinct(sorted)
  }

  /// Reads an edge list; links from a user to themselves are left out.
  init(edgeList path: String) throws {
    var pairs: [(Int, Int)] = []
    try TextSource(path: path).forEachLink { if $0 != $1 { pairs.append(($0, $1)) } }
    let ids = Set(pairs.lazy.flatMap { [$0.0, $0.1] }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(ids, 0...))
    var packed: [UInt64] = []
    for (source, target) in pairs {
      guard let from = places[source], let to = places[target] else { continue }
      packed.append(Links.pack(from, to))
    }
    packed.sort()
    self.ids = ids
    self.packed = Links.distinct(packed)
  }

  private static func distinct(_ sorted: [UInt64]) -> [UInt64] {
    var distinct: [UInt64] = []
    distinct.reserveCapacity(sorted.count)
    for link in sorted where link != distinct.last { distinct.append(link) }
    return distinct
  }

  static func pack(_ source: Int, _ target: Int) -> UInt64 {
    UInt64(source) << 32 | UInt64(target)
  }

  var count: Int { packed.count }

  /// The links as pairs of ids.
  var pairs: some Sequence<(Int, Int)> {
    packed.lazy.map { [ids] in (ids[Int($0 >> 32)], ids[Int($0 & 0xffff_ffff)]) }
  }
}
