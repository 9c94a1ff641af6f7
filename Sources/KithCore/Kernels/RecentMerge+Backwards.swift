/// The page of a feed before the one that somebody sees: the oldest of the rows that are newer than a
/// place.
///
/// It is the same merge in a mirror. Ranks are turned round, so that the least comes first; a head is the
/// first row of its parent that is not older than the place, and is followed by the row behind it. Parents
/// whose last row is older are passed over in the dense array of last ranks.
extension RecentMerge {
  /// The rows below a set of parents before a place, the nearest first; equal ranks against the order of
  /// `ties`.
  ///
  /// - Parameters:
  ///   - parents: Distinct slots, ascending.
  ///   - start: Where the page after starts; `isAfter` tells which rows of its rank come before it.
  ///   - greatest: The rank above which no row is wanted.
  ///   - accept: Asked of a row that would enter the page.
  /// - Complexity: O(parents + limit · log), and O(log) of its rows for a parent that has newer ones.
  package static func oldest(
    _ limit: Int, below parents: [UInt32], _ index: OrderedIndexView, ties: KeyOrder,
    before start: Start, upTo greatest: UInt64 = .max, accept: ((UInt32) -> Bool)? = nil
  ) -> Outcome {
    var outcome = Outcome(slots: [])
    guard limit > 0 else { return outcome }
    var touched = 0
    /// The row of a parent behind some number of its rows.
    func head(_ parent: UInt32, behind count: Int) -> Head? {
      if count == index.runs.count(of: parent) { return nil }
      let rank = index.ranks[index.runs.target(of: parent, at: count)]
      touched += 1
      return rank > greatest ? nil : Head(rank: ~rank, parent: parent, count: count + 1)
    }
    var heads: [Head] = []
    let lastRanks = ColumnScan(index.lastRanks)
    var next = 0
    while let found = lastRanks.first(parents.span, from: next, atLeast: start.rank) {
      next = found.index + 1
      let parent = parents[found.index]
      let count = index.rowCount(below: start.rank, orEqual: false, of: parent)
      if let head = head(parent, behind: count) { heads.append(head) }
    }
    outcome.slots = merge(
      heads, limit, index, .compare { ties.precedes($1, $0) },
      after: Start(rank: ~start.rank, isAfter: start.isAfter), accept
    ) { head($0.parent, behind: $0.count) }
    outcome.rowsTouched = touched
    return outcome
  }
}
