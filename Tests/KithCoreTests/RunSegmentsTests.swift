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
              ofTargetsOf: source, view, view, rowCount: graph.targetCount, variant: variant)
            #expect(found == expected, "\(graph), from \(source)")
          }
          let count = Expansion.distinctCount(
            ofTargetsOf: source, view, view, rowCount: graph.targetCount)
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
          graph.adjacency(geometry: other).backward.withView { backward in
            let sum = RunsView.degreeProduct(forward, backward, below: graph.sourceCount)
            #expect(sum == products, "\(graph)")
          }
        }
      }
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
