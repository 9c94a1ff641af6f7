import Benchmark
import Kith
import KithFixtures

/// Keys, single links and lists of one hop.
enum OneHop {
  static func plans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("primary key", "hit", on: graph) { try primaryKey($0, hits: true) },
      Plan("primary key", "miss", on: graph) { try primaryKey($0, hits: false) },
      Plan("is following", "half hits", on: graph, isFollowing),
      Plan("followers, all ids", "uniform users", on: graph) {
        try scan($0, $0.sources(.uniform, 4096))
      },
      Plan("followers, all ids", "followed by follow", on: graph) {
        try scan($0, $0.targets(256))
      },
      Plan("follower count", "uniform users", on: graph, followerCount),
    ]
  }

  private static func primaryKey(_ world: World, hits: Bool) throws -> Case {
    let graph = try world.graph()
    let sqlite = try world.sqlite()
    let slots = world.csr().slots
    let users = Dictionary(uniqueKeysWithValues: world.links.ids.map { ($0, User(id: $0)) })
    let past = (world.links.ids.last ?? 0) + 1
    let keys = world.sources(.uniform, 16_384).map { hits ? $0 : $0 + past }
    let ids = world.links.ids
    return Case(
      calls: keys.count,
      sides: [
        .parts(.kith, over: keys) { part in
          Checksum.of(part.lazy.map { graph.find(User.self, $0)?.id ?? 0 })
        },
        .parts(.csr, over: keys) { part in
          Checksum.of(part.lazy.map { slots[$0].map { ids[Int($0)] } ?? 0 })
        },
        .parts(.dictionary, over: keys) { part in Checksum.of(part.lazy.map { users[$0]?.id ?? 0 })
        },
        .parts(.sqlite, over: keys) { part in
          var checksum = Checksum()
          for key in part { checksum.add(try sqlite.hasUser(key)) }
          return checksum.value
        },
      ])
  }

  /// Pairs of which every second is a follow; the others are drawn, and may be one by chance.
  private static func isFollowing(_ world: World) throws -> Case {
    var random = SplitMix64(seed: 23)
    let links = world.links
    let pairs = (0..<8192).map { (number) -> (Int, Int) in
      if number.isMultiple(of: 2) {
        let link = links.packed[random.number(below: links.count)]
        return (links.ids[Int(link >> 32)], links.ids[Int(link & 0xffff_ffff)])
      }
      return (
        links.ids[random.number(below: links.ids.count)],
        links.ids[random.number(below: links.ids.count)]
      )
    }
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: pairs.count,
      sides: [
        .parts(.kith, over: pairs) { part in
          Checksum.of(part.lazy.map { graph.contains($0.1, in: User.following, of: $0.0) ? 1 : 0 })
        },
        .parts(.csr, over: pairs) { part in
          Checksum.of(part.lazy.map { csr.isFollowing($0.0, $0.1) ? 1 : 0 })
        },
        .parts(.dictionary, over: pairs) { part in
          Checksum.of(part.lazy.map { dictionary.isFollowing($0.0, $0.1) ? 1 : 0 })
        },
        .parts(.sqlite, over: pairs) { part in
          var checksum = Checksum()
          for pair in part { checksum.add(try sqlite.isFollowing(pair.0, pair.1) ? 1 : 0) }
          return checksum.value
        },
      ])
  }

  private static func scan(_ world: World, _ users: [Int]) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) { Checksum.of(graph[User.self, $0].followers.ids) },
        .calls(.csr, over: users) { Checksum.of(csr.followers(of: $0)) },
        .calls(.dictionary, over: users) { Checksum.of(dictionary.followers[$0] ?? []) },
        .calls(.sqlite, over: users) { Checksum.of(try sqlite.followers(of: $0)) },
      ])
  }

  private static func followerCount(_ world: World) throws -> Case {
    let users = world.sources(.uniform, 8192)
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .parts(.kith, over: users) { part in
          Checksum.of(part.lazy.map { graph[User.self, $0].followers.count })
        },
        .parts(.csr, over: users) { part in Checksum.of(part.lazy.map { csr.followerCount(of: $0) })
        },
        .parts(.dictionary, over: users) { part in
          Checksum.of(part.lazy.map { dictionary.followers[$0]?.count ?? 0 })
        },
        .parts(.sqlite, over: users) { part in
          var checksum = Checksum()
          for user in part { checksum.add(try sqlite.followerCount(of: user)) }
          return checksum.value
        },
      ])
  }
}

extension World {
  /// The targets of follows that are drawn uniformly: users who are followed by many come up often.
  func targets(_ count: Int) -> [Int] {
    var random = SplitMix64(seed: SourceClass.seed)
    return (0..<count).map { _ in
      links.ids[Int(links.packed[random.number(below: links.count)] & 0xffff_ffff)]
    }
  }
}
