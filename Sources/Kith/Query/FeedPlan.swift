import KithCore

/// The plan for "the newest rows of many parents" when an ordered index serves it: the feed.
struct FeedPlan {
  /// The name of the index.
  let indexName: String
  /// The rows whose newest rows are asked for.
  let parents: QueryNode

  private let graph: Graph
  private let table: Int
  private let indexNumber: Int
  /// The part of the index that comparisons of its column leave.
  private let range: RankRange
  /// The filters that say more than the range.
  let filters: [Filter]

  /// Recognizes `parents.rows.filter(…).sorted(by: column, .descending)`, or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .sorted(let rows, let terms) = node, terms.count == 1,
      terms[0].direction == .descending, terms[0].ranksExactly, let column = terms[0].column
    else { return nil }
    let (walk, filters) = rows.withoutFilters
    guard let (sources, hop) = walk.lastHop, hop.direction == .backward else { return nil }
    parents = sources
    let info = graph.layout.tables[node.table]
    let found = info.indexes.firstIndex { $0.parentLink == hop.link && $0.column == column }
    guard let found else { return nil }
    indexNumber = found
    indexName = info.indexes[found].name
    self.graph = graph
    table = node.table
    (range, self.filters) = RankRange.split(filters, by: column, info.columns[column])
  }

  /// The newest rows, and what it cost to find them.
  func run(limit: Int, after position: Position? = nil) -> RecentMerge.Outcome {
    let executor = Executor(graph: graph)
    let state = graph.table(table)
    let sources = executor.set(parents)
    let accepts = Filter(all: filters)?.bind(graph, limit)
    let start = start(position, state)
    return state.orderedIndexes[indexNumber].withView { index in
      RecentMerge.newest(
        limit, below: sources, index, ties: state.keyOrder, after: start, downTo: range.least,
        accept: accepts)
    }
  }

  /// Where the rows start: after a place, or at the greatest rank that the filters leave.
  private func start(_ position: Position?, _ state: TableState) -> RecentMerge.Start {
    if let position, position.values[0].rank <= range.greatest {
      return RecentMerge.Start(rank: position.values[0].rank) { position.key < state.key(at: $0) }
    }
    return RecentMerge.Start(rank: range.greatest) { _ in true }
  }
}

/// A place in an order: the values by which rows are sorted, and the key that breaks ties.
struct Position: Sendable {
  let values: [StoredValue]
  let key: StoredValue
}
