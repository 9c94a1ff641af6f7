/// A walk of one or more hops from every row of a table at once: the join of association tables.
///
/// A *path* is one way to walk; a *pair* is a source and a target that at least one path connects.
/// Paths are counted without being walked where they can be: over two hops there are in(v) · out(v)
/// of them through each middle row v.
///
/// What has to be walked is walked a range of sources at a time, so that the caller can spread the
/// ranges over threads, and stop between them.
package struct WholeJoin: Sendable {
  /// Which paths count, by whether their two ends are linked.
  package enum Restriction: Sendable {
    case none
    /// Only paths whose source is linked to their target.
    case closed(RunsView)
    /// Only paths whose source is not linked to their target.
    case open(RunsView)
  }

  let hops: [RunHop]
  /// One more than the largest slot of the source table.
  package let sourceCount: Int
  let restriction: Restriction
  let returns: Bool
  /// Forces the way in which closed paths are counted, for tests; nil picks by the work.
  package var closing: Closing?

  /// - Parameters:
  ///   - sourceCount: One more than the largest slot of the source table.
  ///   - returns: Whether a path may end at the row where it started.
  package init(
    _ hops: [RunHop], sourceCount: Int, restriction: Restriction = .none, returns: Bool = true
  ) {
    precondition(!hops.isEmpty, "a join has at least one hop")
    self.hops = hops
    self.sourceCount = sourceCount
    self.restriction = restriction
    self.returns = returns
  }

  /// Whether all paths count, so that none has to be walked.
  package var countsAllPaths: Bool {
    if case .none = restriction { returns } else { false }
  }

  /// Whether the paths from one row are a sum of degrees.
  package var countsPathsByDegree: Bool { countsAllPaths && hops.count <= 2 }

  /// The number of paths; `Int.max` if there are more.
  ///
  /// - Complexity: O(rows) for one or two hops, O(rows + links) for more; O(paths) when the ends
  ///   are restricted, or returns are left out.
  package func pathCount() -> Int {
    countsAllPaths ? allPathCount() : pathCount(from: 0..<sourceCount)
  }

  /// The number of distinct pairs.
  ///
  /// - Complexity: O(paths).
  package func pairCount() -> Int { pairCount(from: 0..<sourceCount) }

  /// The number of paths from each of some rows; `Int.max` if there are more.
  ///
  /// - Complexity: O(degree) for two hops all of whose paths count; O(paths) when the ends are
  ///   restricted.
  package func pathCounts(from sources: ArraySlice<UInt32>) -> [Int] {
    if countsPathsByDegree { return sources.map { shortPathCount(from: $0) } }
    return Scratch.borrow { scratch in sources.map { pathCount(from: $0, scratch) } }
  }

  /// The number of paths from one row.
  package func pathCount(from source: UInt32) -> Int { pathCounts(from: [source])[0] }

  // MARK: Parts

  var lastHop: RunHop { hops[hops.count - 1] }

  /// The rows at the end of all hops but the last, each with the number of paths that reach it.
  func entriesBeforeLastHop(from source: UInt32) -> [PathCounts.Entry] {
    var entries = [PathCounts.Entry(slot: source, paths: 1)]
    for hop in hops.dropLast() {
      if entries.count == 1, entries[0].paths == 1 {
        entries = hop.runs.targets(of: entries[0].slot).map { .init(slot: $0, paths: 1) }
      } else {
        entries = PathCounts.extend(entries, hop.runs, rowCount: hop.rowCount)
      }
    }
    return entries
  }

  /// The runs of the last hop from wherever the hops before it lead.
  func segments(from source: UInt32, _ scratch: Scratch) -> RunSegments {
    switch hops.count {
    case 1: return scratch.segments(of: source, lastHop.runs)
    case 2: return scratch.segments(of: source, hops[0].runs, lastHop.runs)
    default:
      var near = hops[0].runs.targets(of: source)
      for hop in hops.dropFirst().dropLast() {
        near = Expansion.distinctTargets(from: .rows(near), hop.runs, rowCount: hop.rowCount)
      }
      return scratch.segments(of: near.span, lastHop.runs)
    }
  }
}
