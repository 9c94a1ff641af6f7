import KithCore

/// How the rows of a query are found: by a kernel, or by a way that spares reading them all.
///
/// It is chosen here and nowhere else. What runs a query runs its plan, and what describes a query
/// describes that plan.
enum Plan {
  /// The rows of a table.
  case table(Int)
  /// Rows that are known.
  case rows(Slots)
  /// Rows that lie in runs.
  case runs(RunPlan)
  /// The distinct rows that a hop from many rows reaches.
  case expansion(QueryNode, LinkHop)
  /// A walk that goes through rows by their distance.
  case reach(QueryNode, [LinkHop], ClosedRange<Int>)
  /// The rows of queries that are put together.
  case combination(SetOperation, QueryNode, QueryNode)
  /// The newest rows of many parents, from an ordered index.
  case newest(FeedPlan)
  /// An index that is read from one end.
  case index(IndexScan)
  /// A table that is read from any row on.
  case scan(TableScan)
  /// What an index finds for a filter.
  case found(FilterPlan)
  /// All rows of a query, each tested.
  case tested(QueryNode, Filter)
  /// All rows of a query, sorted.
  case sorted(QueryNode, [SortTerm])
  /// A part of the first rows of a query, up to an end.
  case slice(QueryNode, dropping: Int, end: Int)

  /// Chooses how to find the rows of a query.
  ///
  /// A plan for some rows may give up, when it has read so much that all rows are found at less cost. A
  /// plan for all rows never does, and serves then.
  ///
  /// - Parameters:
  ///   - limit: How many rows are asked for; all if nothing is said.
  ///   - side: Where the rows are, seen from a place in the query's order; nil for the first rows.
  init(_ node: QueryNode, _ graph: Graph, limit: Int = .max, _ side: Side? = nil) {
    self = RunPlan(node).map { .runs($0) } ?? Plan.choose(node, graph, limit, side)
  }

  /// Chooses for a query that is none for rows of runs. Where it may be served in several ways, the first
  /// that serves is the best.
  static func choose(
    _ node: QueryNode, _ graph: Graph, _ limit: Int = .max, _ side: Side? = nil
  ) -> Plan {
    switch node {
    case .all(let table):
      return side.flatMap { scan(node, graph, limit, $0) } ?? .table(table)
    case .rows(_, let slots): return .rows(slots)
    case .run(let one): return .runs(.run(one))
    case .hop(let sources, let hop): return .expansion(sources, hop)
    case .reach(let sources, let step, let levels): return .reach(sources, step, levels)
    case .filter(let rows, let last):
      let (base, filter) = node.filtered ?? (rows, last)
      let found = FilterPlan(base, filter, graph)
      if let found, limit >= found.access.count { return .found(found) }
      let isWhole = if case .all = base { true } else { false }
      let scan = scan(node, graph, limit, side) { isWhole ? found?.access : $0.access }
      return scan ?? found.map { .found($0) } ?? .tested(base, filter)
    case .combination(let operation, let left, let right):
      let scan = limit < .max ? scan(node, graph, limit, side) : nil
      return scan ?? .combination(operation, left, right)
    case .sorted(let rows, let terms):
      if let feed = FeedPlan(node, graph, side) { return .newest(feed) }
      if let index = IndexScan(node, graph, limit: limit, side) { return .index(index) }
      return scan(node, graph, limit, side) ?? .sorted(rows, terms)
    case .slice(let rows, let dropped, let most):
      let most = min(most ?? .max, limit)
      return .slice(rows, dropping: dropped, end: most > .max - dropped ? .max : dropped + most)
    }
  }

  /// A table that is read, unless an index finds no more rows than are asked for.
  ///
  /// - Parameter access: What an index finds.
  private static func scan(
    _ node: QueryNode, _ graph: Graph, _ limit: Int, _ side: Side?,
    insteadOf access: (TableScan) -> IndexAccess? = { $0.access }
  ) -> Plan? {
    guard let scan = TableScan(node, graph, side) else { return nil }
    scan.most = access(scan)?.count
    if let most = scan.most, limit >= most { return nil }
    return .scan(scan)
  }
}

/// A side of a place in the order of a query, on which the rows of a page are.
@usableFromInline
enum Side {
  case before, after
}
