import KithCore

/// The plan for "the newest rows of many parents" when an ordered index serves it: the feed, or the page of
/// it before another.
final class FeedPlan {
  /// The name of the index.
  let indexName: String
  /// The rows whose newest rows are asked for.
  let parents: QueryNode

  private let graph: Graph
  private let table: Int
  private let indexNumber: Int
  /// The part of the index that comparisons of its column leave.
  private let range: RankRange
  /// The tests that say more than the range.
  let filters: [Filter]
  /// The whole order.
  private let sorting: Sorting
  /// How rows of equal rank are ordered.
  private let ties: KeyOrder
  /// Where the rows are that are asked for, seen from a place: those before it come from the last one on.
  private let side: Side

  /// Recognizes `parents.rows.filter(…).sorted(by: column, .descending, …)`, perhaps of several parents put
  /// together, and without some rows, or returns nil.
  init?(_ node: QueryNode, _ graph: Graph, _ side: Side?) {
    guard case .sorted(let rows, let terms) = node, terms[0].direction == .descending,
      terms[0].ranksExactly, let column = terms[0].column
    else { return nil }
    let (walk, tests) = rows.withoutTests(graph)
    guard let (sources, hop) = walk.parents, hop.direction == .backward else { return nil }
    parents = sources
    let info = graph.layout.tables[node.table]
    let found = info.indexes.firstIndex { $0.parentLink == hop.link && $0.column == column }
    guard let found else { return nil }
    indexNumber = found
    indexName = info.indexes[found].name
    self.graph = graph
    table = node.table
    (range, filters) = RankRange.split(tests, by: column, info.columns[column])
    let sorting = Sorting(graph, table: node.table, terms)
    self.sorting = sorting
    self.side = side ?? .after
    ties = terms.count == 1 ? graph.table(node.table).keyOrder : .compare(sorting.precedes)
  }

  /// The newest rows, and what it cost to find them.
  func run(limit: Int, from place: Position? = nil) -> RecentMerge.Outcome {
    let executor = Executor(graph: graph)
    let state = graph.table(table)
    let sources = executor.set(parents)
    var test = PatientTest(Filter(all: filters), graph, expecting: limit)
    return state.orderedIndexes[indexNumber].withView { index in
      let accept: ((UInt32) -> Bool)? = filters.isEmpty ? nil : { test.accepts($0) }
      let start = start(place)
      return side == .before
        ? RecentMerge.oldest(
          limit, below: sources, index, ties: ties, before: start, upTo: range.greatest,
          accept: accept)
        : RecentMerge.newest(
          limit, below: sources, index, ties: ties, after: start, downTo: range.least,
          accept: accept)
    }
  }

  /// Where the rows start: next to a place, or at the last rank on its side that the filters leave.
  private func start(_ place: Position?) -> RecentMerge.Start {
    let edge = side == .after ? range.greatest : range.least
    if let place, case let rank = place.values[0].rank, side == .after ? rank <= edge : rank >= edge
    {
      return RecentMerge.Start(rank: rank) { [self] in sorting.lies($0, side, of: place) }
    }
    return RecentMerge.Start(rank: edge) { _ in true }
  }
}

extension QueryNode {
  /// The last hop of a walk, or of several that are put together, and all rows from which it starts.
  var parents: (sources: QueryNode, hop: LinkHop)? {
    guard case .combination(.union, let left, let right) = self else { return lastHop }
    guard let (first, hop) = left.parents, let (second, other) = right.parents, hop == other else {
      return nil
    }
    return (.combination(.union, first, second), hop)
  }
}

/// A place in an order: the values by which rows are sorted, and the key that breaks ties; or the slot, in
/// the order of insertion.
struct Position: Sendable {
  let values: [StoredValue]
  let key: StoredValue

  /// The slot at a place in the order of insertion.
  var slot: UInt32 { UInt32(clamping: values[0].rank) }
}
