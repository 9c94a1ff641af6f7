/// The newest rows of many parents: a page of the feed.
///
/// ```
///   parents   a   b   c   d  …        1. of each parent the newest row that may be on the page: from the
///   newest    9   4   7   1  …           dense array of last ranks, or sought in its run
///   heads     9       7               2. keep the K newest of these; no other parent can contribute
///   tails     9 8 2   7 3    …        3. take the newest head, and put the row before it in its place,
///                                        until a head is older than the worst of K
/// ```
///
/// The third step merges sorted runs with a heap of their heads (D. E. Knuth, TAOCP 5.4.1). The cost
/// depends on the number of parents and on K, not on how many rows the parents have. Where rows were
/// inserted in the order of ranks, as posts are in the order of time, they are sought by their slots,
/// which stand in the run itself.
package enum RecentMerge {
  /// Where a page starts: after this rank, and after those rows of the same rank that `isAfter`
  /// refuses.
  package struct Start {
    package let rank: UInt64
    let isAfter: (UInt32) -> Bool

    package init(rank: UInt64, isAfter: @escaping (UInt32) -> Bool) {
      self.rank = rank
      self.isAfter = isAfter
    }

    /// Where the first page starts.
    package static var newest: Start { Start(rank: .max) { _ in true } }
  }

  /// What a merge found, and what it cost.
  package struct Outcome {
    /// The rows, newest first.
    package var slots: [UInt32]
    /// The rows whose rank was read; that of a parent's last row stands beside the parent.
    package var rowsTouched = 0
  }

  struct Candidate {
    var rank: UInt64
    var slot: UInt32
  }

  /// The newest row of a parent that may be on the page and was not taken yet.
  struct Head: HeapElement {
    var rank: UInt64
    var parent: UInt32
    /// The number of the parent's rows up to this one.
    var count: Int

    func comesBefore(_ other: Head) -> Bool { rank > other.rank }
  }

  /// One of the largest ranks of heads, of which the least is sought.
  private struct HeadRank: HeapElement {
    var rank: UInt64

    func comesBefore(_ other: HeadRank) -> Bool { rank < other.rank }
  }

  /// The newest rows below a set of parents; equal ranks in the order of `ties`.
  ///
  /// - Parameters:
  ///   - parents: Distinct slots, ascending.
  ///   - start: Where the page before ended.
  ///   - least: The rank below which no row is wanted.
  ///   - accept: Asked of a row that would enter the page.
  /// - Complexity: O(parents + limit · log) on the first page; on a later one a parent that has
  ///   rows newer than the page costs O(log) of their number more.
  package static func newest(
    _ limit: Int, below parents: [UInt32], _ index: OrderedIndexView, ties: KeyOrder,
    after start: Start = .newest, downTo least: UInt64 = 0, accept: ((UInt32) -> Bool)? = nil
  ) -> Outcome {
    var outcome = Outcome(slots: [])
    guard limit > 0 else { return outcome }
    // A row that is not accepted leaves its place to one that may lie below any parent.
    let kept = accept == nil ? limit : .max
    let heads = heads(parents, index, keeping: kept, start, downTo: least, &outcome)
    var touched = 0
    outcome.slots = merge(heads, limit, index, ties, after: start, accept) { head in
      self.head(after: head, index, downTo: least, &touched)
    }
    outcome.rowsTouched += touched
    return outcome
  }

  /// The first rows below the parents of some heads.
  ///
  /// - Parameter next: The next head of the parent of a head, or nil if there is none.
  @inline(__always)
  static func merge(
    _ heads: [Head], _ limit: Int, _ index: OrderedIndexView, _ ties: KeyOrder,
    after start: Start, _ accept: ((UInt32) -> Bool)?, next: (Head) -> Head?
  ) -> [UInt32] {
    var heads = BinaryHeap(heads)
    var best: [Candidate] = []
    best.reserveCapacity(min(limit, heads.count))
    while let head = heads.first {
      let full = best.count == limit
      if full, head.rank < best[limit - 1].rank { break }
      let row = Candidate(
        rank: head.rank, slot: index.runs.target(of: head.parent, at: head.count - 1))
      if let next = next(head) {
        heads.replaceFirst(with: next)
      } else {
        heads.removeFirst()
      }
      if row.rank == start.rank, !start.isAfter(row.slot) { continue }
      if full, !comesBefore(row, best[limit - 1], ties) { continue }
      if let accept, !accept(row.slot) { continue }
      if full { best.removeLast() }
      insert(row, into: &best, ties)
    }
    return best.map(\.slot)
  }

  /// The next newest row of the parent of a head, or nil if there is none, or it is too old.
  private static func head(
    after head: Head, _ index: OrderedIndexView, downTo least: UInt64, _ touched: inout Int
  ) -> Head? {
    let count = head.count - 1
    if count == 0 { return nil }
    let rank = index.ranks[index.runs.target(of: head.parent, at: count - 1)]
    touched += 1
    return rank < least ? nil : Head(rank: rank, parent: head.parent, count: count)
  }

  /// The heads of parents: at least the newest `limit` of them, ties included.
  private static func heads(
    _ parents: [UInt32], _ index: OrderedIndexView, keeping limit: Int, _ start: Start,
    downTo least: UInt64, _ outcome: inout Outcome
  ) -> [Head] {
    // The `limit` largest ranks of heads.
    var largest = BinaryHeap<HeadRank>()
    var heads: [Head] = []
    var threshold = least
    let isLimited = limit < parents.count
    if isLimited { largest.reserveCapacity(limit) }
    heads.reserveCapacity(isLimited ? min(2 * limit, parents.count) : parents.count)
    let firstNewer = index.firstSlot(above: start.rank)
    let lastRanks = ColumnScan(index.lastRanks)
    var next = 0
    while let found = lastRanks.first(parents.span, from: next, atLeast: threshold) {
      let parent = parents[found.index]
      next = found.index + 1
      let newest =
        found.value < start.rank
        ? last(of: parent, rank: found.value, index)
        : seek(parent, index, start, firstNewer, &outcome)
      guard let head = newest, head.rank >= threshold else { continue }
      heads.append(head)
      guard isLimited else { continue }
      if largest.count < limit {
        largest.insert(HeadRank(rank: head.rank))
      } else if let last = largest.first, head.rank > last.rank {
        largest.replaceFirst(with: HeadRank(rank: head.rank))
      }
      if largest.count == limit, let last = largest.first { threshold = max(least, last.rank) }
    }
    if isLimited { heads.removeAll { $0.rank < threshold } }
    return heads
  }

  /// The last row of a parent, whose rank is known; nil if the parent has lost all rows.
  @inline(__always)
  private static func last(of parent: UInt32, rank: UInt64, _ index: OrderedIndexView) -> Head? {
    let count = index.runs.count(of: parent)
    return count == 0 ? nil : Head(rank: rank, parent: parent, count: count)
  }

  /// The newest row of a parent at which a page may start.
  ///
  /// - Parameter firstNewer: The first slot whose rank is greater than that of the start, if ranks
  ///   ascend with slots.
  private static func seek(
    _ parent: UInt32, _ index: OrderedIndexView, _ start: Start, _ firstNewer: UInt32?,
    _ outcome: inout Outcome
  ) -> Head? {
    var row =
      if let firstNewer {
        index.lastRow(of: parent, before: firstNewer)
      } else {
        lastNotNewer(parent, index, start.rank, &outcome)
      }
    while let (slot, count) = row {
      let rank = index.ranks[slot]
      outcome.rowsTouched += 1
      if rank < start.rank || start.isAfter(slot) {
        return Head(rank: rank, parent: parent, count: count)
      }
      row = index.lastRow(of: parent, amongFirst: count - 1)
    }
    return nil
  }

  /// The last row of a parent that is not newer than a rank. It is sought by doubling steps from the
  /// end of the run, whose last row is not older: few rows are newer than a page that somebody reads.
  private static func lastNotNewer(
    _ parent: UInt32, _ index: OrderedIndexView, _ start: UInt64, _ outcome: inout Outcome
  ) -> (slot: UInt32, count: Int)? {
    func isNewer(_ position: Int) -> Bool {
      outcome.rowsTouched += 1
      return index.ranks[index.runs.target(of: parent, at: position)] > start
    }
    let count = index.runs.count(of: parent)
    if count == 0 { return nil }
    // The rows from `high` on are newer; the one before `low` is not.
    var (low, high, step) = (count - 1, count, 1)
    while low > 0, isNewer(low - 1) {
      high = low
      step *= 2
      low = max(low - step, 0)
    }
    let end = (low..<high).partitioningIndex(where: isNewer)
    return index.lastRow(of: parent, amongFirst: end)
  }

  private static func comesBefore(_ first: Candidate, _ second: Candidate, _ ties: KeyOrder) -> Bool
  {
    first.rank == second.rank
      ? ties.precedes(first.slot, second.slot) : first.rank > second.rank
  }

  private static func insert(_ row: Candidate, into best: inout [Candidate], _ ties: KeyOrder) {
    // Rows come newest first, so only those of equal rank may come after this one.
    guard let last = best.last, comesBefore(row, last, ties) else { return best.append(row) }
    let place = (0..<best.count - 1).partitioningIndex { !comesBefore(best[$0], row, ties) }
    best.insert(row, at: place)
  }
}
