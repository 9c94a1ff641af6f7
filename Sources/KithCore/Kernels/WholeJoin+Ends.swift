/// Paths and pairs whose ends may have to be linked, or not, or different: walked a source at a
/// time.
///
/// All rules come down to one set of targets a source, its *ends*: the rows that it is linked to,
/// with or without itself. Over two hops the paths from *s* to its ends are counted from either
/// side; from that of the ends where a few of them say that it walks less by far:
///
/// ```
///   probe targets    mark the ends of s;           follow s → v → ·,  probe each target
///   probe middles    mark the rows v of s → v;     follow ends ◀─ ·,  probe each source of an end
///   look up          follow s → v;                 look each end of s up among the targets of v
/// ```
///
/// What is closed is counted so; what is open is the rest.
extension WholeJoin {
  /// How closed paths are counted.
  package enum Closing: Sendable, CaseIterable {
    case probingTargets
    case probingMiddles
    /// Each end is looked up among the targets of each middle row.
    case lookingUp
  }

  /// The number of paths from a range of sources; `Int.max` if there are more.
  ///
  /// - Complexity: O(paths).
  package func pathCount(from sources: Range<Int>) -> Int {
    Scratch.borrow { scratch in
      var paths = 0
      hops[0].runs.forEachSource(in: sources) {
        paths = paths.plusPaths(pathCount(from: $0, scratch))
      }
      return paths
    }
  }

  /// The number of distinct pairs from a range of sources.
  ///
  /// - Complexity: O(paths).
  package func pairCount(from sources: Range<Int>) -> Int {
    Scratch.borrow { scratch in
      var pairs = 0
      hops[0].runs.forEachSource(in: sources) { pairs += pairCount(from: $0, scratch) }
      return pairs
    }
  }

  func pathCount(from source: UInt32, _ scratch: Scratch) -> Int {
    if hops.count > 2 { return longPathCount(from: source, scratch) }
    if countsAllPaths { return shortPathCount(from: source) }
    let (ends, count) = ends(of: source, scratch)
    guard let segments = walkedSegments(from: source, endCount: count, scratch) else {
      let closed = lookedUpPathCount(from: source, ends, count)
      return keepsEnds ? closed : shortPathCount(from: source) - closed
    }
    let closed = closedPathCount(from: source, segments, ends, count, scratch)
    return keepsEnds ? closed : segments.paths - closed
  }

  // MARK: Ends

  /// Whether paths to the ends count, or all others.
  var keepsEnds: Bool {
    if case .closed = restriction { true } else { false }
  }

  /// The set of targets whose paths count, or do not. The list is valid while the scratch is not
  /// asked for another.
  func ends(
    of source: UInt32, _ scratch: Scratch
  ) -> (rows: ScratchWords<UInt32>, count: Int) {
    let links: RunsView
    switch restriction {
    case .none:
      let list = scratch.origins(capacity: 1)
      list[0] = source
      return (list, returns ? 0 : 1)
    case .closed(let runs), .open(let runs): links = runs
    }
    let list = scratch.origins(capacity: links.count(of: source) + 2)
    var count = 0
    links.forEachTarget(of: source) { row in
      list[count] = row
      count &+= returns || row != source ? 1 : 0
    }
    if !returns, !keepsEnds {
      list[count] = source
      count += 1
    }
    return (list, count)
  }

  /// The number of paths over one or two hops that lead to an end.
  private func closedPathCount(
    from source: UInt32, _ segments: RunSegments, _ ends: ScratchWords<UInt32>, _ count: Int,
    _ scratch: Scratch
  ) -> Int {
    let bits = scratch.bits(rows: max(lastHop.rowCount, hops[0].rowCount))
    // Finding the runs from the other side costs as much as probing some targets an end, so that is
    // only done where a few of the ends say that it pays.
    let isSettled =
      hops.count == 1 || 2 * estimatedPathCount(to: ends, count) >= segments.paths
    if closing == .probingTargets || (closing == nil && isSettled) || hops.count == 1 {
      return WholeJoin.hits(of: segments, ends, count, bits)
    }
    return Scratch.borrow { other in
      let backward = other.segments(of: ends, count: count, lastHop.reversed)
      if closing == nil, segments.paths <= backward.paths {
        return WholeJoin.hits(of: segments, ends, count, bits)
      }
      let near = hops[0].runs.count(of: source)
      let middles = other.touched(capacity: near)
      var place = 0
      hops[0].runs.forEachSegment(of: source) { run in
        middles.replace(from: place, with: run)
        place += run.count
      }
      return WholeJoin.hits(of: backward, middles, near, bits)
    }
  }

  /// About the number of links of the last hop that lead to some rows, by a few of them.
  private func estimatedPathCount(to ends: ScratchWords<UInt32>, _ count: Int) -> Int {
    let step = (count + 15) / 16
    var (links, asked, place) = (0, 0, 0)
    while place < count {
      links += lastHop.reversed.count(of: ends[place])
      asked += 1
      place += step
    }
    return links * count / max(asked, 1)
  }

  /// How many targets are among some rows: mark, probe, clear.
  private static func hits(
    of segments: RunSegments, _ rows: ScratchWords<UInt32>, _ count: Int,
    _ bits: ScratchWords<UInt64>
  ) -> Int {
    bits.mark(rows, count)
    var hits: UInt64 = 0
    segments.forEachRow { row in hits &+= bits.bit(of: row) }
    bits.clear(rows, count)
    return Int(hits)
  }

  /// The number of paths over three hops or more.
  private func longPathCount(from source: UInt32, _ scratch: Scratch) -> Int {
    let (ends, count) = ends(of: source, scratch)
    let bits = scratch.bits(rows: lastHop.rowCount)
    bits.mark(ends, count)
    let kept: UInt64 = keepsEnds ? 1 : 0
    var paths = 0
    for near in entriesBeforeLastHop(from: source) {
      var hits: UInt64 = 0
      lastHop.runs.forEachTarget(of: near.slot) { row in
        hits &+= bits.bit(of: row) ^ kept ^ 1
      }
      paths = paths.plusPaths(near.paths.timesPaths(Int(hits)))
    }
    bits.clear(ends, count)
    return paths
  }

  // MARK: Pairs

  private func pairCount(from source: UInt32, _ scratch: Scratch) -> Int {
    // One hop reaches each target once.
    if hops.count == 1 { return pathCount(from: source, scratch) }
    let (ends, count) = ends(of: source, scratch)
    if keepsEnds {
      guard let segments = walkedSegments(from: source, endCount: count, scratch) else {
        return lookedUpPairCount(from: source, ends, count)
      }
      let bits = scratch.bits(rows: lastHop.rowCount)
      bits.mark(ends, count)
      let pairs = WholeJoin.takeMarks(of: segments, bits, count)
      bits.clear(ends, count)
      return pairs
    }
    // What is marked does not count again.
    let stamps = scratch.stamps(rows: lastHop.rowCount)
    for index in 0..<count { stamps.mark(ends[index]) }
    return Expansion.countTargets(of: segments(from: source, scratch), stamps)
  }

  /// How many marks a target meets; those are clear afterwards.
  private static func takeMarks(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, _ count: Int
  ) -> Int {
    var met = 0
    segments.forEach { run in
      if met == count { return }
      for index in run.indices {
        met &+= bits.takeBit(of: run[index])
      }
    }
    return met
  }
}
