import KithFixtures
import Testing

/// Whether this is a release build: what takes a debug build too long runs only there.
private let isRelease: Bool = {
  #if DEBUG
    false
  #else
    true
  #endif
}()

@Suite struct `The random numbers` {
  @Test func `are those of SplitMix64`() {
    // Rosetta Code, "Pseudo-random numbers/Splitmix64".
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }

  @Test func `below a bound come up equally often`() {
    var random = SplitMix64(seed: 4)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[random.number(below: 6)] += 1 }
    #expect(counts.allSatisfy { 9_500 < $0 && $0 < 10_500 }, "\(counts)")
  }

  @Test func `make a permutation`() {
    var random = SplitMix64(seed: 5)
    #expect(random.permutation(0) == [])
    #expect(random.permutation(1) == [0])
    let numbers = random.permutation(1_000)
    #expect(numbers.sorted() == Array(0..<1_000))
    #expect(numbers != Array(0..<1_000))
  }
}

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

  @Test(.enabled(if: isRelease))
  func `of R-MAT with two million follows is the same on every platform`() {
    let graph = FollowGraph.rmat(scale: 17, draws: 2_200_000, seed: 1)
    #expect(graph.users == 131_072)
    #expect(graph.follows.count == 2_033_853)
    #expect(graph.fingerprint == 11_384_491_303_704_018_187)
  }

  @Test func `of R-MAT holds what the draws hold, without repeats`() {
    var draws: [[Int]] = []
    FollowGraph.forEachRMATDraw(scale: 8, draws: 5_000, seed: 3) { draws.append([$0, $1]) }
    #expect(draws.allSatisfy { $0[0] != $0[1] })
    let follows = FollowGraph.rmat(scale: 8, draws: 5_000, seed: 3).follows
    #expect(Set(draws) == Set(follows.map { [$0.source, $0.target] }))
    #expect(follows.count < draws.count)
  }

  @Test func `stops drawing when the closure throws`() {
    struct Enough: Error {}
    var seen = 0
    #expect(throws: Enough.self) {
      try FollowGraph.forEachRMATDraw(scale: 8, draws: 5_000, seed: 3) { _, _ throws(Enough) in
        seen += 1
        if seen == 10 { throw Enough() }
      }
    }
    #expect(seen == 10)
  }

  @Test func `of R-MAT follows Graph500's probabilities`() {
    // Two users: .57 and .05 of the draws are self links, and .19 are follows each way.
    var counts = [1: 0, 2: 0]
    FollowGraph.forEachRMATDraw(scale: 1, draws: 50_000, seed: 6) { source, _ in
      counts[source, default: 0] += 1
    }
    for source in 1...2 {
      let share = Double(counts[source] ?? 0) / 50_000
      #expect(0.18 < share && share < 0.20, "\(share) of the draws start at \(source)")
    }
  }

  @Test func `refuses arguments out of range`() async {
    await #expect(processExitsWith: .failure) {
      _ = FollowGraph.rmat(scale: -1, draws: 1, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = FollowGraph.rmat(scale: 2, draws: -1, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = FollowGraph.social(users: 9, celebrityShare: 1.5, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = FollowGraph.social(users: 9, medianFollows: -1, seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      var random = SplitMix64(seed: 1)
      _ = random.number(below: 0)
    }
  }

  @Test func `of a social network is the same on every platform`() {
    #expect(
      FollowGraph.social(users: 1_000, seed: 1).graph.fingerprint == 5_422_174_537_485_358_884)
    #expect(
      FollowGraph.social(users: 5_000, seed: 1).graph.fingerprint == 15_900_476_959_390_949_827)
  }

  @Test(.enabled(if: isRelease))
  func `of a large social network is the same on every platform, and keeps its cap`() {
    let graph = FollowGraph.social(users: 100_000, seed: 1).graph
    #expect(graph.follows.count == 2_238_729)
    #expect(graph.fingerprint == 8_588_613_546_164_555_851)
    // The most popular user would return some 6,000 follows.
    var following = [Int](repeating: 0, count: graph.users + 1)
    for follow in graph.follows { following[follow.source] += 1 }
    #expect(following.allSatisfy { $0 <= 5_000 })
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

  @Test func `of the southern women names them as its comments do`() {
    let comments = String(decoding: Fixture.southernWomen, as: UTF8.self).split(separator: "\n")
    #expect(SouthernWomen.names.count == 18)
    for (place, name) in SouthernWomen.names.enumerated() {
      #expect(comments.contains("# woman \(place + 1): \(name)"))
    }
  }

  @Test func `lists its pairs once each, in order, separated by tabs`() throws {
    for bytes in [Fixture.karateClub, Fixture.southernWomen] {
      let pairs = try pairs(bytes)
      #expect(pairs.allSatisfy { $0.count == 2 })
      for (before, after) in zip(pairs, pairs.dropFirst()) {
        #expect((before[0], before[1]) < (after[0], after[1]))
      }
    }
    #expect(try pairs(Fixture.karateClub).allSatisfy { $0[0] < $0[1] })
  }

  private func pairs(_ bytes: [UInt8]) throws -> [[Int]] {
    try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in try line.split(separator: "\t").map { try #require(Int($0)) } }
  }
}
