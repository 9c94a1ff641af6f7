import KithCore
import KithTestSupport
import Testing

@Suite struct `Whole join` {
  /// The way that a walk takes through graphs, and the simplest list of all its paths.
  private struct Walk: CustomStringConvertible {
    var hops: [SampleGraph]

    var description: String { hops.map(\.description).joined(separator: ", then ") }

    var paths: [SampleGraph.Link] {
      var ends = (0..<UInt32(hops[0].sourceCount)).map { SampleGraph.Link($0, $0) }
      for hop in hops {
        ends = ends.flatMap { end in
          hop.rows[Int(end.target)].map { SampleGraph.Link(end.source, $0) }
        }
      }
      return ends
    }
  }

  private func walks() -> [Walk] {
    let small = SampleGraph.samples.filter { $0.links.count <= 300 }
    let fiveHops = SampleGraph.random(seed: 9, sources: 9, targets: 9, links: 24)
    let tables = (1...4).map { seed in
      let counts = [30, 9, 70, 20]
      return Walk(
        hops: (0..<3).map { hop in
          .random(
            seed: UInt64(seed * 10 + hop), sources: counts[hop], targets: counts[hop + 1],
            links: 20 * seed)
        })
    }
    return small.flatMap { graph in
      [Walk(hops: [graph]), Walk(hops: [graph, graph]), Walk(hops: [graph, graph.reversed])]
    }
      + small.filter { $0.links.count <= 70 }.map { Walk(hops: [$0, $0, $0]) }
      + tables + tables.map { Walk(hops: Array($0.hops.prefix(2))) }
      + [Walk(hops: [SampleGraph](repeating: fiveHops, count: 5))]
  }

  @Test func `finds the paths of all walks`() {
    for (index, walk) in walks().enumerated() {
      let paths = walk.paths
      withJoin(walk, geometry: .tried[index % 3]) { join in
        expect(join, paths, walk, sampling: 5)
      }
      #expect(dirtyWords(walk) == 0)
    }
  }

  @Test func `leaves out the paths that return`() {
    for (index, walk) in walks().enumerated()
    where walk.hops[0].sourceCount == walk.hops[walk.hops.count - 1].targetCount {
      let paths = walk.paths.filter { $0.source != $0.target }
      withJoin(walk, geometry: .tried[index % 3], returns: false) { join in
        expect(join, paths, walk, sampling: 5)
      }
      #expect(dirtyWords(walk) == 0)
    }
  }

  @Test(arguments: [true, false])
  func `keeps the paths whose ends are linked, or are not`(returns: Bool) {
    for (index, walk) in walks().enumerated() {
      let closing = SampleGraph.random(
        seed: 77, sources: walk.hops[0].sourceCount,
        targets: walk.hops[walk.hops.count - 1].targetCount, links: 90)
      if !returns, closing.sourceCount != closing.targetCount { continue }
      let paths = walk.paths.filter { returns || $0.source != $0.target }
      let links = Set(closing.links)
      let geometry = RunGeometry.tried[index % 3]
      closing.runs(geometry: geometry).withView { view in
        withJoin(walk, geometry: geometry, .closed(view), returns: returns) { join in
          expect(join, paths.filter { links.contains($0) }, walk, sampling: 10)
        }
        withJoin(walk, geometry: geometry, .open(view), returns: returns) { join in
          expect(join, paths.filter { !links.contains($0) }, walk, sampling: 10)
        }
      }
      #expect(dirtyWords(walk) == 0)
    }
  }

  // MARK: Identities

