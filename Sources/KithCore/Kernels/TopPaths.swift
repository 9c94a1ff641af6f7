/// The rows that most paths reach, best first: who to follow.
///
/// A buffer of the best `limit` rows is kept sorted; a row whose count is below the last of a full
/// buffer costs one comparison. Rows that a mask hides have their counters zeroed before.
///
/// ```
///   work < rows / 4    list the rows that are touched; look at their counters, and clear them
///   otherwise          count only; look at all counters, eight at a time, and clear them
/// ```
package enum TopPaths {
  /// How the rows are found whose counters are looked at.
  package enum Variant: String, Sendable, CaseIterable {
    /// By a list of those that a path reached.
    case touchedList
    /// All of them are.
    case allRows
  }

  /// The rows that most paths over a hop reach, each path of which starts once.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the target table.
  ///   - ties: The order of rows with equal counts.
  ///   - accept: Asked only of rows that would enter the buffer.
  ///   - variant: Forces a variant; nil picks by the work.
  ///   - hide: Masks the rows that may not be suggested.
  /// - Complexity: O(paths + entered · limit), besides what `hide` takes.
  package static func best(
    _ limit: Int, from start: HopStart, _ runs: RunsView, rowCount: Int, ties: KeyOrder,
    accept: ((UInt32) -> Bool)? = nil, variant: Variant? = nil,
    hiding hide: (ScratchWords<UInt32>) -> Void = { _ in }
  ) -> [PathCounts.Entry] {
    guard limit > 0 else { return [] }
    return Scratch.borrow { scratch in
      let segments = scratch.segments(of: start, runs)
      let counters = scratch.counters(rows: rowCount)
      // The counters of all rows are compared as numbers that have a sign.
      let isLong = segments.paths >= rowCount / 4 && segments.count <= Int32.max
      if variant.map({ $0 == .allRows }) ?? isLong {
        PathCounts.countTargets(of: segments, counters)
        hide(counters)
        return take(limit, .all(rowCount), counters, scratch, ties, accept)
      }
      let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
      let count = PathCounts.listTargets(of: segments, counters, touched)
      hide(counters)
      return take(limit, .list(touched, count), counters, scratch, ties, accept)
    }
  }

  /// Zeroes the counter of a row that may not be suggested, such as the viewer. The row stays in
  /// the list of touched rows, with a count of zero.
  @inline(__always)
  package static func mask(_ row: UInt32, _ counters: ScratchWords<UInt32>) {
    if Int(row) < counters.count { counters[Int(row)] = 0 }
  }

  // MARK: Looking

  /// The rows to look at, whose counters are cleared.
  private enum Rows {
    case all(Int)
    case list(ScratchWords<UInt32>, Int)

    var count: Int {
      switch self {
      case .all(let count), .list(_, let count): count
      }
    }
  }

  private static func take(
    _ limit: Int, _ rows: Rows, _ counters: ScratchWords<UInt32>, _ scratch: Scratch,
    _ ties: KeyOrder, _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    let limit = min(limit, rows.count)
    if limit == 0 { return [] }
    let best = scratch.best(capacity: limit)
    switch ties {
    case .slots: return look(limit, rows, counters, best, SlotOrder(), accept)
    case .ranks(let ranks):
      return ranks.withView { look(limit, rows, counters, best, RankOrder($0), accept) }
    case .compare: return look(limit, rows, counters, best, ties, accept)
    }
  }

  private static func look<Ties: RunOrder>(
    _ limit: Int, _ rows: Rows, _ counters: ScratchWords<UInt32>, _ best: ScratchWords<UInt64>,
    _ ties: Ties, _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    var buffer = Buffer(best, limit: limit, ties: ties, accept: accept)
    switch rows {
    case .all(let count): buffer.takeAll(counters, count)
    case .list(let touched, let count):
      for index in 0..<count {
        let row = touched[index]
        let paths = counters[Int(row)]
        counters[Int(row)] = 0
        if paths >= buffer.threshold { buffer.offer(row, paths) }
      }
    }
    return buffer.entries
  }

  /// The best rows so far, sorted.
  private struct Buffer<Ties: RunOrder> {
    /// The number of paths of each row in the upper half, its slot in the lower.
    private let best: ScratchWords<UInt64>
    private var count = 0
    /// The fewest paths with which a row might enter.
    private(set) var threshold: UInt32 = 1
    private let limit: Int
    private let ties: Ties
    private let accept: ((UInt32) -> Bool)?

    /// - Parameter best: Has room for as many rows as the limit allows, which is at least one.
    init(
      _ best: ScratchWords<UInt64>, limit: Int, ties: Ties, accept: ((UInt32) -> Bool)?
    ) {
      self.best = best
      self.limit = limit
      self.ties = ties
      self.accept = accept
    }

    /// The rows as entries.
    var entries: [PathCounts.Entry] {
      (0..<count).map { PathCounts.Entry(slot: slot(at: $0), paths: Int(paths(at: $0))) }
    }

    @inline(__always)
    private func slot(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: best[place]) }

    @inline(__always)
    private func paths(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: best[place] >> 32) }

    /// Looks at all counters, and clears them.
    @inline(__always)
    mutating func takeAll(_ counters: ScratchWords<UInt32>, _ count: Int) {
      var first = 0
      while first + ScratchWords<UInt32>.lanes <= count {
        if counters.hasLane(at: first, reaching: threshold) {
          for row in first..<(first + ScratchWords<UInt32>.lanes) {
            let paths = counters[row]
            if paths >= threshold { offer(UInt32(truncatingIfNeeded: row), paths) }
          }
        }
        counters.clearLanes(at: first)
        first += ScratchWords<UInt32>.lanes
      }
      for row in first..<count {
        let paths = counters[row]
        counters[row] = 0
        if paths >= threshold { offer(UInt32(truncatingIfNeeded: row), paths) }
      }
    }

    /// Takes a row that has enough paths, if it is better than the last and accepted.
    @inline(never)
    mutating func offer(_ row: UInt32, _ paths: UInt32) {
      let full = count == limit
      if full, paths == threshold, !ties.precedes(row, slot(at: limit - 1)) { return }
      if let accept, !accept(row) { return }
      if full { count -= 1 }
      let place = self.place(for: row, paths)
      var last = count
      while last > place {
        best[last] = best[last - 1]
        last -= 1
      }
      best[place] = UInt64(paths) << 32 | UInt64(row)
      count += 1
      if count == limit { threshold = self.paths(at: limit - 1) }
    }

    /// How many rows come before one.
    @inline(__always)
    private func place(for row: UInt32, _ paths: UInt32) -> Int {
      (0..<count).partitioningIndex { place in
        let other = self.paths(at: place)
        return other == paths ? !ties.precedes(slot(at: place), row) : other <= paths
      }
    }
  }
}
