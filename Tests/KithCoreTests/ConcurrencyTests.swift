import KithCore
import KithTestSupport
import Testing

@Suite struct `Kernels at once` {
  /// What the kernels say about one version.
  private struct Answers: Equatable {
    var distinct: [UInt32]
    var counts: [PathCounts.Entry]
    var best: [PathCounts.Entry]
    var paths: Int
    var pairs: Int
    var reached: [UInt32]
    var path: [UInt32]?

    init(_ adjacency: Adjacency, rows: Int) {
      let sources = Array(0..<UInt32(rows / 4))
      self = adjacency.forward.withView { forward in
        adjacency.backward.withView { backward in
          Answers(forward, backward, sources, rows)
        }
      }
    }

    private init(_ forward: RunsView, _ backward: RunsView, _ sources: [UInt32], _ rows: Int) {
      distinct = Expansion.distinctTargets(from: .rows(sources), forward, rowCount: rows)
      counts = PathCounts.extend(
        sources.map { PathCounts.Entry(slot: $0, paths: 2) }, forward, rowCount: rows)
      best = TopPaths.best(5, from: .rows(sources), forward, rowCount: rows, ties: .slots)
      let hop = RunHop(runs: forward, reversed: backward, rowCount: rows)
      let join = WholeJoin([hop, hop], sourceCount: rows, returns: false)
      paths = join.pathCount()
      pairs = join.pairCount()
      let back = RunHop(runs: backward, reversed: forward, rowCount: rows)
      reached = Reach.rows(from: [UInt32(rows / 2)], step: [hop, back], within: 1...3)
      path = ShortestPath.find(from: UInt32(rows - 1), to: UInt32(rows - 2), along: [hop])
    }
  }

  @Test(arguments: RunGeometry.tried)
  func `answer from a snapshot as if nobody wrote`(geometry: RunGeometry) async {
    let rows = 60
    let snapshot = SampleGraph.random(seed: 1, sources: rows, targets: rows, links: 500)
      .adjacency(geometry: geometry)
    let expected = Answers(snapshot, rows: rows)
    let wrong = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var wrong = 0
          for _ in 0..<15 where Answers(snapshot, rows: rows) != expected { wrong += 1 }
          return wrong
        }
      }
      group.addTask {
        var mine = snapshot
        var random = SplitMix64(seed: 2)
        for _ in 0..<4_000 {
          let (source, target) = (random.row(below: rows), random.row(below: rows))
          if !mine.insert(source, target) { mine.remove(source, target) }
        }
        return 0
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
    #expect(Answers(snapshot, rows: rows) == expected)
    #expect(Scratch.dirtyWords(rows: rows, depth: 8) == 0)
  }

  /// A version as a store publishes it.
  private final class Published: Sendable {
    let version: Locked<Adjacency>

    init(_ adjacency: Adjacency) { version = Locked(adjacency) }

    var current: Adjacency { version.withLock { $0 } }
  }

  /// Every version has a link i → j only together with j → i, and exactly 80 links.
  @Test(arguments: RunGeometry.tried)
  func `see whole versions while a writer publishes others`(geometry: RunGeometry) async {
    var first = Adjacency(geometry: geometry)
    for row in 0..<UInt32(40) {
      first.insert(row, row + 100)
      first.insert(row + 100, row)
    }
    let published = Published(first)
    let torn = await withTaskGroup(of: Int.self) { group in
      for reader in 0..<3 {
        group.addTask { Self.tornVersions(of: published, reads: 60, seed: UInt64(reader)) }
      }
      group.addTask {
        var random = SplitMix64(seed: 9)
        for _ in 0..<1_500 {
          var next = published.current
          Self.moveOne(&next, &random)
          published.version.withLock { $0 = next }
        }
        return 0
      }
      return await group.reduce(0, +)
    }
    #expect(torn == 0)
    #expect(published.current.count == 80)
  }

  /// Replaces a link and its counterpart by another one.
  private static func moveOne(_ adjacency: inout Adjacency, _ random: inout SplitMix64) {
    let source = random.row(below: 200)
    guard let target = adjacency.targets(of: source, .forward).first, source != target else {
      return
    }
    var (newSource, newTarget) = (random.skewedRow(below: 200), random.row(below: 200))
    while newSource == newTarget || adjacency.contains(newTarget, from: newSource, .forward) {
      (newSource, newTarget) = (random.skewedRow(below: 200), random.row(below: 200))
    }
    adjacency.remove(source, target)
    adjacency.remove(target, source)
    adjacency.insert(newSource, newTarget)
    adjacency.insert(newTarget, newSource)
  }

  /// Reads versions, some of which it changes for itself, and counts those that contradict themselves.
  private static func tornVersions(of published: Published, reads: Int, seed: UInt64) -> Int {
    var random = SplitMix64(seed: seed)
    var torn = 0
    for _ in 0..<reads {
      var mine = published.current
      if random.chance(50) { moveOne(&mine, &random) }
      var links = 0
      mine.forEachLink { source, target in
        links += 1
        if !mine.contains(source, from: target, .forward) { torn += 1 }
        if !mine.contains(source, from: target, .backward) { torn += 1 }
      }
      if links != 80 || mine.count != 80 { torn += 1 }
    }
    return torn
  }
}
