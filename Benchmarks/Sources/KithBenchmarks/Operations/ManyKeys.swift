import Kith
import KithFixtures

/// Look-ups in tables of millions of users, against `[Int: User]`.
enum ManyKeys {
  static func plans(_ count: Int, dense: [Bool] = [true, false]) -> [Plan] {
    dense.flatMap { isDense in
      [true, false].map { hits in
        let name = "\(count / 1_000_000)M \(isDense ? "dense" : "random") keys"
        let spec = GraphSpec(
          name: name,
          recipe: isDense ? "users 1 to \(count)" : "users with drawn 64-bit keys, seed 11"
        ) { Links(ids: [1], packed: []) }
        return Plan("primary key", hits ? "hit" : "miss", on: spec) { world in
          try lookups(try world.extra { try Keys(count, isDense: isDense) }, hits: hits)
        }
      }
    }
  }

  private static func lookups(_ keys: Keys, hits: Bool) throws -> Case {
    let asked = hits ? keys.present : keys.absent
    let (graph, users) = (keys.graph, keys.users)
    return Case(
      calls: asked.count,
      sides: [
        .parts(.kith, over: asked) { part in
          Checksum.of(part.lazy.map { graph.find(User.self, $0)?.id ?? 0 })
        },
        .parts(.dictionary, over: asked) { part in Checksum.of(part.lazy.map { users[$0]?.id ?? 0 })
        },
      ])
  }
}

/// Users by key, on both sides.
private final class Keys {
  let graph: Graph
  let users: [Int: User]
  let present: [Int]
  let absent: [Int]

  init(_ count: Int, isDense: Bool) throws {
    var random = SplitMix64(seed: 11)
    // Even keys are there, odd ones never.
    let ids =
      isDense
      ? Array(1...count)
      : (0..<count).map { _ in Int(truncatingIfNeeded: random.next()) & ~1 }
    let store = try User.store()
    try store.write { try $0.insert(contentsOf: ids.lazy.map { User(id: $0) }) }
    graph = store.snapshot
    users = Dictionary(uniqueKeysWithValues: ids.lazy.map { ($0, User(id: $0)) })
    let places = (0..<65_536).map { _ in random.number(below: ids.count) }
    present = places.map { ids[$0] }
    absent = present.map { isDense ? $0 + count : $0 | 1 }
  }
}
