/// The rows at given distances from a set of rows: friends of friends of friends, each row once,
/// at the fewest steps that lead to it.
///
/// ```
///   distance     0       1        2        3
///                4 ──▶ 1, 7 ──▶ 2, 3, 9 ──▶ …       within 1...2:  1 2 3 7 9
/// ```
///
/// The walk is breadth first. Its queue holds the rows by distance, so those within some distances
/// are a slice of it, which is sorted; or, when they are many, read from the bitmap in order.
package enum Reach {
  /// The rows whose distance from the nearest of some rows lies in a range, ascending.
  ///
  /// A source itself has distance zero, even when a path returns to it.
  ///
  /// - Parameters:
  ///   - sources: Rows in any order.
  ///   - step: The hops of a step, the last of which leads back to the table of the sources.
  /// - Complexity: O(paths + rows / 64), or O(paths + *n* log *n*) for *n* rows found, where that is
  ///   less. No hop follows a link twice.
  package static func rows(
    from sources: [UInt32], step: [RunHop], within levels: ClosedRange<Int>
  ) -> [UInt32] {
    precondition(levels.lowerBound >= 0, "no distance is negative")
    return BreadthFirst.walk(from: sources, along: step, tracing: false) { walk in
      var first: Int?
      while true {
        let level = walk.found.last
        if level.isEmpty { break }
        if walk.depth == levels.lowerBound { first = level.lowerBound }
        if walk.depth == levels.upperBound { break }
        _ = walk.advance()
      }
      guard let first else { return [] }
      return walk.found.sortedRows(from: first)
    }
  }

  /// The number of rows at each distance from the nearest of some rows, up to the largest.
  ///
  /// - Complexity: O(paths). No hop follows a link twice.
  package static func levels(from sources: [UInt32], step: [RunHop]) -> [Int] {
    BreadthFirst.walk(from: sources, along: step, tracing: false) { walk in
      var counts: [Int] = []
      while !walk.found.last.isEmpty {
        counts.append(walk.found.last.count)
        _ = walk.advance()
      }
      return counts
    }
  }
}

extension BreadthFirst.Queue {
  /// The rows from a place in the queue to its end, ascending.
  func sortedRows(from first: Int) -> [UInt32] {
    if Self.isMany(last.upperBound - first, of: rowCount) {
      for place in 0..<first { _ = seen.takeBit(of: rows[place]) }
      return .filled(capacity: last.upperBound - first) {
        Expansion.take(seen, words: RowBit.words(forRows: rowCount), into: $0)
      }
    }
    var sorted = (first..<last.upperBound).map { rows[$0] }
    sorted.sort()
    return sorted
  }
}
