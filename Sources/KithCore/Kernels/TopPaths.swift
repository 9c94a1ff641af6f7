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

  /// The rows that most paths of one hop from a set of rows reach, each path of which starts once.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the target table.
  ///   - ties: The order of rows with equal counts.
  ///   - accept: Asked only of rows that would enter the buffer.
  ///   - variant: Forces a variant; nil picks by the work.
  ///   - hide: Masks the rows that may not be suggested.
  /// - Complexity: O(paths + entered · limit), besides what `hide` takes.
  package static func best(
    _ limit: Int, from sources: [UInt32], _ runs: RunsView, rowCount: Int, ties: KeyOrder,
    accept: ((UInt32) -> Bool)? = nil, variant: Variant? = nil,
    hiding hide: (ScratchWords<UInt32>) -> Void = { _ in }
  ) -> [PathCounts.Entry] {
    Scratch.borrow { scratch in
      best(
        limit, scratch.segments(of: sources.span, runs), scratch, rowCount, ties, accept, variant,
        hide)
    }
  }

  /// The rows that most paths of two hops from one row reach: the same as from the row's targets,
  /// which are not copied.
  ///
  /// - Complexity: As for `best` from a set of rows.
  package static func best(
    _ limit: Int, ofTargetsOf source: UInt32, _ near: RunsView, _ runs: RunsView, rowCount: Int,
    ties: KeyOrder, accept: ((UInt32) -> Bool)? = nil, variant: Variant? = nil,
    hiding hide: (ScratchWords<UInt32>) -> Void = { _ in }
  ) -> [PathCounts.Entry] {
    Scratch.borrow { scratch in
      best(
        limit, scratch.segments(of: source, near, runs), scratch, rowCount, ties, accept, variant,
        hide)
    }
  }

  private static func best(
    _ limit: Int, _ segments: RunSegments, _ scratch: Scratch, _ rowCount: Int, _ ties: KeyOrder,
    _ accept: ((UInt32) -> Bool)?, _ variant: Variant?, _ hide: (ScratchWords<UInt32>) -> Void
  ) -> [PathCounts.Entry] {
    guard limit > 0 else { return [] }
    let counters = scratch.counters(rows: rowCount)
    // The counters of all rows are compared as numbers that have a sign.
    let isLong = segments.paths >= rowCount / 4 && segments.count <= Int32.max
    if variant.map({ $0 == .allRows }) ?? isLong {
      PathCounts.countTargets(of: segments, counters)
      hide(counters)
      return take(limit, .all(rowCount), counters, ties, accept)
    }
    let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
    let count = PathCounts.listTargets(of: segments, counters, touched)
    hide(counters)
    return take(limit, .list(touched, count), counters, ties, accept)
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
  }

  private static func take(
    _ limit: Int, _ rows: Rows, _ counters: ScratchWords<UInt32>, _ ties: KeyOrder,
    _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    switch ties {
    case .slots: look(limit, rows, counters, SlotOrder(), accept)
    case .ranks(let ranks):
      ranks.withView { look(limit, rows, counters, RankOrder($0), accept) }
    case .compare: look(limit, rows, counters, ties, accept)
    }
  }

  private static func look<Ties: RunOrder>(
    _ limit: Int, _ rows: Rows, _ counters: ScratchWords<UInt32>, _ ties: Ties,
    _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    var buffer = Buffer(limit: limit, ties: ties, accept: accept)
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
    return buffer.best
  }

  /// The best rows so far, sorted.
  private struct Buffer<Ties: RunOrder> {
    private(set) var best: [PathCounts.Entry] = []
    /// The fewest paths with which a row might enter.
    private(set) var threshold: UInt32 = 1
    private let limit: Int
    private let ties: Ties
    private let accept: ((UInt32) -> Bool)?

    init(limit: Int, ties: Ties, accept: ((UInt32) -> Bool)?) {
      self.limit = limit
      self.ties = ties
      self.accept = accept
    }

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
      let full = best.count == limit
      if full, paths == threshold, !ties.precedes(row, best[limit - 1].slot) { return }
      if let accept, !accept(row) { return }
      if full { best.removeLast() }
      insert(PathCounts.Entry(slot: row, paths: Int(paths)))
      if best.count == limit { threshold = UInt32(best[limit - 1].paths) }
    }

    private mutating func insert(_ entry: PathCounts.Entry) {
      var low = 0
      var high = best.count
      while low < high {
        let middle = (low + high) / 2
        let other = best[middle]
        let comesBefore =
          other.paths == entry.paths
          ? ties.precedes(other.slot, entry.slot) : other.paths > entry.paths
        if comesBefore { low = middle + 1 } else { high = middle }
      }
      best.insert(entry, at: low)
    }
  }
}

/// The order of a table's rows by primary key, which breaks every tie.
package enum KeyOrder: RunOrder {
  /// Keys ascended with insertion so far, so the slots are in key order.
  case slots
  /// Every row has a rank that sorts as its key does.
  case ranks(PagedColumn<UInt64>)
  /// Keys have to be compared.
  case compare((UInt32, UInt32) -> Bool)

  @inline(__always)
  package func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
    switch self {
    case .slots: first < second
    case .ranks(let ranks): ranks[first] < ranks[second]
    case .compare(let precedes): precedes(first, second)
    }
  }
}
