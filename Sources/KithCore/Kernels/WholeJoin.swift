/// A walk of one or more hops from every row of a table at once: the join of association tables.
///
/// A *path* is one way to walk; a *pair* is a source and a target that at least one path connects.
/// Paths are counted without being enumerated: over two hops there are in(v) · out(v) of them
/// through each middle row v.
package struct WholeJoin {
  /// One hop of the walk.
  package struct Hop {
    /// From the rows on the near side to those on the far side.
    package var runs: RunsView
    /// The other direction.
    package var reversed: RunsView
    /// One more than the largest slot on the far side.
    package var rowCount: Int

    package init(runs: RunsView, reversed: RunsView, rowCount: Int) {
      self.runs = runs
      self.reversed = reversed
      self.rowCount = rowCount
    }
  }

  /// Which paths count, by whether their two ends are linked.
  package enum Restriction {
    case none
    /// Only paths whose source is linked to their target.
    case closed(RunsView)
    /// Only paths whose source is not linked to their target.
    case open(RunsView)
  }

  private let hops: [Hop]
  private let sourceCount: Int
  private let restriction: Restriction
  private let returns: Bool

  /// - Parameters:
  ///   - sourceCount: One more than the largest slot of the source table.
  ///   - returns: Whether a path may end at the row where it started.
  package init(
    _ hops: [Hop], sourceCount: Int, restriction: Restriction = .none, returns: Bool = true
  ) {
    precondition(!hops.isEmpty, "a join has at least one hop")
    self.hops = hops
    self.sourceCount = sourceCount
    self.restriction = restriction
    self.returns = returns
  }

  /// The number of paths.
  ///
  /// - Complexity: O(rows) for one or two hops, O(rows + links) for more; O(paths) when the ends
  ///   are restricted.
  package func pathCount() -> Int {
    if case .none = restriction, returns { return unrestrictedPathCount() }
    var paths = 0
    forEachSource { source, nearLast in
      for near in nearLast {
        lastHop.runs.forEachTarget(of: near.slot) { target in
          paths += accepts(source, target) ? near.paths : 0
        }
      }
    }
    return paths
  }

  private func unrestrictedPathCount() -> Int {
    if hops.count == 1 {
      return (0..<sourceCount).reduce(0) { $0 + lastHop.runs.count(of: UInt32($1)) }
    }
    let middles = hops[hops.count - 2].rowCount
    if hops.count == 2 {
      return (0..<middles).reduce(0) { sum, middle in
        sum + hops[0].reversed.count(of: UInt32(middle)) * lastHop.runs.count(of: UInt32(middle))
      }
    }
    var pathsFrom = (0..<middles).map { lastHop.runs.count(of: UInt32($0)) }
    for hop in (1..<(hops.count - 1)).reversed() {
      pathsFrom = (0..<hops[hop - 1].rowCount).map { near in
        var sum = 0
        hops[hop].runs.forEachTarget(of: UInt32(near)) { sum += pathsFrom[Int($0)] }
        return sum
      }
    }
    return pathsFrom.indices.reduce(0) {
      $0 + hops[0].reversed.count(of: UInt32($1)) * pathsFrom[$1]
    }
  }

  /// The number of distinct pairs.
  ///
  /// - Complexity: O(paths).
  package func pairCount() -> Int {
    var pairs = 0
    Scratch.borrow { scratch in
      let bits = scratch.bits(rows: lastHop.rowCount)
      forEachSource { source, nearLast in
        let sources = nearLast.map(\.slot)
        let paths = Expansion.pathCount(from: sources, lastHop.runs)
        let dense = Expansion.variant(paths: paths, rowCount: lastHop.rowCount) == .bitmap
        if dense, unrestricted {
          Expansion.setBits(ofTargetsOf: sources, lastHop.runs, bits)
          if !returns { bits[Int(source >> 6)] &= ~(1 << UInt64(source & 63)) }
          pairs += Expansion.takeCount(bits, rowCount: lastHop.rowCount)
          return
        }
        let touched = scratch.touched(capacity: min(paths, lastHop.rowCount) + 1)
        let count = Expansion.listTargets(of: sources, lastHop.runs, bits, touched)
        for index in 0..<count { pairs += accepts(source, touched[index]) ? 1 : 0 }
        Expansion.clear(bits, touched, count)
      }
    }
    return pairs
  }

  /// Calls `body` with the ends of every path, by source.
  ///
  /// - Complexity: O(paths).
  package func forEachPath(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    forEachSource { source, nearLast in
      for near in nearLast {
        lastHop.runs.forEachTarget(of: near.slot) { target in
          if accepts(source, target) {
            for _ in 0..<near.paths { body(source, target) }
          }
        }
      }
    }
  }

  /// The number of paths from one row.
  package func pathCount(from source: UInt32) -> Int {
    var paths = 0
    for near in entriesBeforeLastHop(from: source) {
      if unrestricted, returns {
        paths += near.paths * lastHop.runs.count(of: near.slot)
      } else {
        lastHop.runs.forEachTarget(of: near.slot) { target in
          paths += accepts(source, target) ? near.paths : 0
        }
      }
    }
    return paths
  }

  // MARK: Walking

  private var lastHop: Hop { hops[hops.count - 1] }

  private var unrestricted: Bool {
    if case .none = restriction { true } else { false }
  }

  @inline(__always)
  private func accepts(_ source: UInt32, _ target: UInt32) -> Bool {
    if !returns, source == target { return false }
    return switch restriction {
    case .none: true
    case .closed(let runs): runs.contains(target, in: source)
    case .open(let runs): !runs.contains(target, in: source)
    }
  }

  /// Calls `body` with every row that has links, and the rows from which its paths take their last
  /// hop.
  private func forEachSource(_ body: (UInt32, [PathCounts.Entry]) -> Void) {
    for source in 0..<UInt32(sourceCount) where hops[0].runs.count(of: source) > 0 {
      body(source, entriesBeforeLastHop(from: source))
    }
  }

  private func entriesBeforeLastHop(from source: UInt32) -> [PathCounts.Entry] {
    var entries = [PathCounts.Entry(slot: source, paths: 1)]
    for hop in hops.dropLast() {
      if entries.count == 1, entries[0].paths == 1 {
        let origin = entries[0].slot
        entries = Expansion.targets(of: origin, hop.runs).map { .init(slot: $0, paths: 1) }
      } else {
        entries = PathCounts.extend(entries, hop.runs, rowCount: hop.rowCount)
      }
    }
    return entries
  }
}
