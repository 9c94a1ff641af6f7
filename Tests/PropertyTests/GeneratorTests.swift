import KithFixtures
import Testing

@Suite struct `A generated graph` {
  @Test func `of R-MAT is the same on every platform`() {
    #expect(
      FollowGraph.rmat(scale: 10, draws: 16_384, seed: 1).fingerprint == 7_408_791_462_636_337_375)
    #expect(
      FollowGraph.rmat(scale: 10, draws: 16_384, seed: 2).fingerprint == 17_550_049_640_438_673_533)
    #expect(
      FollowGraph.rmat(scale: 14, draws: 200_000, seed: 1).fingerprint == 11_270_558_692_297_805_669
    )
  }

  @Test func `of a social network is the same on every platform`() {
    #expect(
      FollowGraph.social(users: 1_000, seed: 1).graph.fingerprint == 5_422_174_537_485_358_884)
    #expect(
      FollowGraph.social(users: 5_000, seed: 1).graph.fingerprint == 15_900_476_959_390_949_827)
  }

  @Test func `holds distinct links between users, none to oneself, in order`() {
    for graph in [
      FollowGraph.rmat(scale: 8, draws: 5_000, seed: 3),
      FollowGraph.social(users: 800, seed: 3).graph,
      FollowGraph.social(users: 2, seed: 3).graph,
      FollowGraph.social(users: 1, seed: 3).graph,
      FollowGraph.social(users: 0, seed: 3).graph,
    ] {
      for (source, target) in graph.follows {
        #expect(source != target && (1...graph.users).contains(source))
        #expect((1...graph.users).contains(target))
      }
      for (before, after) in zip(graph.follows, graph.follows.dropFirst()) {
        #expect(before < after)
      }
    }
  }

  @Test func `of a social network has its shape`() {
    let (graph, celebrity) = FollowGraph.social(users: 10_000, celebrityShare: 0.3, seed: 5)
    let links = Set(graph.follows.map { $0.source << 32 | $0.target })
    let returned = graph.follows.filter { links.contains($0.target << 32 | $0.source) }.count
    let share = Double(returned) / Double(graph.follows.count)
    #expect(0.25 < share && share < 0.35, "\(share) of the follows are returned")
    let fans = graph.follows.filter { $0.target == celebrity }.count
    #expect(2_800 < fans && fans < 3_200)
    var following: [Int: Int] = [:]
    var followers: [Int: Int] = [:]
    for (source, target) in graph.follows {
      following[source, default: 0] += 1
      followers[target, default: 0] += 1
    }
    #expect(following.values.allSatisfy { $0 <= 5_000 })
    // A power law: the hundredth most followed still has many times the median.
    let popular = followers.values.sorted(by: >)
    #expect(popular[100] > 8 * popular[popular.count / 2])
  }
}

@Suite struct `A bundled data set` {
  @Test func `of the karate club has the published ties`() throws {
    let ties = try pairs(Fixture.karateClub)
    #expect(ties.count == 78)
    #expect(Set(ties.flatMap(\.self)) == Set(1...34))
    func degree(_ member: Int) -> Int { ties.filter { $0.contains(member) }.count }
    #expect([1, 2, 3, 33, 34, 12].map(degree) == [16, 9, 10, 12, 17, 1])
    let known = Set(ties)
    let triangles = ties.flatMap { tie in
      (1...34).filter {
        $0 > tie[1] && known.contains([tie[0], $0]) && known.contains([tie[1], $0])
      }
    }
    #expect(triangles.count == 45)
  }

  @Test func `of the southern women has the published attendances`() throws {
    let attendances = try pairs(Fixture.southernWomen)
    #expect(attendances.count == 89)
    func count(_ place: Int, _ limit: Int) -> [Int] {
      (1...limit).map { number in attendances.filter { $0[place] == number }.count }
    }
    #expect(count(0, 18) == [8, 7, 8, 7, 4, 4, 4, 3, 4, 4, 4, 6, 7, 8, 5, 2, 2, 2])
    #expect(count(1, 14) == [3, 3, 6, 4, 8, 8, 10, 14, 12, 5, 4, 6, 3, 3])
  }

  private func pairs(_ bytes: [UInt8]) throws -> [[Int]] {
    try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in try line.split(separator: "\t").map { try #require(Int($0)) } }
  }
}
