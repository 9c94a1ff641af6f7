/// Every path, handed out a source at a time.
extension WholeJoin {
  /// Calls `body` with every source in a range that has paths, the targets of its paths, and how
  /// often each of these targets counts; by ascending source, one source maybe several times, until
  /// `body` returns false.
  ///
  /// - Returns: Whether `body` always returned true.
  /// - Complexity: O(paths).
  @usableFromInline
  package func forEachSource(
    in sources: Range<Int>,
    _ body: (_ source: UInt32, _ targets: RunSegments, _ repeats: Int) -> Bool
  ) -> Bool {
    Scratch.borrow { scratch in
      var goesOn = true
      hops[0].runs.forEachSource(in: sources) { source in
        if !goesOn { return }
        if hops.count > 2 {
          goesOn = forEachNear(of: source, scratch, body)
          return
        }
        let targets = accepted(segments(from: source, scratch), from: source, scratch)
        if targets.paths > 0 { goesOn = body(source, targets, 1) }
      }
      return goesOn
    }
  }

  /// Calls `body` with the ends of every path, by source.
  ///
  /// - Complexity: O(paths).
  package func forEachPath(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    _ = forEachSource(in: 0..<sourceCount) { source, targets, repeats in
      for _ in 0..<repeats {
        targets.forEachTarget { body(source, $0) }
      }
      return true
    }
  }

  /// Calls `body` for every row from which paths of three hops or more take their last.
  private func forEachNear(
    of source: UInt32, _ scratch: Scratch, _ body: (UInt32, RunSegments, Int) -> Bool
  ) -> Bool {
    for near in entriesBeforeLastHop(from: source) {
      let targets = accepted(
        scratch.segments(of: near.slot, lastHop.runs), from: source, scratch)
      if targets.paths > 0, !body(source, targets, near.paths) { return false }
    }
    return true
  }

  /// The targets that may end a path from a source: as they stand, or listed.
  private func accepted(
    _ segments: RunSegments, from source: UInt32, _ scratch: Scratch
  ) -> RunSegments {
    if countsAllPaths || segments.paths == 0 { return segments }
    let (ends, count) = ends(of: source, scratch)
    let bits = scratch.bits(rows: lastHop.rowCount)
    WholeJoin.mark(ends, count, bits)
    let flip: UInt64 = keepsEnds ? 0 : 1
    let list = scratch.touched(capacity: segments.paths + 1)
    var end = 0
    segments.forEachTarget { row in
      list[end] = row
      end &+= Int(truncatingIfNeeded: bits[Int(row >> 6)] >> UInt64(row & 63) & 1 ^ flip)
    }
    Expansion.clear(bits, ends, count)
    return scratch.segment(of: list, count: end)
  }
}