  @Test(arguments: SampleGraph.samples)
  func `has in times out paths through every middle row`(graph: SampleGraph) {
    let reversed = graph.reversed
    var expected = 0
    for row in 0..<graph.sourceCount {
      expected += reversed.rows[row].count * graph.rows[row].count
    }
    withJoin(Walk(hops: [graph, graph]), geometry: .standard) { join in
      #expect(join.pathCount() == expected)
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `loses one path for every link that has a counterpart`(graph: SampleGraph) {
    let links = Set(graph.links)
    let reciprocal = links.filter { links.contains(SampleGraph.Link($0.target, $0.source)) }.count
    let walk = Walk(hops: [graph, graph])
    var all = 0
    withJoin(walk, geometry: .standard) { all = $0.pathCount() }
    withJoin(walk, geometry: .standard, returns: false) { join in
      #expect(join.pathCount() == all - reciprocal)
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `splits into closed and open paths`(graph: SampleGraph) {
    let walk = Walk(hops: [graph, graph])
    var (paths, pairs) = (0, 0)
    withJoin(walk, geometry: .standard) { join in
      (paths, pairs) = (join.pathCount(), join.pairCount())
    }
    graph.runs().withView { view in
      for restriction in [WholeJoin.Restriction.closed(view), .open(view)] {
        withJoin(walk, geometry: .standard, restriction) { join in
          paths -= join.pathCount()
          pairs -= join.pairCount()
        }
      }
    }
    #expect((paths, pairs) == (0, 0))
  }

  // MARK: Work

  @Test func `looks up who is linked to those around a hub`() {
    // 0 ⇄ 1, 0 ⇄ 2, … 0 ⇄ 3,000, and 1 → 2
    let leaves = 1...UInt32(3_000)
    let links = leaves.flatMap { [SampleGraph.Link(0, $0), .init($0, 0)] } + [.init(1, 2)]
    let star = SampleGraph("two-way star", sourceCount: 3_001, targetCount: 3_001, links: links)
    star.runs().withView { view in
      withJoin(Walk(hops: [star, star]), geometry: .standard, .closed(view)) { join in
        // Of all paths between the leaves none is walked; those from the hub are as many as its links.
        #expect(leaves.dropFirst().allSatisfy { join.looksUp(from: $0, endCount: 1) })
        #expect(join.looksUp(from: 1, endCount: 2, paths: 3_001))
        #expect(!join.looksUp(from: 0, endCount: 3_000))
        // 1 → 0 → 2, 0 → 1 → 2, 1 → 2 → 0
        #expect(join.pathCount() == 3)
        #expect(join.pairCount() == 3)
        var found: [SampleGraph.Link] = []
        join.forEachPath { found.append(SampleGraph.Link($0, $1)) }
        #expect(found == [.init(0, 2), .init(1, 2), .init(1, 0)])
      }
      withJoin(Walk(hops: [star, star]), geometry: .standard, .open(view)) { join in
        // Through the hub, through 1, through 2, and through each of the others; three are closed.
        #expect(join.pathCount() == 3_000 * 3_000 + 2 + 2 + 2_998 - 3)
      }
    }
  }

  @Test func `looks nothing up where only the first and the last of many rows are hubs`() {
    // 0 → 1, 2, … 100; 1 and 100 → 0, 1, … 100
    let links =
      (1...100).map { SampleGraph.Link(0, $0) }
      + [1, 100].flatMap { hub in (0...100).map { SampleGraph.Link(hub, $0) } }
    let graph = SampleGraph("two hubs", sourceCount: 101, targetCount: 101, links: links)
    withJoin(Walk(hops: [graph, graph]), geometry: .standard) { join in
      // 202 paths, and a look-up of each end in each of a hundred rows.
      #expect(!join.looksUp(from: 0, endCount: 1))
    }
  }

  // MARK: Helpers

  private func expect(
    _ join: WholeJoin, _ paths: [SampleGraph.Link], _ walk: Walk, sampling step: Int
  ) {
    #expect(join.pathCount() == paths.count, "\(walk)")
    #expect(join.pairCount() == Set(paths).count, "\(walk)")
    var found: [SampleGraph.Link] = []
    join.forEachPath { found.append(SampleGraph.Link($0, $1)) }
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.source <= $1.source }, "\(walk)")
    #expect(found.sorted() == paths.sorted(), "\(walk)")
    for closing in WholeJoin.Closing.allCases {
      var forced = join
      forced.closing = closing
      #expect(forced.pathCount() == paths.count, "\(walk), \(closing)")
      #expect(forced.pairCount() == Set(paths).count, "\(walk), \(closing)")
      var found: [SampleGraph.Link] = []
      forced.forEachPath { found.append(SampleGraph.Link($0, $1)) }
      #expect(found.sorted() == paths.sorted(), "\(walk), \(closing)")
    }
    for most in [1, 2, 7] {
      let chunks = join.chunks(atMost: most, ofAtLeast: 3)
      #expect(chunks.count <= most, "\(walk)")
      #expect(chunks.flatMap(Array.init) == Array(0..<join.sourceCount), "\(walk)")
      let counted = chunks.map { (join.pathCount(from: $0), join.pairCount(from: $0)) }
      #expect(counted.reduce(0) { $0 + $1.0 } == paths.count, "\(walk)")
      #expect(counted.reduce(0) { $0 + $1.1 } == Set(paths).count, "\(walk)")
    }
    for source in stride(from: UInt32(0), to: UInt32(walk.hops[0].sourceCount), by: step) {
      let count = paths.count { $0.source == source }
      #expect(join.pathCount(from: source) == count, "\(walk), from \(source)")
    }
  }

  private func withJoin(
    _ walk: Walk, geometry: RunGeometry, _ restriction: WholeJoin.Restriction = .none,
    returns: Bool = true, _ body: (WholeJoin) -> Void
  ) {
    walk.hops.withRuns(geometry: geometry) { hops in
      body(
        WholeJoin(
          hops, sourceCount: walk.hops[0].sourceCount, restriction: restriction, returns: returns))
    }
  }

  private func dirtyWords(_ walk: Walk) -> Int {
    Scratch.dirtyWords(rows: walk.hops.map(\.targetCount).max() ?? 0)
  }
}
