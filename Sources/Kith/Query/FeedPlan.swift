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
  let filters: [Filter]

  /// Recognizes `parents.rows.filter(…).sorted(by: column, .descending)`, or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .sorted(let rows, let terms) = node, terms.count == 1,
      terms[0].direction == .descending, let column = terms[0].column
    else { return nil }
    guard terms[0].ranksExactly,
      case (.hop(let sources, let hop), let filters) = rows.withoutFilters,
      hop.direction == .backward
    else { return nil }
    parents = sources
    let info = graph.layout.tables[node.table]
    let found = info.indexes.firstIndex {
      $0.parentLink == hop.link && $0.column == column && info.columns[column].kind.ranksExactly
    }
    guard let found else { return nil }
    indexNumber = found
    indexName = info.indexes[found].name
    self.graph = graph
    table = node.table
    self.filters = filters
  }

  /// The newest rows, and what it cost to find them.
  func run(limit: Int, after position: Position? = nil) -> RecentMerge.Outcome {
    let executor = Executor(graph: graph)
    let state = graph.table(table)
    let sources = executor.set(parents)
    let accepts = Filter(all: filters)?.bind(graph)
    let start = position.map { position in
      RecentMerge.Start(rank: position.values[0].rank) {
        position.key < state.rows.key(at: $0)
      }
    }
    return state.orderedIndexes[indexNumber].withView { index in
      RecentMerge.newest(
        limit, below: sources, index, ties: state.keyOrder, after: start,
        accept: accepts)
    }
  }
}

/// A place in an order: the values by which rows are sorted, and the key that breaks ties.
struct Position: Sendable {
  let values: [StoredValue]
  let key: StoredValue
}
