/// For a walk of several hops from a set of rows: how many paths reach each row.
///
/// All hops but the last are expanded with their multiplicities; the last hop is counted straight
/// into a counter a row. Counting is branch-free: the target is always written to the end of the
/// list of touched rows, and the end advances by one only if its counter was zero.
///
/// ```
///   counters   0 0 2 0 1 0 …        touched   2 4 │ (next write goes here)
/// ```
@usableFromInline
package enum PathCounts {
  /// A row and the number of paths that reach it.
  @usableFromInline
  package struct Entry: Sendable, Hashable {
    @usableFromInline package var slot: UInt32
    @usableFromInline package var paths: Int

    package init(slot: UInt32, paths: Int) {
      self.slot = slot
      self.paths = paths
    }
  }

  /// Counts the paths over one hop from a set of rows, each path of which starts once, and lends
  /// the counts.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the target table.
  ///   - body: Gets a counter a row and the touched rows in order of first touch; the counters are
  ///     cleared after it returns.
  /// - Complexity: O(paths).
  package static func withCounts<Result>(
    from sources: [UInt32], _ runs: RunsView, rowCount: Int,
    _ body: (_ counters: ScratchWords<UInt32>, _ touched: ScratchWords<UInt32>, _ count: Int) ->
      Result
  ) -> Result {
    Scratch.borrow { scratch in
      let segments = scratch.segments(of: sources.span, runs)
      let counters = scratch.counters(rows: rowCount)
      let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
      let count = listTargets(of: segments, counters, touched)
      defer {
        for index in 0..<count { counters[Int(touched[index])] = 0 }
      }
      return body(counters, touched, count)
    }
  }

  /// The largest number of paths.
  private static let most = UInt64(Int.max)

  /// Adds one to the counter of every target, and lists those whose counter was zero.
  static func listTargets(
    of segments: RunSegments, _ counters: ScratchWords<UInt32>, _ touched: ScratchWords<UInt32>
  ) -> Int {
    var end = 0
    segments.forEachRow { row in
      let count = counters[Int(row)]
      counters[Int(row)] = count &+ 1
      touched[end] = row
      end &+= count == 0 ? 1 : 0
    }
    return end
  }

  /// Adds one to the counter of every target.
  static func countTargets(of segments: RunSegments, _ counters: ScratchWords<UInt32>) {
    segments.forEachRow { row in counters[Int(row)] &+= 1 }
  }

  /// Multiplies the paths over one more hop.
  ///
  /// - Parameter entries: Distinct rows, each with at least one path.
  /// - Returns: The rows reached, ascending, each with its number of paths; `Int.max` if there are
  ///   more.
  /// - Complexity: O(paths of the hop + rows reached · log).
  package static func extend(
    _ entries: [Entry], _ runs: RunsView, rowCount: Int
  ) -> [Entry] {
    if entries.allSatisfy({ $0.paths == 1 }) {
      let sources = entries.map(\.slot)
      return withCounts(from: sources, runs, rowCount: rowCount) { counters, touched, count in
        touched.prefix(count).sorted().map { Entry(slot: $0, paths: Int(counters[Int($0)])) }
      }
    }
    return Scratch.borrow { scratch in
      let weights = scratch.weights(rows: rowCount)
      let paths = Expansion.pathCount(from: entries.map(\.slot), runs)
      let touched = scratch.touched(capacity: min(paths, rowCount) + 1)
      var count = 0
      for entry in entries {
        precondition(entry.paths > 0, "a row that is reached has a path")
        let weight = UInt64(entry.paths)
        runs.forEachTarget(of: entry.slot) { row in
          let sum = weights[Int(row)]
          // Two numbers up to the largest integer fit a word without a sign.
          weights[Int(row)] = min(sum &+ weight, PathCounts.most)
          touched[count] = row
          count &+= sum == 0 ? 1 : 0
        }
      }
      return touched.prefix(count).sorted().map { row in
        defer { weights[Int(row)] = 0 }
        return Entry(slot: row, paths: Int(weights[Int(row)]))
      }
    }
  }
}
