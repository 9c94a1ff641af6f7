import KithCore
import KithTestSupport
import Testing

@Suite struct `Shortest path` {
  @Test(arguments: StepModel.samples)
  func `has as many steps as the distance, all of them there`(model: StepModel) {
    var random = SplitMix64(seed: 6)
    let searches = (0..<8).flatMap { _ in
      let source = random.row(below: model.rowCount)
      let distances = model.distances(from: [source])
      return (0..<8).map { _ in
        let target = random.skewedRow(below: model.rowCount)
        return Search(source: source, target: target, distance: distances[target])
      }
    }
    let paths = RunGeometry.tried.map { geometry in
      model.withStep(geometry: geometry) { step in searches.map { $0.path(in: model, step) } }
    }
    // The same links give the same paths, however they are stored.
    #expect(Set(paths).count == 1, "\(model)")
    #expect(Scratch.dirtyWords(rows: 300, depth: 10) == 0)
  }

  private struct Search {
    var source: UInt32
    var target: UInt32
    var distance: Int?

    /// The path that is found, and checked.
    func path(in model: StepModel, _ step: [RunHop]) -> [UInt32]? {
      let path = ShortestPath.find(from: source, to: target, along: step)
      let found = ShortestPath.distance(from: source, to: target, along: step)
      #expect(found == distance, "\(model), \(source) to \(target)")
      #expect(path.map { $0.count - 1 } == distance, "\(model), \(source) to \(target)")
      guard let path else { return nil }
      #expect(path.first == source && path.last == target)
      let steps = zip(path, path.dropFirst())
      #expect(steps.allSatisfy { model.next[Int($0)].contains($1) }, "\(model)")
      return path
    }
  }

  private func path(
    _ links: [(UInt32, UInt32)], rows: Int, from source: UInt32, to target: UInt32
  ) -> [UInt32]? {
    let graph = SampleGraph(
      "graph", sourceCount: rows, targetCount: rows, links: links.map(SampleGraph.Link.init))
    return StepModel([graph]).withStep(geometry: .standard) {
      ShortestPath.find(from: source, to: target, along: $0)
    }
  }

  @Test func `goes the way of the arrows`() {
    // 0 → 1 → 2 → 3 ⟲    4
    let links: [(UInt32, UInt32)] = [(0, 1), (1, 2), (2, 3), (3, 3)]
    #expect(path(links, rows: 5, from: 0, to: 3) == [0, 1, 2, 3])
    #expect(path(links, rows: 5, from: 2, to: 3) == [2, 3])
    #expect(path(links, rows: 5, from: 3, to: 3) == [3])
    #expect(path(links, rows: 5, from: 3, to: 0) == nil)
    #expect(path(links, rows: 5, from: 0, to: 4) == nil)
    #expect(path(links, rows: 5, from: 4, to: 0) == nil)
  }

  @Test func `of several is the one that is met first`() {
    //    1 ──▶ 4
    //  ↗         ↘
    // 0 ─▶ 2 ──▶ 5 ─▶ 6      and 0 → 3 → 5
    let links: [(UInt32, UInt32)] = [
      (0, 3), (0, 2), (0, 1), (1, 4), (4, 6), (2, 5), (3, 5), (5, 6),
    ]
    #expect(path(links, rows: 7, from: 0, to: 6) == [0, 1, 4, 6])
    #expect(path(links.filter { $0 != (1, 4) }, rows: 7, from: 0, to: 6) == [0, 2, 5, 6])
    #expect(path(links.reversed(), rows: 7, from: 0, to: 6) == [0, 1, 4, 6])
  }

  @Test func `is not led astray by a long way that is met early`() {
    // 0 → 1 → 2 → 3 → 9, and 0 → 4, …, 8 → 9 with a link from each to 9
    let links: [(UInt32, UInt32)] =
      [(0, 1), (1, 2), (2, 3), (3, 9)] + (4...8).flatMap { [(0, $0), ($0, 9)] }
    #expect(path(links, rows: 10, from: 0, to: 9) == [0, 4, 9])
  }

  @Test func `leaves out the rows in the middle of a step`() {
    // people 0, 1, 2 go to events: 0 → a, 1 → a, 1 → b, 2 → b
    let visits = SampleGraph(
      "visits", sourceCount: 3, targetCount: 2,
      links: [(0, 0), (1, 0), (1, 1), (2, 1)].map(SampleGraph.Link.init))
    let path = StepModel([visits, visits.reversed]).withStep(geometry: .standard) {
      ShortestPath.find(from: 0, to: 2, along: $0)
    }
    #expect(path == [0, 1, 2])
  }

  @Test func `is refused between rows that the table lacks`() async {
    await #expect(processExitsWith: .failure) {
      StepModel([SampleGraph.path(4)]).withStep(geometry: .standard) {
        _ = ShortestPath.distance(from: 0, to: 4, along: $0)
      }
    }
  }
}
