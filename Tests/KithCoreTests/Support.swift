import KithCore
import KithTestSupport

extension RunGeometry {
  /// Geometries in which pages, nodes, leaves and hubs fill up after a few links.
  static let tiny: [RunGeometry] = (0...2).flatMap { pageShift in
    (1...2).flatMap { nodeShift in
      zip([2, 3, 6], [8, 5, 4]).map { longestRun, leafCapacity in
        RunGeometry(
          pageShift: pageShift, nodeShift: nodeShift, longestRun: longestRun,
          leafCapacity: leafCapacity)
      }
    }
  }

  /// One geometry in which everything is tiny, and the one that is used.
  static let tried = [RunGeometry.tiny[0], .tiny[10], .standard]
}

extension SampleGraph {
  /// The graph as an adjacency, every link inserted by itself.
  func adjacency(geometry: RunGeometry = .standard) -> Adjacency {
    var adjacency = Adjacency(geometry: geometry)
    for link in links { adjacency.insert(link.source, link.target) }
    return adjacency
  }

  /// The graph as runs.
  func runs(geometry: RunGeometry = .standard) -> Runs {
    adjacency(geometry: geometry).forward
  }

  /// The targets of a set of rows, one for each path.
  func targets(of sources: [UInt32]) -> [UInt32] {
    sources.flatMap { rows[Int($0)] }
  }
}

extension SplitMix64 {
  /// Distinct rows, ascending, each taken with the given chance.
  mutating func rows(below bound: Int, percent: Int) -> [UInt32] {
    (0..<UInt32(bound)).filter { _ in chance(percent) }
  }
}

extension Scratch {
  /// How many words that must be zero between uses aren't, in the scratches that a kernel may have left.
  static func dirtyWords(rows: Int, depth: Int = 3) -> Int {
    borrow { scratch in
      let counters = scratch.counters(rows: rows).prefix(rows).count { $0 != 0 }
      let weights = scratch.weights(rows: rows).prefix(rows).count { $0 != 0 }
      // Several bitmaps may lie one behind the other.
      let bits = scratch.bits(rows: 4 * rows + 256).prefix((4 * rows + 256) / 64).count { $0 != 0 }
      let marks = scratch.marks(rows: rows).prefix((rows + 63) / 64).count { $0 != 0 }
      let others = depth > 1 ? dirtyWords(rows: rows, depth: depth - 1) : 0
      return counters + weights + bits + marks + others
    }
  }
}
