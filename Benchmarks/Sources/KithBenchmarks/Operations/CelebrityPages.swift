import Kith

/// Pages of the followers of the most followed user.
enum CelebrityPages {
  static let size = 20

  static func plans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("page of 20 followers", "celebrity, first page", on: graph) { try page($0, number: 1) },
      Plan("page of 20 followers", "celebrity, page 1000", on: graph) {
        try page($0, number: 1000)
      },
      Plan("follower count", "celebrity", on: graph, count),
    ]
  }

  private static func page(_ world: World, number: Int) throws -> Case {
    let celebrity = world.mostFirst(world.inDegrees)[0]
    let start = (number - 1) * size
    guard world.inDegrees.max() ?? 0 >= start + size else {
      throw SuiteFailure(
        description: "nobody in \(world.spec.name) has \(number) pages of followers")
    }
    let users = Array(repeating: celebrity, count: 64)
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) {
          let followers = graph[User.self, $0].followers
          return Checksum.of(
            (start == 0 ? followers : followers.dropFirst(start)).prefix(size).ids)
        },
        .calls(.csr, over: users) {
          Checksum.of(csr.followers(of: $0, from: start, count: size))
        },
        .calls(.dictionary, over: users) {
          Checksum.of((dictionary.followers[$0] ?? []).dropFirst(start).prefix(size))
        },
        .calls(.sqlite, over: users) {
          Checksum.of(try sqlite.followers(of: $0, from: start, count: size))
        },
      ])
  }

  private static func count(_ world: World) throws -> Case {
    let celebrity = world.mostFirst(world.inDegrees)[0]
    let calls = 64
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: calls,
      sides: [
        .block(.kith) {
          Checksum.of((0..<calls).lazy.map { _ in graph[User.self, celebrity].followers.count })
        },
        .block(.csr) {
          Checksum.of((0..<calls).lazy.map { _ in csr.followerCount(of: celebrity) })
        },
        .block(.dictionary) {
          Checksum.of((0..<calls).lazy.map { _ in dictionary.followers[celebrity]?.count ?? 0 })
        },
        .block(.sqlite) {
          var checksum = Checksum()
          for _ in 0..<calls { checksum.add(try sqlite.followerCount(of: celebrity)) }
          return checksum.value
        },
      ])
  }
}
