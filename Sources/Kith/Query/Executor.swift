import KithCore

/// Runs the plans of queries, and hands slots from one to the next.
struct Executor {
  let graph: Graph

  /// The rows of a query in its order, at most `limit` of them.
  func slots(_ node: QueryNode, limit: Int = .max) -> [UInt32] {
    if limit <= 0 { return [] }
    if let plan = RunPlan(node) { return slots(plan, limit: limit) }
    return run(Plan.choose(node, graph, limit), of: node, limit: limit)
  }

  /// The first rows that the plan of a query finds.
  private func run(_ plan: Plan, of node: QueryNode, limit: Int) -> [UInt32] {
    switch plan {
    case .table(let table): graph.table(table).allSlots(limit: limit)
    case .rows(let slots): truncated(slots.array, limit)
    case .runs(let plan): slots(plan, limit: limit)
    case .expansion(let sources, let hop): truncated(expand(set(sources), hop), limit)
    case .reach(let sources, let step, let levels):
      truncated(reached(from: set(sources), step, levels), limit)
    case .combination: truncated(combined(node), limit)
    case .newest(let feed): feed.run(limit: limit).slots
    case .index(let scan): scan.run(limit: limit) ?? all(node, limit)
    case .scan(let scan): scan.run(limit: limit) ?? all(node, limit)
    case .found(let plan): plan.run(limit: limit)
    case .tested(let rows, let filter): tested(slots(rows), filter, limit)
    case .sorted(let rows, let terms):
      Sorting(graph, table: node.table, terms).sorted(slots(rows), limit: limit)
    case .slice(let rows, let dropped, let end):
      Array(slots(rows, limit: end).dropFirst(dropped).prefix(limit))
    }
  }

  /// The first rows of a query whose plan for some rows has given up.
  private func all(_ node: QueryNode, _ limit: Int) -> [UInt32] {
    run(Plan.choose(node, graph), of: node, limit: limit)
  }

  /// The rows of a query on a side of a place in its order, those next to it, in that order; or nil if all
  /// rows must be found for that.
  func slots(_ node: QueryNode, limit: Int, _ side: Side, of place: Position) -> [UInt32]? {
    let rows: [UInt32]?
    switch Plan(node, graph, limit: limit, side) {
    case .runs(.run(let one)): return run(one, side, of: place.slot, limit: limit)
    case .newest(let feed): rows = feed.run(limit: limit, from: place).slots
    case .index(let scan): rows = scan.run(limit: limit, from: place)
    case .scan(let scan): rows = scan.run(limit: limit, from: place)
    default: return nil
    }
    return side == .after ? rows : rows?.reversed()
  }

  /// The first row of a query in its order, or nil.
  func first(_ node: QueryNode) -> UInt32? {
    guard let one = node.oneHop else { return slots(node, limit: 1).first }
    return withRuns(one.hop) { $0.firstTarget(of: one.source) }
  }

  /// Lends the rows of a query in its order. Those of a run or a part of it, of two hops from one
  /// row, or of two runs that are intersected, are not copied.
  func withSlots(_ node: QueryNode, _ body: (Span<UInt32>) -> Void) {
    if let plan = RunPlan(node) { return withSlots(plan, body) }
    body(slots(node).span)
  }

  /// The rows of a query by ascending slot, which is their order of insertion.
  func set(_ node: QueryNode) -> [UInt32] {
    switch node {
    case .sorted(let rows, _): set(rows)
    case .slice(let rows, _, _) where isOrdered(rows): slots(node).sorted()
    case .combination(_, let left, _) where isOrdered(left): slots(node).sorted()
    case .filter(let rows, _) where isOrdered(rows): slots(node).sorted()
    default: slots(node)
    }
  }

  /// The number of rows of a query. O(1) for a table, and for one hop from one row.
  func count(_ node: QueryNode) -> Int {
    if let plan = RunPlan(node) { return count(plan) }
    return plannedCount(node)
  }

  /// The number of rows of a query that is none for rows of runs. It stands apart, so that those don't pay
  /// for what it needs.
  @inline(never)
  private func plannedCount(_ node: QueryNode) -> Int {
    if case .sorted(let rows, _) = node { return count(rows) }
    if let feed = FeedCount(node, graph) { return feed.run() }
    let plan = Plan.choose(node, graph)
    switch plan {
    case .table(let table): return graph.table(table).count
    case .rows(let slots): return slots.count
    case .expansion(let sources, let hop):
      let sources = set(sources)
      return withRuns(hop) {
        Expansion.distinctCount(from: .rows(sources), $0, rowCount: rowCount(hop.target))
      }
    case .found(let found): return found.count ?? found.run(limit: .max).count
    default: return run(plan, of: node, limit: .max).count
    }
  }

  /// One more than the largest slot of a table.
  func rowCount(_ table: Int) -> Int { Int(graph.table(table).slotEnd) }

  // MARK: Parts

  /// The distinct rows that a hop from some rows reaches.
  private func expand(_ sources: [UInt32], _ hop: LinkHop) -> [UInt32] {
    withRuns(hop) {
      Expansion.distinctTargets(from: .rows(sources), $0, rowCount: rowCount(hop.target))
    }
  }

  /// The rows at some distances from others.
  private func reached(
    from sources: [UInt32], _ step: [LinkHop], _ levels: ClosedRange<Int>
  ) -> [UInt32] {
    defer { withExtendedLifetime(graph) {} }
    return Reach.rows(from: sources, step: graph.runs(of: step), within: levels)
  }

  /// Reads the runs of a hop.
  @inline(__always)
  func withRuns<Result>(_ hop: LinkHop, _ body: (RunsView) -> Result) -> Result {
    defer { withExtendedLifetime(graph) {} }
    return body(graph.runs(hop))
  }

  /// Reads the runs of two hops.
  @inline(__always)
  func withRuns<Result>(
    _ first: LinkHop, _ second: LinkHop, _ body: (RunsView, RunsView) -> Result
  ) -> Result {
    withRuns(first) { first in withRuns(second) { body(first, $0) } }
  }

  /// The first of some rows that a test accepts.
  private func tested(_ rows: [UInt32], _ filter: Filter, _ limit: Int) -> [UInt32] {
    var kept: [UInt32] = []
    let accepts = filter.bind(graph, rows.count)
    for slot in rows where accepts(slot) {
      kept.append(slot)
      if kept.count == limit { break }
    }
    return kept
  }

  /// Whether a query's rows may stand in another order than that of insertion.
  func isOrdered(_ node: QueryNode) -> Bool { !node.sortTerms.isEmpty }

  /// The first of some rows.
  func truncated(_ slots: [UInt32], _ limit: Int) -> [UInt32] {
    slots.count > limit ? Array(slots.prefix(limit)) : slots
  }
}
