/// How the work of a join is split: into ranges of sources that take about the same, by prefix sums
/// of the exact work, which is the number of paths.
///
/// A source that takes more than its share ends its range; the ranges after it are not larger for
/// that.
extension WholeJoin {
  /// Ranges of sources that take about the same work, together all sources.
  ///
  /// - Parameters:
  ///   - most: The most ranges.
  ///   - least: The least work that is worth a range of its own.
  /// - Complexity: O(rows + links) where there is work for several ranges.
  package func chunks(atMost most: Int, ofAtLeast least: Int) -> [Range<Int>] {
    if most < 2 || takesLess(than: 2 * least) { return [0..<sourceCount] }
    return WholeJoin.chunks(of: sourceWork(), atMost: most, ofAtLeast: least)
  }

  /// Ranges of some rows that take about the same work, together all.
  ///
  /// - Complexity: O(links of the rows).
  package func chunks(
    of sources: [UInt32], atMost most: Int, ofAtLeast least: Int
  ) -> [Range<Int>] {
    let work = sources.map { source in
      var paths = 1
      hops[0].runs.forEachTarget(of: source) {
        paths += 1 + (hops.count > 1 ? hops[1].runs.count(of: $0) : 0)
      }
      return Double(paths)
    }
    return WholeJoin.chunks(of: work, atMost: most, ofAtLeast: least)
  }

  private static func chunks(
    of work: [Double], atMost most: Int, ofAtLeast least: Int
  ) -> [Range<Int>] {
    let share = max(work.reduce(0, +) / Double(most), Double(least))
    var chunks: [Range<Int>] = []
    var (first, sum) = (0, 0.0)
    for source in work.indices {
      sum += work[source]
      if sum >= share, chunks.count < most - 1 {
        chunks.append(first..<(source + 1))
        (first, sum) = (source + 1, 0)
      }
    }
    if first < work.count { chunks.append(first..<work.count) }
    return chunks
  }

  /// Whether a walk from all sources takes less than some work, in paths, or links where there are
  /// more than two hops.
  ///
  /// - Complexity: O(rows).
  package func takesLess(than work: Int) -> Bool {
    if hops.count <= 2 { return allPathCount() < work }
    return hops.reduce(0) { $0 + $1.reversed.linkCount(below: $1.rowCount) } < work
  }

  /// The paths from each source, its links and itself: in floating point, because over many hops
  /// they are more than an integer counts.
  private func sourceWork() -> [Double] {
    sums(from: 0, none: 1, { Double($0) }, +)
  }
}
