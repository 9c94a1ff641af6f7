extension Adjacency {
  /// Makes an adjacency of links that are in order already.
  ///
  /// - Parameters:
  ///   - offsets: Where each source's targets start, and after the last source, where they end.
  ///   - targets: The targets of all sources, each source's ascending and without repeats.
  ///   - targetCount: One more than the largest target.
  /// - Complexity: O(links + rows).
  package init(offsets: [UInt32], targets: [UInt32], targetCount: Int) {
    self.init()
    let backward = Transposition(offsets: offsets, targets: targets, targetCount: targetCount)
    adopt(
      forward: Runs(offsets: offsets.span, targets: targets.span),
      backward: Runs(offsets: backward.offsets.span, targets: backward.sources.span),
      count: targets.count)
  }
}

/// The links of a static CSR, by their targets.
///
/// A counting sort: each target's links are counted, which says where its run starts, and then the
/// sources, which come ascending, go to the ends of the runs.
private struct Transposition {
  private(set) var offsets: [UInt32]
  private(set) var sources: [UInt32]

  init(offsets forward: [UInt32], targets: [UInt32], targetCount: Int) {
    var ends = [UInt32](repeating: 0, count: targetCount + 1)
    for target in targets { ends[Int(target) + 1] += 1 }
    for target in 0..<targetCount { ends[target + 1] += ends[target] }
    offsets = ends
    var sources = [UInt32](repeating: 0, count: targets.count)
    for source in 0..<forward.count - 1 {
      for place in Int(forward[source])..<Int(forward[source + 1]) {
        let target = Int(targets[place])
        sources[Int(ends[target])] = UInt32(source)
        ends[target] += 1
      }
    }
    self.sources = sources
  }
}
