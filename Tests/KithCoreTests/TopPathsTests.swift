import KithCore
import KithTestSupport
import Testing

@Suite struct `Top paths` {
  @Test(arguments: SampleGraph.samples)
  func `are the first rows of the whole ranking`(graph: SampleGraph) {
    var random = SplitMix64(seed: 4)
    let runs = graph.runs(geometry: .tried[graph.links.count % 3])
    for percent in [3, 30, 100] {
      let sources = random.rows(below: graph.sourceCount, percent: percent)
      let masked = random.rows(below: graph.targetCount + 20, percent: 10)
      for ties in TieOrder.all(rows: graph.targetCount, &random) {
        let choices: [([UInt32], UInt32)] = [([], 1), (masked, 1), ([], 3), (masked, 2)]
        for (mask, divisor) in choices {
          let ranking = ranking(graph.targets(of: sources), ties, without: mask, divisor)
          for limit in [0, 1, 2, 10, ranking.count, ranking.count + 1, 10_000] {
            for variant in TopPaths.Variant.allCases.map(Optional.some) + [nil] {
              let found = runs.withView { view in
                TopPaths.best(
                  limit, from: .rows(sources), view, rowCount: graph.targetCount, ties: ties.order,
                  accept: divisor == 1 ? nil : { $0 % divisor == 0 }, variant: variant,
                  hiding: { counters in for row in mask { TopPaths.mask(row, counters) } })
              }
              #expect(found == Array(ranking.prefix(limit)), "\(graph), \(ties), limit \(limit)")
            }
          }
        }
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }

  /// All rows by descending number of paths and then by key; only multiples of `divisor` are accepted.
  private func ranking(
    _ paths: [UInt32], _ ties: TieOrder, without mask: [UInt32], _ divisor: UInt32
  ) -> [PathCounts.Entry] {
    var counts: [UInt32: Int] = [:]
    for row in paths where !mask.contains(row) && row % divisor == 0 {
      counts[row, default: 0] += 1
    }
    let entries = counts.map { PathCounts.Entry(slot: $0.key, paths: $0.value) }
    return entries.sorted { first, second in
      first.paths == second.paths
        ? ties.places[Int(first.slot)] < ties.places[Int(second.slot)]
        : first.paths > second.paths
    }
  }

  @Test func `ask only about rows that would enter`() {
    // 0, 1 and 2 → 3; 0 → 4, 5, 6, …
    var runs = Runs()
    for source in 0..<UInt32(3) { runs.insert(3, into: source) }
    for target in 4..<UInt32(50) { runs.insert(target, into: 0) }
    for variant in TopPaths.Variant.allCases {
      var asked: [UInt32] = []
      let best = runs.withView { view in
        TopPaths.best(
          1, from: .rows([0, 1, 2]), view, rowCount: 50, ties: .slots,
          accept: { row in
            asked.append(row)
            return true
          }, variant: variant)
      }
      #expect(best == [PathCounts.Entry(slot: 3, paths: 3)])
      #expect(asked == [3])
    }
  }

  @Test(arguments: SampleGraph.samples)
  func `of two hops from a row are those from its targets`(graph: SampleGraph) {
    let runs = graph.runs(geometry: .tried[graph.links.count % 3])
    let near = Runs.linking(Array(0..<UInt32(graph.sourceCount)))
    runs.withView { runs in
      near.withView { near in
        let sources = near.targets(of: 0)
        let rowCount = graph.targetCount
        let direct = TopPaths.best(5, from: .rows(sources), runs, rowCount: rowCount, ties: .slots)
        let walked = TopPaths.best(
          5, from: .targets(of: 0, near), runs, rowCount: rowCount, ties: .slots)
        #expect(walked == direct)
      }
    }
  }
}

extension Runs {
  /// Runs in which row 0 is linked to some rows.
  fileprivate static func linking(_ targets: [UInt32]) -> Runs {
    var runs = Runs()
    for target in targets { runs.insert(target, into: 0) }
    return runs
  }
}
