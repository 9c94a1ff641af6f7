/// The rows that most paths reach, best first: who to follow.
///
/// A buffer of the best `limit` rows is kept sorted; a row whose count is below the last of a full
/// buffer costs one comparison. Rows that a mask hides had their counters zeroed before.
package enum TopPaths {
  /// Zeroes the counter of a row that may not be suggested, such as the viewer. The row stays in
  /// the list of touched rows, with a count of zero.
  @inline(__always)
  package static func mask(_ row: UInt32, _ counters: ScratchWords<UInt32>) {
    if Int(row) < counters.count { counters[Int(row)] = 0 }
  }

  /// The rows with the most paths; equal counts in the order of `ties`.
  ///
  /// - Parameters:
  ///   - accept: Asked only of rows that would enter the buffer.
  /// - Complexity: O(touched + entered · limit).
  package static func best(
    _ limit: Int, of touched: ScratchWords<UInt32>, _ count: Int,
    _ counters: ScratchWords<UInt32>, ties: KeyOrder, accept: ((UInt32) -> Bool)? = nil
  ) -> [PathCounts.Entry] {
    guard limit > 0 else { return [] }
    return switch ties {
    case .slots: best(limit, touched, count, counters, SlotOrder(), accept)
    case .ranks(let ranks):
      ranks.withView { best(limit, touched, count, counters, RankOrder($0), accept) }
    case .compare: best(limit, touched, count, counters, ties, accept)
    }
  }

  private static func best(
    _ limit: Int, _ touched: ScratchWords<UInt32>, _ count: Int, _ counters: ScratchWords<UInt32>,
    _ ties: some RunOrder, _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    var best: [PathCounts.Entry] = []
    best.reserveCapacity(min(limit, count))
    var threshold: UInt32 = 1
    for index in 0..<count {
      let row = touched[index]
      let paths = counters[Int(row)]
      if paths < threshold { continue }
      let full = best.count == limit
      if full, paths == threshold, !ties.precedes(row, best[limit - 1].slot) { continue }
      if let accept, !accept(row) { continue }
      if full { best.removeLast() }
      insert(PathCounts.Entry(slot: row, paths: Int(paths)), into: &best, ties)
      if best.count == limit { threshold = UInt32(best[limit - 1].paths) }
    }
    return best
  }

  /// Inserts an entry at its place in a sorted buffer.
  private static func insert(
    _ entry: PathCounts.Entry, into best: inout [PathCounts.Entry], _ ties: some RunOrder
  ) {
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
