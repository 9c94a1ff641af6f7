import KithCore
import KithTestSupport
import Testing

@Suite struct `Runs found before they are walked` {
  @Test(arguments: SampleGraph.samples)
  func `hold the targets of all sources, hubs included`(graph: SampleGraph) {
    var random = SplitMix64(seed: 5)
    for geometry in RunGeometry.tried + [.tiny[3], .tiny[17]] {
      let runs = graph.runs(geometry: geometry)
      let sources = random.rows(below: graph.sourceCount + 3, percent: 60)
        .shuffled(using: &random)
      let inside = sources.filter { $0 < graph.sourceCount }
      runs.withView { view in
        Scratch.borrow { scratch in
          let found = scratch.segments(of: sources.span, view)
          #expect(rows(found) == graph.targets(of: inside), "\(graph)")
          #expect(found.paths == graph.targets(of: inside).count)
          for source in inside.prefix(9) {
            let near = graph.rows[Int(source)]
            #expect(rows(scratch.segments(of: source, view)) == near)
            #expect(view.targets(of: source) == near)
            let far = near.filter { $0 < graph.sourceCount }
            let twoHops = scratch.segments(of: source, view, view)
            #expect(rows(twoHops) == graph.targets(of: far), "\(graph), from \(source)")
          }
        }
      }
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `lead to the same rows of two hops as a list of the near rows`(graph: SampleGraph) {
    for geometry in RunGeometry.tried {
      graph.runs(geometry: geometry).withView { view in
        for source in 0..<UInt32(graph.sourceCount) {
          let expected = Set(graph.targets(of: graph.rows[Int(source)])).sorted()
          for variant in Expansion.Variant.allCases.map(Optional.some) + [nil] {
            let found = Expansion.distinctTargets(
              from: .targets(of: source, view), view, rowCount: graph.targetCount, variant: variant)
            #expect(found == expected, "\(graph), from \(source)")
          }
          let count = Expansion.distinctCount(
            from: .targets(of: source, view), view, rowCount: graph.targetCount)
          #expect(count == expected.count, "\(graph), from \(source)")
        }
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }

  @Test(arguments: SampleGraph.samples)
  func `are counted a page at a time`(graph: SampleGraph) {
    for geometry in RunGeometry.tiny + [.standard] {
      let adjacency = graph.adjacency(geometry: geometry)
      adjacency.forward.withView { forward in
        #expect(forward.linkCount(below: graph.sourceCount) == graph.links.count, "\(graph)")
        var degrees = [Int](repeating: 0, count: graph.sourceCount)
        forward.forEachDegree(below: graph.sourceCount) { degrees[Int($0)] = $1 }
        #expect(degrees == graph.rows.map(\.count), "\(graph)")
        var sources: [UInt32] = []
        let range = graph.sourceCount / 3..<graph.sourceCount
        forward.forEachSource(in: range) { sources.append($0) }
        #expect(sources == range.filter { degrees[$0] > 0 }.map { UInt32($0) }, "\(graph)")
        let reversed = graph.reversed.rows
        let products = zip(degrees, reversed).reduce(0) { $0 + $1.0 * $1.1.count }
        for other in [geometry, .tiny[4]] {
          let backward = graph.adjacency(geometry: other).backward
          let sum: Int = backward.withView {
            RunsView.degreeProduct(forward, $0, below: graph.sourceCount)
          }
          #expect(sum == products, "\(graph)")
        }
      }
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `are counted for the sources below a limit`(graph: SampleGraph) {
    let limit = graph.sourceCount / 3
    let expected: [Int] = (0..<limit).filter { !graph.rows[$0].isEmpty }
    for geometry in RunGeometry.tiny + [.standard] {
      let runs = graph.adjacency(geometry: geometry).forward
      var sources: [Int] = []
      runs.withView { $0.forEachDegree(below: limit) { source, _ in sources.append(Int(source)) } }
      #expect(sources == expected, "\(graph)")
    }
  }

  /// Rows 0, 90, 180, … of 20,000 have links in one direction, rows 0, 60, 120, … in the other, and
  /// some so many that they are hubs. Whole pages and nodes are absent on either side.
  @Test(arguments: [1, 4_000, 9_001, 20_000])
  func `have the product of their degrees counted across nodes and hubs`(limit: Int) {
    func runs(every step: Int, from first: Int) -> (runs: Runs, counts: [Int]) {
      var counts = [Int](repeating: 0, count: 20_000)
      var runs = Runs()
      for row in stride(from: first, to: 20_000, by: step) where row / 3_000 % 3 != step % 3 {
        counts[row] = row % 7 == 0 ? 300 + row / 100 : row % 11
        for target in 0..<UInt32(counts[row]) { runs.insert(target, into: UInt32(row)) }
      }
      return (runs, counts)
    }
    let (left, right) = (runs(every: 90, from: 0), runs(every: 61, from: 0))
    let short = runs(every: 30, from: 19_900)
    for (one, other) in [(left, right), (right, left), (left, left), (left, short)] {
      let expected = zip(one.counts, other.counts).prefix(limit / 64 * 64 + 64)
        .reduce(0) { $0 + $1.0 * $1.1 }
      let sum = one.runs.withView { one in
        other.runs.withView { RunsView.degreeProduct(one, $0, below: limit) }
      }
      #expect(sum == expected)
      #expect(one.runs.validate() == [])
    }
  }

  private func rows(_ segments: RunSegments) -> [UInt32] {
    var rows: [UInt32] = []
    segments.forEach { run in
      for index in run.indices { rows.append(run[index]) }
    }
    return rows
  }
}
