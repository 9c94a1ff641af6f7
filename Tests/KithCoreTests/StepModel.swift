import KithCore
import KithTestSupport

/// A table and the steps between its rows, as lists: too simple to be wrong.
struct StepModel: CustomStringConvertible {
  let description: String
  /// The hops of a step.
  let hops: [SampleGraph]
  /// The rows at the end of a step from each row, ascending.
  let next: [[UInt32]]

  init(_ hops: [SampleGraph]) {
    description = hops.map(\.description).joined(separator: ", then ")
    self.hops = hops
    next = (0..<hops[0].sourceCount).map { row in
      hops.reduce(Set([UInt32(row)])) { rows, hop in Set(hop.targets(of: Array(rows))) }.sorted()
    }
  }

  var rowCount: Int { next.count }

  /// The distance of every row that can be reached.
  func distances(from sources: [UInt32]) -> [UInt32: Int] {
    var distances = Dictionary(sources.map { ($0, 0) }) { first, _ in first }
    var distance = 0
    var level = Set(sources)
    while !level.isEmpty {
      distance += 1
      level = Set(level.flatMap { next[Int($0)] }).filter { distances[$0] == nil }
      for row in level { distances[row] = distance }
    }
    return distances
  }

  /// Calls `body` with a step's hops.
  func withStep<Result>(geometry: RunGeometry, _ body: ([RunHop]) -> Result) -> Result {
    hops.withRuns(geometry: geometry, body)
  }

  /// Steps of one, two and three hops, over few and many links.
  static let samples: [StepModel] =
    SampleGraph.samples.map { StepModel([$0]) }
    + [
      StepModel([SampleGraph.star(150).reversed, .path(150)]),
      StepModel([.path(100), .path(100)]), StepModel([.empty(70), .path(70)]),
    ]
    + (1...16).map { seed in
      let rows = [5, 40, 90, 200][seed % 4]
      let others = [3, 64, 150][seed % 3]
      let links = rows * [1, 2, 5][seed / 3 % 3]
      let hop = SampleGraph.random(
        seed: UInt64(seed), sources: rows, targets: others, links: links)
      if seed % 2 == 0 { return StepModel([hop, hop.reversed]) }
      let middle = SampleGraph.random(
        seed: UInt64(seed) + 50, sources: others, targets: others, links: others * 2)
      return StepModel([hop, middle, hop.reversed])
    }
}

extension [SampleGraph] {
  /// Calls `body` with the hops of a walk over one graph after the other.
  func withRuns<Result>(geometry: RunGeometry, _ body: ([RunHop]) -> Result) -> Result {
    let adjacencies = map { $0.adjacency(geometry: geometry) }
    func add(_ steps: [RunHop]) -> Result {
      if steps.count == count { return body(steps) }
      let next = adjacencies[steps.count]
      return next.forward.withView { forward in
        next.backward.withView { backward in
          let rowCount = self[steps.count].targetCount
          return add(steps + [RunHop(runs: forward, reversed: backward, rowCount: rowCount)])
        }
      }
    }
    return add([])
  }
}
