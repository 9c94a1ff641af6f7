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
  /// The part of the index that filters leave.
  private let bounds: RankBounds
  /// The filters that say more than the bounds.
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
    bounds = RankBounds(filters, column: column)
    let isNullable = info.columns[column].isNullable
    self.filters = filters.filter { isNullable || !RankBounds.say(all: $0, column: column) }
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
        limit, below: sources, index, ties: state.keyOrder, after: start, downTo: bounds.least,
        accept: accepts)
    }
  }

  /// Where the rows start: after a place, or at the greatest rank that the filters leave.
  private func start(_ position: Position?, _ state: TableState) -> RecentMerge.Start? {
    let after = position.map { position in
      RecentMerge.Start(rank: position.values[0].rank) { position.key < state.rows.key(at: $0) }
    }
    guard let (rank, isIncluded) = bounds.greatest else { return after }
    if let after, after.rank <= rank { return after }
    return RecentMerge.Start(rank: rank) { _ in isIncluded }
  }
}

/// The ranks that comparisons of one column with constants leave.
private struct RankBounds {
  private(set) var least: UInt64 = 0
  /// The greatest rank, and whether rows that have it are among them; nil if there is none.
  private(set) var greatest: (rank: UInt64, isIncluded: Bool)?

  init(_ filters: [Filter], column: Int) {
    for shape in filters.flatMap(\.shape.conjuncts) {
      guard case .comparison(column, _, let comparison, let value) = shape, !value.isNull,
        RankBounds.isBound(comparison, value)
      else { continue }
      switch comparison {
      case .less: lower(to: value.rank, isIncluded: false)
      case .lessOrEqual: lower(to: value.rank, isIncluded: true)
      case .greater, .greaterOrEqual: least = max(least, value.rank)
      case .equal, .notEqual:
        least = max(least, value.rank)
        lower(to: value.rank, isIncluded: true)
      }
    }
  }

  private mutating func lower(to rank: UInt64, isIncluded: Bool) {
    if let greatest, greatest.rank < rank || (greatest.rank == rank && !greatest.isIncluded) {
      return
    }
    greatest = (rank, isIncluded)
  }

  /// Whether a filter says nothing but the bounds.
  static func say(all filter: Filter, column: Int) -> Bool {
    filter.shape.conjuncts.allSatisfy { shape in
      guard case .comparison(column, _, let comparison, let value) = shape else { return false }
      return comparison != .greater && !value.isNull && isBound(comparison, value)
    }
  }

  /// Numbers that are none have no place in comparisons, and one in ranks.
  private static func isBound(
    _ comparison: PredicateShape.Comparison, _ value: StoredValue
  ) -> Bool {
    if case .real = value { return false }
    return comparison != .notEqual
  }
}

/// A place in an order: the values by which rows are sorted, and the key that breaks ties.
struct Position: Sendable {
  let values: [StoredValue]
  let key: StoredValue
}
