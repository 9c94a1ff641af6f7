import KithCore
import KithTestSupport
import Testing

@Suite struct `Rows within reach` {
  @Test(arguments: StepModel.samples)
  func `finds the rows at their distance, however long the step`(model: StepModel) {
    var random = SplitMix64(seed: 4)
    let searches = [0, 1, 10, 100].map { percent in
      let sources = random.rows(below: model.rowCount, percent: percent).shuffled(using: &random)
      return Search(sources: sources, distances: model.distances(from: sources))
    }
    for geometry in RunGeometry.tried {
      model.withStep(geometry: geometry) { step in
        for search in searches { search.expectRows(along: step, model) }
      }
    }
    #expect(Scratch.dirtyWords(rows: 300, depth: 8) == 0)
  }

  /// Levels of one row to hundreds, so that some are sorted and some are read from a bitmap.
  @Test(arguments: 1...UInt64(2))
  func `finds few rows of a large table, and many`(seed: UInt64) {
    let model = StepModel([.random(seed: seed, sources: 5_000, targets: 5_000, links: 6_000)])
    let searches = [[2_500], [4_999, 0, 77], []].map { sources in
      Search(sources: sources, distances: model.distances(from: sources))
    }
    model.withStep(geometry: .standard) { step in
      for search in searches { search.expectRows(along: step, model) }
    }
    #expect(Scratch.dirtyWords(rows: 5_000) == 0)
  }

  private struct Search {
    var sources: [UInt32]
    var distances: [UInt32: Int]

    func expectRows(along step: [RunHop], _ model: StepModel) {
      for levels in [0...0, 1...1, 1...3, 4...1_000, 0...Int.max] {
        let expected = distances.filter { levels.contains($0.value) }.keys.sorted()
        let found = Reach.rows(from: sources, step: step, within: levels)
        #expect(found == expected, "\(model), \(levels)")
      }
      let farthest = distances.values.max() ?? -1
      let counts = (0..<(farthest + 1)).map { level in distances.values.count { $0 == level } }
      #expect(Reach.levels(from: sources, step: step) == counts, "\(model)")
    }
  }

  // 0 ⟲, 0 → 1 → 2 → 0, 2 → 3    4 → 3    5
  private let graph = StepModel([
    SampleGraph(
      "two components", sourceCount: 6, targetCount: 6,
      links: [(0, 0), (0, 1), (1, 2), (2, 0), (2, 3), (4, 3)].map(SampleGraph.Link.init))
  ])

  private func rows(from sources: [UInt32], within levels: ClosedRange<Int>) -> [UInt32] {
    graph.withStep(geometry: .standard) { step in
      Reach.rows(from: sources, step: step, within: levels)
    }
  }

  @Test func `gives each row its shortest distance, and a source none but zero`() {
    #expect(rows(from: [0], within: 0...0) == [0])
    #expect(rows(from: [0], within: 1...3) == [1, 2, 3])
    #expect(rows(from: [0], within: 2...2) == [2])
    #expect(rows(from: [0], within: 4...9) == [])
  }

  @Test func `starts from the nearest of several sources, each once`() {
    #expect(rows(from: [4, 0, 4, 0], within: 0...0) == [0, 4])
    #expect(rows(from: [4, 0, 4, 0], within: 1...1) == [1, 3])
    #expect(rows(from: [5], within: 0...7) == [5])
    #expect(rows(from: [], within: 0...7) == [])
  }

  @Test func `counts the rows at each distance`() {
    graph.withStep(geometry: .tiny[0]) { step in
      #expect(Reach.levels(from: [0], step: step) == [1, 1, 1, 1])
      #expect(Reach.levels(from: [1, 5], step: step) == [2, 1, 2])
      #expect(Reach.levels(from: [], step: step) == [])
    }
  }

  /// 100 followers of row 0, who follow nobody else; two hops lead from each to all others.
  @Test func `walks through a hub in the middle of a step once`() {
    let toHub = SampleGraph(
      "hub", sourceCount: 100, targetCount: 1, links: (0..<100).map { SampleGraph.Link($0, 0) })
    StepModel([toHub, toHub.reversed]).withStep(geometry: .tiny[0]) { step in
      #expect(Reach.levels(from: [7], step: step) == [1, 99])
    }
  }

  @Test func `refuses a step without hops, and a negative distance`() async {
    await #expect(processExitsWith: .failure) {
      _ = Reach.levels(from: [0], step: [])
    }
    await #expect(processExitsWith: .failure) {
      _ = Reach.rows(from: [], step: [], within: -1...1)
    }
  }
}
