import Kith

/// Whom two users both follow.
enum MutualFriends {
  static func plans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("mutual friends", "small and small", on: graph) {
        try mutual($0, $0.sources(.uniform, 1024), Array($0.sources(.uniform, 2048).suffix(1024)))
      },
      Plan("mutual friends", "large and large", on: graph) { world in
        let top = world.sources(.top, 20)
        return try mutual(
          world, top.flatMap { one in top.map { _ in one } }, top.flatMap { _ in top })
      },
      Plan("mutual friends", "small and large", on: graph) { world in
        let top = world.sources(.top, 20)
        let small = world.sources(.uniform, 1000)
        return try mutual(world, small, small.indices.map { top[$0 % top.count] })
      },
    ]
  }

  private static func mutual(_ world: World, _ ones: [Int], _ others: [Int]) throws -> Case {
    let pairs = Array(zip(ones, others)).filter { $0.0 != $0.1 }
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: pairs.count,
      sides: [
        .calls(.kith, over: pairs) {
          Checksum.of(
            graph[User.self, $0.0].following.intersection(graph[User.self, $0.1].following).ids)
        },
        .calls(.csr, over: pairs) { Checksum.of(csr.mutual($0.0, $0.1)) },
        .calls(.dictionary, over: pairs) { Checksum.of(dictionary.mutual($0.0, $0.1)) },
        .calls(.sqlite, over: pairs) { Checksum.of(try sqlite.mutual($0.0, $0.1)) },
      ])
  }
}
