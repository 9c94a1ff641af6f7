import KithCore

/// The plan for rows of a whole table in order of insertion, or in that of a primary key that ascends with
/// insertion: the table is read from any row on, in either direction, until there are enough.
final class TableScan {
  private let graph: Graph
  private let table: Int
  private let filter: Filter?
  /// How many rows an index would find for the tests, if one serves them: no more are tested.
  var most: Int?
  private let isBackwards: Bool
  /// The slots that may hold rows.
  private let slots: Range<UInt32>
  /// Whether rows are sorted, by the primary key.
  private let isSorted: Bool

  /// Recognizes `table`, with filters, without some rows, and sorted by its primary key, or returns nil.
  ///
  /// - Parameter side: Where the rows are that are asked for, seen from a place; nil for the first rows.
  init?(_ node: QueryNode, _ graph: Graph, _ side: Side?) {
    var (rows, isBackwards, isSorted) = (node, false, false)
    let state = graph.table(node.table)
    if case .sorted(let unsorted, let terms) = node {
      // Keys tell all rows apart, so that nothing more is said by the terms that follow.
      guard let column = terms[0].column, state.info.primaryKey == [column], state.keysAscend,
        terms[0].precedes == nil
      else { return nil }
      (rows, isBackwards, isSorted) = (unsorted, terms[0].direction == .descending, true)
    }
    let (base, tests) = rows.withoutTests(graph)
    guard case .all = base else { return nil }
    self.graph = graph
    table = node.table
    self.isBackwards = isBackwards != (side == .before)
    self.isSorted = isSorted
    (slots, filter) = TableScan.split(tests, state)
  }

  /// The slots that comparisons of a primary key leave which ascends with insertion, and the other tests.
  private static func split(_ tests: [Filter], _ state: TableState) -> (Range<UInt32>, Filter?) {
    let (all, info) = (0..<state.slotEnd, state.info)
    guard state.keysAscend, state.keysRank, info.primaryKey.count == 1 else {
      return (all, Filter(all: tests))
    }
    let column = info.primaryKey[0]
    let (range, others) = RankRange.split(tests, by: column, info.columns[column])
    if range.isEmpty { return (0..<0, nil) }
    let first = range.least == 0 ? 0 : state.keyEnd { $0.rank < range.least }
    let end = range.greatest == .max ? state.slotEnd : state.keyEnd { $0.rank <= range.greatest }
    return (first..<max(first, end), Filter(all: others))
  }

  /// What an index would find for the tests, if one serves them.
  var access: IndexAccess? { filter.flatMap { IndexAccess($0.shape, graph, table: table) } }

  /// The first rows in order.
  ///
  /// - Parameters:
  ///   - limit: The most rows, at least one.
  ///   - place: Where the rows start, next to which the first one lies.
  /// - Returns: Nil if more rows would have to be tested than an index would find.
  /// - Complexity: O(limit + rows that are passed over).
  func run(limit: Int, from place: Position? = nil) -> [UInt32]? {
    var rest = slots
    if let place { rest = rest.clamped(to: behind(place)) }
    let rows = graph.places(table)
    defer { withExtendedLifetime(graph) {} }
    var found = TestedRows(filter, graph, limit: limit, most: most, of: rest.count)
    if isBackwards {
      rows.forEachLiveBackwards(in: rest) { found.take($0) }
    } else {
      rows.forEachLive(in: rest) { found.take($0) }
    }
    return found.rows
  }

  /// The slots behind a place.
  private func behind(_ place: Position) -> Range<UInt32> {
    let state = graph.table(table)
    guard isSorted else {
      let slot = UInt32(min(place.values[0].rank, UInt64(state.slotEnd)))
      return isBackwards ? 0..<slot : min(slot + 1, state.slotEnd)..<state.slotEnd
    }
    return isBackwards
      ? 0..<state.keyEnd { $0 < place.key }
      : state.keyEnd { !(place.key < $0) }..<state.slotEnd
  }
}

extension TableState {
  /// The slot behind all rows whose keys pass a test that none passes behind one that does not, where keys
  /// ascend with slots.
  ///
  /// - Complexity: O(log slots), and for each look the pages without rows that are passed over.
  fileprivate func keyEnd(where isBefore: (StoredValue) -> Bool) -> UInt32 {
    defer { withExtendedLifetime(shared) {} }
    return (0..<slotEnd).partitioningIndex { middle in
      places.firstLive(in: middle..<slotEnd).map { !isBefore(key(at: $0)) } ?? true
    }
  }
}
