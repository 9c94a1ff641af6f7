/// For each parent its rows in the order of a column: the newest posts of an author.
///
/// Runs of row slots ordered by a rank, a column of the ranks, and the rank of each parent's last
/// row. A rank is a 64-bit number that sorts as the column's value does. An index over a whole
/// table has one parent, slot 0.
package struct OrderedIndex: Sendable {
  private var runs: Runs
  private var ranks = PagedColumn<UInt64>(repeating: 0)
  private var lastRanks = PagedColumn<UInt64>(repeating: 0)
  /// The slots whose ranks ascend with them, which are all, or nil when some did not.
  private var ascent: RankAscent? = RankAscent()
  private let geometry: RunGeometry

  /// Makes an empty index.
  package init(geometry: RunGeometry = .standard) {
    self.geometry = geometry
    runs = Runs(geometry: geometry)
  }

  /// Adds a row below a parent.
  ///
  /// - Complexity: O(log *n*).
  package mutating func insert(_ slot: UInt32, rank: UInt64, below parent: UInt32) {
    let count = runs.count(of: parent)
    ranks[slot] = rank
    ascent = ascent?.extended(to: slot, rank)
    // Where ranks are times, most rows come last, and no other row's rank has to be read.
    if count == 0 || lastRanks[parent] < rank {
      lastRanks[parent] = rank
      runs.insert(slot, into: parent, at: count, order: RankOrder(ranks.view))
    } else {
      _ = runs.insert(slot, into: parent, order: RankOrder(ranks.view))
    }
  }

  /// Takes a row away from below its parent.
  ///
  /// - Complexity: O(log *n*).
  package mutating func remove(_ slot: UInt32, below parent: UInt32) {
    let last = runs.count(of: parent) - 1
    if last < 0 { return }
    if slot == runs.withView({ $0.target(of: parent, at: last) }) {
      runs.remove(slot, from: parent, at: last, order: RankOrder(ranks.view))
      lastRanks[parent] =
        last > 0 ? ranks[runs.withView { $0.target(of: parent, at: last - 1) }] : 0
    } else {
      _ = runs.remove(slot, from: parent, order: RankOrder(ranks.view))
    }
  }

  /// Adds many rows at once to an index that is empty.
  ///
  /// - Parameters:
  ///   - rows: Distinct slots, each with its rank and its parent, in any order.
  ///   - parentCount: One more than the largest parent slot.
  /// - Complexity: O(slots + parents).
  package mutating func build(
    _ rows: [(slot: UInt32, rank: UInt64, parent: UInt32)], parentCount: Int
  ) {
    let slotEnd = rows.reduce(0) { max($0, Int($1.slot) + 1) }
    var ranks = [UInt64](repeating: 0, count: slotEnd)
    var parents = [UInt32](repeating: .max, count: slotEnd)
    for row in rows { (ranks[Int(row.slot)], parents[Int(row.slot)]) = (row.rank, row.parent) }
    build(ranks: ranks, parents: parents, parentCount: parentCount)
  }

  /// Adds all rows of a table at once to an index that is empty.
  ///
  /// - Parameters:
  ///   - ranks: The rank of each row, by slot.
  ///   - parents: The parent of each row, `.max` for one that has none and stays out; nil if all are
  ///     below parent 0.
  ///   - parentCount: One more than the largest parent slot.
  /// - Complexity: O(rows + parents).
  package mutating func build(ranks: [UInt64], parents: [UInt32]?, parentCount: Int) {
    self.ranks = PagedColumn(ranks, repeating: 0)
    ascent = RankAscent(of: ranks)
    let order = RankSort.order(of: ranks)
    let (offsets, slots) =
      parents.map { OrderedIndex.share(order, to: $0, parentCount) }
      ?? ([0, UInt32(order.count)], order)
    var last = [UInt64](repeating: 0, count: parentCount)
    for parent in 0..<offsets.count - 1 where offsets[parent] < offsets[parent + 1] {
      last[parent] = ranks[Int(slots[Int(offsets[parent + 1]) - 1])]
    }
    lastRanks = PagedColumn(last, repeating: 0)
    runs = Runs(offsets: offsets.span, targets: slots.span, geometry: geometry)
  }

  /// Shares rows out to their parents, below which they stay in order.
  private static func share(
    _ order: [UInt32], to parents: [UInt32], _ parentCount: Int
  ) -> (offsets: [UInt32], slots: [UInt32]) {
    var offsets = [UInt32](repeating: 0, count: parentCount + 1)
    for parent in parents where parent != .max { offsets[Int(parent) + 1] += 1 }
    for parent in 0..<parentCount { offsets[parent + 1] += offsets[parent] }
    var ends = offsets
    var slots = [UInt32](repeating: 0, count: Int(offsets[parentCount]))
    for slot in order {
      let parent = parents[Int(slot)]
      if parent == .max { continue }
      slots[Int(ends[Int(parent)])] = slot
      ends[Int(parent)] += 1
    }
    return (offsets, slots)
  }

  /// Reads the index without counting owners; the view is valid inside `body`.
  package func withView<Result, Failure: Error>(
    _ body: (OrderedIndexView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try runs.withView { (runs) throws(Failure) in
      try ranks.withView { (ranks) throws(Failure) in
        try lastRanks.withView { (lastRanks) throws(Failure) in
          try body(
            OrderedIndexView(runs: runs, ranks: ranks, lastRanks: lastRanks, ascent: ascent))
        }
      }
    }
  }

  /// Calls `body` with every parent that has rows, ascending, and its rows in order; with very many
  /// rows in several parts.
  package func forEachRun(_ body: (_ parent: UInt32, _ slots: [UInt32]) -> Void) {
    runs.forEachSource { parent, run in body(parent, run.indices.map { run[$0] }) }
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { runs.copies + ranks.copies + lastRanks.copies }

  /// The bytes of the runs and both columns.
  package var byteCount: Int { runs.byteCount + ranks.byteCount + lastRanks.byteCount }
}

/// One version of an ordered index, read without counting owners.
package struct OrderedIndexView {
  /// For each parent its rows, by rank and then by slot.
  package let runs: RunsView
  /// The rank of each row.
  package let ranks: PagedColumnView<UInt64>
  /// The rank of the last row of each parent that has rows.
  package let lastRanks: PagedColumnView<UInt64>
  /// The slots, if their ranks ascend with them.
  fileprivate let ascent: RankAscent?

  /// The number of a parent's rows whose rank is less than `rank`, or at most that.
  ///
  /// - Complexity: O(log *n*).
  package func rowCount(below rank: UInt64, orEqual: Bool, of parent: UInt32) -> Int {
    if orEqual, rank == .max { return runs.count(of: parent) }
    let bound = RankBound(ranks: ranks, rank: orEqual ? rank + 1 : rank)
    return runs.count(before: bound, in: parent)
  }

  /// The first slot whose rank is greater than `rank`, if ranks ascend with slots: then rows that
  /// are older than that are found by their slots, and no rank has to be read. Otherwise nil.
  ///
  /// - Complexity: O(log *n*).
  func firstSlot(above rank: UInt64) -> UInt32? {
    guard let ascent else { return nil }
    if rank >= ascent.lastRank { return ascent.slotEnd }
    return (0..<ascent.slotEnd).partitioningIndex { ranks[$0] > rank }
  }

  /// The last row of a parent whose slot is less than one, if ranks ascend with slots, and the number
  /// of the parent's rows up to it; nil if there is none.
  ///
  /// - Complexity: O(log *n*).
  @inline(__always)
  func lastRow(of parent: UInt32, before slot: UInt32) -> (slot: UInt32, count: Int)? {
    runs.last(before: SlotBound(slot: slot), in: parent)
  }

  /// The last of the first `count` rows of a parent, and `count`; nil if that is 0.
  ///
  /// - Complexity: O(1), or O(log *n*) for a hub.
  func lastRow(of parent: UInt32, amongFirst count: Int) -> (slot: UInt32, count: Int)? {
    count == 0 ? nil : (runs.target(of: parent, at: count - 1), count)
  }
}

/// Slots without a gap, from 0 on, whose ranks ascend with them: those of rows that are inserted in
/// the order of a column, as posts are in the order of time.
///
/// Rows that have gone keep their rank in the column, so that it ascends still.
private struct RankAscent {
  /// One more than the last slot.
  private(set) var slotEnd: UInt32 = 0
  private(set) var lastRank: UInt64 = 0

  init() {}

  /// The slots of some ranks, or nil if one is less than the one before.
  init?(of ranks: [UInt64]) {
    guard zip(ranks, ranks.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
    (slotEnd, lastRank) = (UInt32(ranks.count), ranks.last ?? 0)
  }

  /// One slot more, or nil if it is not the next, or if its rank is less than the last.
  @inline(__always)
  func extended(to slot: UInt32, _ rank: UInt64) -> RankAscent? {
    guard slot == slotEnd, rank >= lastRank else { return nil }
    var extended = self
    (extended.slotEnd, extended.lastRank) = (slot + 1, rank)
    return extended
  }
}

/// The place before the first row whose slot is not less than one.
private struct SlotBound: RunBound {
  let slot: UInt32

  @inline(__always)
  func follows(_ row: UInt32) -> Bool { row < slot }
}

/// The place before the first row whose rank is not less than one.
private struct RankBound: RunBound {
  let ranks: PagedColumnView<UInt64>
  let rank: UInt64

  @inline(__always)
  func follows(_ row: UInt32) -> Bool { ranks[row] < rank }
}
