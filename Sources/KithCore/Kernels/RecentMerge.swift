/// The newest rows of many parents: a page of the feed.
///
/// ```
///   parents   a   b   c   d  …        1. from the dense array of last ranks keep the parents whose last row
///   newest    9   4   7   1  …           is among the K newest; no other parent can contribute
///   tails     9 8 2   7 3    …        2. walk only their runs, backwards, while a row beats the worst of K
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

  /// The newest rows below a set of parents; equal ranks in the order of `ties`.
  ///
  /// - Parameters:
  ///   - start: Where the page before ended; nil for the first page.
  ///   - least: The rank below which no row is wanted.
  ///   - accept: Asked of a row that would enter the page.
  /// - Complexity: O(parents + limit · log) on the first page, O(parents · log) on a later one.
  package static func newest(
    _ limit: Int, below parents: [UInt32], _ index: OrderedIndexView, ties: KeyOrder,
    after start: Start? = nil, downTo least: UInt64 = 0, accept: ((UInt32) -> Bool)? = nil
  ) -> Outcome {
    var outcome = Outcome(slots: [], rowsTouched: 0, parentsWalked: 0)
    guard limit > 0 else { return outcome }
    let walked =
      start == nil && accept == nil ? prune(parents, index, keeping: limit) : parents
    var best: [Candidate] = []
    for parent in walked {
      var rank = index.runs.count(of: parent)
      if rank == 0 { continue }
      if let start { rank = index.rowCount(below: start.rank, orEqual: true, of: parent) }
      outcome.parentsWalked += 1
      while rank > 0 {
        rank -= 1
        let slot = index.runs.target(of: parent, at: rank)
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

  /// The parents whose last row is among the newest `limit`, ties included.
  private static func prune(
    _ parents: [UInt32], _ index: OrderedIndexView, keeping limit: Int
  ) -> [UInt32] {
    guard parents.count > limit else { return parents }
    // A heap of the `limit` largest last ranks, the least of them on top.
    var heap: [UInt64] = []
    var kept: [Candidate] = []
    for parent in parents where index.runs.count(of: parent) > 0 {
      let rank = index.lastRanks[parent]
      if heap.count == limit, rank < heap[0] { continue }
      kept.append(Candidate(rank: rank, slot: parent))
      if heap.count < limit {
        heap.append(rank)
        siftUp(&heap)
      } else if rank > heap[0] {
        heap[0] = rank
        siftDown(&heap)
      }
    }
    guard let least = heap.first else { return [] }
    return kept.filter { heap.count < limit || $0.rank >= least }.map(\.slot)
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
