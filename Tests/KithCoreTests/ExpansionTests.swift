import KithCore
import KithTestSupport
import Testing

@Suite struct `Expansion of rows` {
  @Test(arguments: SampleGraph.samples)
  func `finds the distinct targets, whatever the variant`(graph: SampleGraph) {
    var random = SplitMix64(seed: 1)
    for geometry in RunGeometry.tried {
      let runs = graph.runs(geometry: geometry)
      for percent in [0, 2, 10, 50, 100] {
        let sources = random.rows(below: graph.sourceCount, percent: percent)
        expectTargets(of: sources.shuffled(using: &random), runs, graph)
      }
      for source in random.rows(below: graph.sourceCount, percent: 10) {
        expectTargets(of: [source], runs, graph)
        runs.withView { #expect($0.targets(of: source) == graph.rows[Int(source)]) }
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }

  private func expectTargets(of sources: [UInt32], _ runs: Runs, _ graph: SampleGraph) {
    let paths = graph.targets(of: sources)
    let expected = Set(paths).sorted()
    runs.withView { view in
      for variant in Expansion.Variant.allCases.map(Optional.some) + [nil] {
        let found = Expansion.distinctTargets(
          from: .rows(sources), view, rowCount: graph.targetCount, variant: variant)
        #expect(found == expected, "\(graph), variant \(variant?.rawValue ?? "free")")
      }
      let count = Expansion.distinctCount(from: .rows(sources), view, rowCount: graph.targetCount)
      #expect(count == expected.count, "\(graph)")
      #expect(Expansion.pathCount(from: sources, view) == paths.count, "\(graph)")
    }
  }

  /// 0 → 0, 63, 64, 127, 128: both ends of the bitmap's words.
  @Test(arguments: Expansion.Variant.allCases)
  func `finds rows at the ends of a word`(variant: Expansion.Variant) {
    var runs = Runs()
    for row in [128, 64, 0, 127, 63] as [UInt32] { runs.insert(row, into: 0) }
    runs.insert(63, into: 1)
    let found = runs.withView {
      Expansion.distinctTargets(from: .rows([0, 1]), $0, rowCount: 129, variant: variant)
    }
    #expect(found == [0, 63, 64, 127, 128])
    #expect(Scratch.dirtyWords(rows: 129) == 0)
  }

  @Test func `reads a bitmap when the work covers the table, or else parts of it, or a list`() {
    #expect(Expansion.variant(paths: 1_000, rowCount: 1_000) == .bitmap)
    #expect(Expansion.variant(paths: 1_000, rowCount: 10_000) == .bitmap)
    #expect(Expansion.variant(paths: 1_000, rowCount: 1_000_000) == .summary)
    #expect(Expansion.variant(paths: 3, rowCount: 1_000_000) == .touchedList)
  }

  /// More uses of one scratch than there are stamps, each with other rows.
  @Test func `counts right when stamps begin anew`() {
    var runs = Runs()
    for row in 0..<300 as Range<UInt32> {
      runs.insert(row, into: row)
      runs.insert((row * 7 + 1) % 300, into: row)
    }
    runs.withView { view in
      for round in 0..<600 as Range<UInt32> {
        let sources = [round % 300, (round * 3 + 1) % 300]
        let expected = Set(sources.flatMap { [$0, ($0 * 7 + 1) % 300] })
        #expect(
          Expansion.distinctCount(from: .rows(Array(Set(sources))), view, rowCount: 300)
            == expected.count)
      }
    }
  }

  @Test func `finds nothing from no rows, in a table without rows`() {
    let runs = Runs()
    runs.withView { view in
      #expect(Expansion.distinctTargets(from: .rows([]), view, rowCount: 0) == [])
      #expect(Expansion.distinctTargets(from: .rows([7]), view, rowCount: 0) == [])
      #expect(Expansion.distinctCount(from: .rows([7, 8]), view, rowCount: 0) == 0)
    }
  }
}
