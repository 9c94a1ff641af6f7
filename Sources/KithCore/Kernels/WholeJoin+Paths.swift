/// Every path of a join, handed out a source at a time, for a loop that stands in a client's code.
///
/// Valid while the versions whose runs the join reads are neither changed nor dropped. It keeps a
/// scratch for as long as it lives.
@usableFromInline
package final class PathCursor {
  /// The source of the paths.
  @usableFromInline package private(set) var source: UInt32 = 0
  /// The targets of the paths.
  @usableFromInline package private(set) var targets: RunSegments
  /// How often each target counts.
  @usableFromInline package private(set) var repeats = 1

  private let join: WholeJoin
  private let scratch: Scratch
  private var nextSource = 0
  /// The rows from which paths of three hops or more take their last, not yet walked from.
  private var near: ArraySlice<PathCounts.Entry> = []
  /// How often the targets of one row are handed out at once. Over many hops they count more often than
  /// anybody waits for, so that the task is asked in between.
  private static let mostRepeats = 1 << 12

  /// Starts in front of the first source.
  package init(_ join: WholeJoin) {
    self.join = join
    scratch = Scratch.take()
    targets = scratch.noSegments
  }

  deinit {
    Scratch.giveBack(scratch)
  }

  /// Moves on to the next source that has paths, or to more paths of the same one; false behind the
  /// last, or when the task is cancelled.
  ///
  /// - Complexity: O(paths) altogether.
  @usableFromInline
  package func advance() -> Bool {
    while true {
      if let entry = near.first {
        let segments = scratch.segments(of: entry.slot, join.lastHop.runs)
        targets = join.accepted(segments, from: source, scratch)
        repeats = targets.paths == 0 ? entry.paths : min(entry.paths, PathCursor.mostRepeats)
        if entry.paths == repeats {
          near.removeFirst()
        } else {
          if Task.isCancelled { return false }
          near[near.startIndex].paths -= repeats
        }
        if targets.paths > 0 { return true }
        continue
      }
      if nextSource == join.sourceCount || (nextSource & 63 == 0 && Task.isCancelled) {
        return false
      }
      source = UInt32(truncatingIfNeeded: nextSource)
      nextSource += 1
      if join.hops[0].runs.count(of: source) == 0 { continue }
      if join.hops.count > 2 {
        near = join.entriesBeforeLastHop(from: source)[...]
        continue
      }
      targets = join.targets(from: source, scratch)
      if targets.paths > 0 { return true }
    }
  }
}

extension WholeJoin {
  /// Calls `body` with the ends of every path, by source.
  ///
  /// - Complexity: O(paths).
  package func forEachPath(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    let cursor = PathCursor(self)
    while cursor.advance() {
      for _ in 0..<cursor.repeats {
        cursor.targets.forEachRow { body(cursor.source, $0) }
      }
    }
  }

  /// The targets of the paths over one or two hops from a source that count.
  fileprivate func targets(from source: UInt32, _ scratch: Scratch) -> RunSegments {
    if keepsEnds, hops.count == 2 {
      let (ends, count) = ends(of: source, scratch)
      if looksUp(from: source, endCount: count) {
        let most = hops[0].runs.count(of: source) * count
        let list = scratch.touched(capacity: most + 1)
        return scratch.segment(
          of: list, count: listLookedUp(from: source, ends, count, into: list))
      }
    }
    return accepted(segments(from: source, scratch), from: source, scratch)
  }

  /// The targets that may end a path from a source: as they stand, or listed.
  fileprivate func accepted(
    _ segments: RunSegments, from source: UInt32, _ scratch: Scratch
  ) -> RunSegments {
    if countsAllPaths || segments.paths == 0 { return segments }
    let (ends, count) = ends(of: source, scratch)
    let bits = scratch.bits(rows: lastHop.rowCount)
    bits.mark(ends, count)
    let flip: UInt64 = keepsEnds ? 0 : 1
    let list = scratch.touched(capacity: segments.paths + 1)
    var end = 0
    segments.forEachRow { row in
      list[end] = row
      end &+= Int(truncatingIfNeeded: bits.bit(of: row) ^ flip)
    }
    bits.clear(ends, count)
    return scratch.segment(of: list, count: end)
  }
}
