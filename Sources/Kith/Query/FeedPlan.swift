import KithCore

/// The plan for "the newest rows of many parents" when an ordered index serves it: the feed.
struct FeedPlan {
  /// The name of the index.
  let indexName: String
  /// The rows whose newest rows are asked for, or nil when the index has all rows in one sequence.
  let parents: QueryNode?

  private let graph: Graph
  private let table: Int
  private let indexNumber: Int
  private let filters: [Filter]

  /// Recognizes `parents.rows.filter(…).sorted(by: column, .descending)`, or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .sorted(var rows, let terms) = node, terms.count == 1,
      terms[0].direction == .descending, let column = terms[0].column
    else { return nil }
    if terms[0].isNullable, terms[0].kind == .integer || terms[0].kind == .unsigned { return nil }
    var filters: [Filter] = []
    while case .filter(let inner, let filter) = rows {
      filters.append(filter)
      rows = inner
    }
    let info = graph.layout.tables[node.table]
    let link: Int?
    switch rows {
    case .hop(let sources, let hop) where hop.direction == .backward:
      link = hop.link
      parents = sources
    case .all:
      link = nil
      parents = nil
    default: return nil
    }
    let found = info.indexes.firstIndex {
      $0.parentLink == link && $0.column == column && info.columns[column].kind.ranksExactly
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
    let sources = parents.map { executor.set($0) } ?? [0]
    let tests = filters.map { executor.bind($0, table: table) }
    let start = position.map { position in
      RecentMerge.Start(rank: position.values[0].rank) {
        position.key < state.rows.key(at: $0)
      }
    }
    return state.orderedIndexes[indexNumber].withView { index in
      RecentMerge.newest(
        limit, below: sources, index, ties: state.keyOrder, after: start,
        accept: tests.isEmpty ? nil : { slot in tests.allSatisfy { $0(slot) } })
    }
  }
}

/// A place in an order: the values by which rows are sorted, and the key that breaks ties.
struct Position: Sendable {
  let values: [StoredValue]
  let key: StoredValue
}
