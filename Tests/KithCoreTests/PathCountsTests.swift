import KithCore
import KithTestSupport
import Testing

@Suite struct `Path counts` {
  @Test(arguments: SampleGraph.samples)
  func `are the numbers of links that lead to each row`(graph: SampleGraph) {
    var random = SplitMix64(seed: 2)
    for geometry in RunGeometry.tried {
      let runs = graph.runs(geometry: geometry)
      for percent in [0, 5, 40, 100] {
        let sources = random.rows(below: graph.sourceCount, percent: percent)
        let expected = counts(graph.targets(of: sources).map { ($0, 1) })
        let found = counted(from: sources, runs, graph.targetCount)
        #expect(found == expected, "\(graph)")
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }

  private func counted(from sources: [UInt32], _ runs: Runs, _ rows: Int) -> [UInt32: Int] {
    runs.withView { view in
      PathCounts.withCounts(from: sources, view, rowCount: rows) { counters, touched, count in
        // Every touched row stands in the list once, or this traps.
        Dictionary(
          uniqueKeysWithValues: touched.prefix(count).map { ($0, Int(counters[Int($0)])) })
      }
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `multiply over another hop`(graph: SampleGraph) {
    var random = SplitMix64(seed: 3)
    for geometry in RunGeometry.tried {
      let runs = graph.runs(geometry: geometry)
      for (percent, heaviest) in [(0, 1), (10, 1), (100, 1), (10, 9), (50, 1 << 40)] {
        let entries = random.rows(below: graph.sourceCount, percent: percent).map {
          PathCounts.Entry(slot: $0, paths: 1 + random.number(below: heaviest))
        }
        let expected = counts(
          entries.flatMap { entry in graph.rows[Int(entry.slot)].map { ($0, entry.paths) } })
        let found = runs.withView {
          PathCounts.extend(entries, $0, rowCount: graph.targetCount)
        }
        #expect(found == entriesByRow(expected), "\(graph)")
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }

  /// Walks of up to six hops, against as many products of the matrix.
  @Test(arguments: 1...UInt64(6))
  func `of long walks are powers of the matrix`(seed: UInt64) {
    let graph = SampleGraph.random(seed: seed, sources: 12, targets: 12, links: 40)
    let runs = graph.runs(geometry: .tiny[Int(seed)])
    var entries = [PathCounts.Entry(slot: 0, paths: 1)]
    var expected = [UInt32(0): 1]
    for hops in 1...6 {
      entries = runs.withView { PathCounts.extend(entries, $0, rowCount: 12) }
      expected = counts(
        expected.flatMap { row, paths in graph.rows[Int(row)].map { ($0, paths) } })
      #expect(entries == entriesByRow(expected), "seed \(seed), \(hops) hops")
    }
  }

  @Test func `lend their counters for as long as they are read`() {
    // 0 → 2, 1 → 2, and inside, 2 → 0.
    var runs = Runs()
    for (source, target) in [(0, 2), (1, 2), (2, 0)] as [(UInt32, UInt32)] {
      runs.insert(target, into: source)
    }
    runs.withView { view in
      PathCounts.withCounts(from: [0, 1], view, rowCount: 3) { outer, _, _ in
        PathCounts.withCounts(from: [2], view, rowCount: 3) { inner, _, count in
          #expect((outer[2], inner[2], inner[0], count) == (2, 0, 1, 1))
        }
        #expect(outer[2] == 2)
      }
    }
    #expect(Scratch.dirtyWords(rows: 3) == 0)
  }

  private func counts(_ paths: [(UInt32, Int)]) -> [UInt32: Int] {
    Dictionary(paths, uniquingKeysWith: +)
  }

  private func entriesByRow(_ counts: [UInt32: Int]) -> [PathCounts.Entry] {
    counts.sorted { $0.key < $1.key }.map { PathCounts.Entry(slot: $0.key, paths: $0.value) }
  }
}
