/// The newest rows of many parents: a page of the feed.
///
/// ```
///   parents   a   b   c   d  …        1. of each parent the newest row that may be on the page: from the
///   newest    9   4   7   1  …           dense array of last ranks, or sought from the end of its run
///   heads     9       7               2. keep the K newest of these; no other parent can contribute
///   tails     9 8 2   7 3    …        3. walk only their runs, newest head first, while a row beats the
///                                        worst of K
/// ```
///
/// The cost depends on the number of parents and on K, not on how many rows the parents have.
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
  }

  /// What a merge found, and what it cost.
  package struct Outcome {
    /// The rows, newest first.
    package var slots: [UInt32]
    /// The rows whose rank was read.
    package var rowsTouched: Int
    /// The parents whose rows were walked.
    package var parentsWalked: Int
  }

  private struct Candidate {
    var rank: UInt64
    var slot: UInt32
  }

  /// The newest row of a parent that may be on the page.
  private struct Head {
    var rank: UInt64
    var parent: UInt32
    /// The number of the parent's rows up to this one.
    var count: Int
  }

  /// The newest rows below a set of parents; equal ranks in the order of `ties`.
  ///
  /// - Parameters:
  ///   - parents: Distinct slots, ascending.
  ///   - start: Where the page before ended; nil for the first page.
  ///   - least: The rank below which no row is wanted.
  ///   - accept: Asked of a row that would enter the page.
  /// - Complexity: O(parents + limit · log) on the first page; on a later one a parent that has
  ///   rows newer than the page costs O(log) of their number more.
  package static func newest(
    _ limit: Int, below parents: [UInt32], _ index: OrderedIndexView, ties: KeyOrder,
    after start: Start? = nil, downTo least: UInt64 = 0, accept: ((UInt32) -> Bool)? = nil
  ) -> Outcome {
    var outcome = Outcome(slots: [], rowsTouched: 0, parentsWalked: 0)
    guard limit > 0 else { return outcome }
    // A row that is not accepted leaves its place to one that may lie below any parent.
    let kept = accept == nil ? limit : .max
    var heads = heads(parents, index, keeping: kept, start, downTo: least, &outcome)
    heads.sort { $0.rank > $1.rank }
    var best: [Candidate] = []
    for head in heads {
      if best.count == limit, head.rank < best[limit - 1].rank { break }
      outcome.parentsWalked += 1
      var position = head.count
      while position > 0 {
        position -= 1
        let slot = index.runs.target(of: head.parent, at: position)
        let row = Candidate(rank: index.ranks[slot], slot: slot)
        outcome.rowsTouched += 1
        if row.rank < least { break }
        let full = best.count == limit
        if full, row.rank < best[limit - 1].rank { break }
        if let start, row.rank == start.rank, !start.isAfter(slot) { continue }
        if full, !comesBefore(row, best[limit - 1], ties) { continue }
        if let accept, !accept(slot) { continue }
        if full { best.removeLast() }
        insert(row, into: &best, ties)
      }
    }
    outcome.slots = best.map(\.slot)
    return outcome
  }

  /// The heads of parents: at least the newest `limit` of them, ties included.
  private static func heads(
    _ parents: [UInt32], _ index: OrderedIndexView, keeping limit: Int, _ start: Start?,
    downTo least: UInt64, _ outcome: inout Outcome
  ) -> [Head] {
    // A heap of the `limit` largest ranks of heads, the least of them on top.
    var heap: [UInt64] = []
    var heads: [Head] = []
    var threshold = least
    let limit = limit < parents.count ? limit : .max
    let startRank = start?.rank ?? .max
    let lastRanks = ColumnScan(index.lastRanks)
    var next = 0
    while let found = lastRanks.first(parents.span, from: next, atLeast: threshold) {
      let parent = parents[found.index]
      next = found.index + 1
      let count = index.runs.count(of: parent)
      if count == 0 { continue }
      var head = Head(rank: found.value, parent: parent, count: count)
      if let start, head.rank >= startRank {
        guard let sought = seek(head, index, start, &outcome), sought.rank >= threshold else {
          continue
        }
        head = sought
      }
      heads.append(head)
      if heap.count < limit {
        if limit == .max { continue }
        heap.append(head.rank)
        siftUp(&heap)
      } else if head.rank > heap[0] {
        heap[0] = head.rank
        siftDown(&heap)
      }
      if heap.count == limit { threshold = max(least, heap[0]) }
    }
    return heads.filter { $0.rank >= threshold }
  }

  /// The newest row of a parent at which a page may start, sought from the end of the run by
  /// doubling steps: a parent has few rows newer than a page that somebody reads.
  private static func seek(
    _ last: Head, _ index: OrderedIndexView, _ start: Start, _ outcome: inout Outcome
  ) -> Head? {
    func rank(_ position: Int) -> UInt64 {
      outcome.rowsTouched += 1
      return index.ranks[index.runs.target(of: last.parent, at: position)]
    }
    // The rows from `high` on are newer than the start; the one before `low` is not.
    var high = last.count
    var low = high - 1
    var step = 1
    while low > 0, rank(low - 1) > start.rank {
      high = low
      step *= 2
      low = max(low - step, 0)
    }
    while low < high {
      let middle = (low + high) / 2
      if rank(middle) > start.rank { high = middle } else { low = middle + 1 }
    }
    while low > 0 {
      let slot = index.runs.target(of: last.parent, at: low - 1)
      let rank = index.ranks[slot]
      outcome.rowsTouched += 1
      if rank < start.rank || start.isAfter(slot) {
        return Head(rank: rank, parent: last.parent, count: low)
      }
      low -= 1
    }
    return nil
  }

  private static func siftUp(_ heap: inout [UInt64]) {
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private static func siftDown(_ heap: inout [UInt64]) {
    var parent = 0
    while true {
      var least = parent
      for child in (2 * parent + 1)...(2 * parent + 2)
      where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private static func comesBefore(_ first: Candidate, _ second: Candidate, _ ties: KeyOrder) -> Bool
  {
    first.rank == second.rank
      ? ties.precedes(first.slot, second.slot) : first.rank > second.rank
  }

  private static func insert(_ row: Candidate, into best: inout [Candidate], _ ties: KeyOrder) {
    var low = 0
    var high = best.count
    while low < high {
      let middle = (low + high) / 2
      if comesBefore(best[middle], row, ties) { low = middle + 1 } else { high = middle }
    }
    best.insert(row, at: low)
  }
}
