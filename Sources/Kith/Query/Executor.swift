import KithCore

/// Runs what a query describes: picks a kernel for each part, and hands slots from one to the next.
struct Executor {
  let graph: Graph

  /// The rows of a query in its order, at most `limit` of them.
  func slots(_ node: QueryNode, limit: Int = .max) -> [UInt32] {
    if limit <= 0 { return [] }
    switch node {
    case .run(let one):
      return run(one, from: 0, limit: limit)
    case .all(let table):
      return graph.table(table).allSlots(limit: limit)
    case .rows(_, let slots):
      return truncated(slots.array, limit)
    case .hop(let sources, let hop):
      return truncated(expand(sources, hop), limit)
    case .reach(let sources, let step, let levels):
      let sources = set(sources)
      defer { withExtendedLifetime(graph) {} }
      let found = Reach.rows(from: sources, step: graph.step(step), within: levels)
      return truncated(found, limit)
    case .filter:
      return filtered(node, limit: limit)
    case .combination:
      guard let (one, other) = node.twoRuns else {
        if limit < .max, let rows = scanned(node, limit: limit) { return rows }
        return truncated(combined(node), limit)
      }
      let rows = withRuns(one.hop, other.hop) {
        Intersection.rows(
          of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target))
      }
      return truncated(rows, limit)
    case .sorted(let rows, let terms):
      if let plan = FeedPlan(node, graph) { return plan.run(limit: limit).slots }
      if let rows = IndexScan(node, graph)?.run(limit: limit) { return rows }
      if let rows = scanned(node, limit: limit) { return rows }
      return Sorting(graph, table: node.table, terms).sorted(slots(rows), limit: limit)
    case .slice(let rows, let dropped, let most):
      if let one = rows.oneHop { return run(one, from: dropped, limit: min(most ?? .max, limit)) }
      let end = most.map { min($0, limit) } ?? limit
      let reach = end > .max - dropped ? .max : dropped + end
      return Array(slots(rows, limit: reach).dropFirst(dropped))
    }
  }

  /// The first row of a query in its order, or nil.
  func first(_ node: QueryNode) -> UInt32? {
    guard let one = node.oneHop else { return slots(node, limit: 1).first }
    return withRuns(one.hop) { $0.firstTarget(of: one.source) }
  }

  /// Lends the rows of a query in its order. Those of a run or a part of it, of two hops from one
  /// row, or of two runs that are intersected, are not copied.
  func withSlots(_ node: QueryNode, _ body: (Span<UInt32>) -> Void) {
    switch node {
    case .run(let one):
      return withRuns(one.hop) { $0.withTargets(of: one.source, body) }
    case .slice(let rows, let dropped, let most):
      guard let one = rows.oneHop else { break }
      return withRuns(one.hop) { runs in
        let ranks = ranks(of: one, runs, from: dropped, limit: most ?? .max)
        runs.withTargets(of: one.source, in: ranks, body)
      }
    case .hop(let sources, let hop):
      guard let one = sources.oneHop else { break }
      return withRuns(one.hop, hop) {
        Expansion.withDistinctTargets(
          ofTargetsOf: one.source, $0, $1, rowCount: rowCount(hop.target), body)
      }
    case .combination:
      guard let (one, other) = node.twoRuns else { break }
      return withRuns(one.hop, other.hop) {
        Intersection.withRows(
          of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target), body)
      }
    default: break
    }
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
    switch node {
    case .run(let one): return graph.linkCount(of: one.source, one.hop.link, one.hop.direction)
    case .all(let table): return graph.table(table).count
    case .rows(_, let slots): return slots.count
    case .sorted(let rows, _): return count(rows)
    case .hop(let sources, let hop):
      let rowCount = rowCount(hop.target)
      if let one = sources.oneHop {
        return withRuns(one.hop, hop) {
          Expansion.distinctCount(ofTargetsOf: one.source, $0, $1, rowCount: rowCount)
        }
      }
      let sources = set(sources)
      return withRuns(hop) { Expansion.distinctCount(from: sources, $0, rowCount: rowCount) }
    case .combination:
      guard let (one, other) = node.twoRuns else { return slots(node).count }
      return withRuns(one.hop, other.hop) {
        Intersection.count(
          of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target))
      }
    case .filter:
      let (base, filters) = node.withoutFilters
      guard let plan = Filter(all: filters).flatMap({ FilterPlan(base, $0, graph) }) else {
        return slots(node).count
      }
      return plan.count ?? plan.run(limit: .max).count
    case .reach, .slice: return slots(node).count
    }
  }

  /// Whether a row is among those of a query.
  ///
  /// - Complexity: That of asking the row, where the query is a table, a run, or filters and sets of
  ///   such; that of a row's links where it is two hops from one row; otherwise that of the query.
  func contains(_ slot: UInt32, _ node: QueryNode) -> Bool {
    switch node {
    case .all(let table): return graph.table(table).isLive(slot)
    case .rows(_, let slots): return slots.contains(slot)
    case .run(let one):
      return graph.isLinked(one.source, to: slot, one.hop.link, one.hop.direction)
    case .hop(let sources, let hop):
      guard let one = sources.oneHop else { return slots(node).contains(slot) }
      let back = LinkHop(link: hop.link, direction: hop.direction.reversed, target: sources.table)
      return withRuns(one.hop, back) {
        Intersection.count(
          of: one.source, $0, and: slot, $1, rowCount: rowCount(one.hop.target)) > 0
      }
    case .sorted(let rows, _): return contains(slot, rows)
    case .filter:
      let (base, filters) = node.withoutFilters
      guard contains(slot, base) else { return false }
      return Filter(all: filters).map { $0.bind(graph, 1)(slot) } ?? true
    case .combination:
      if let (one, other) = node.twoRuns {
        return contains(slot, .run(one)) && contains(slot, .run(other))
      }
      let (first, parts) = node.withoutCombinations
      return parts.reduce(contains(slot, first)) { isThere, part in
        switch part.operation {
        case .union: isThere || contains(slot, part.right)
        case .intersection: isThere && contains(slot, part.right)
        case .subtracting: isThere && !contains(slot, part.right)
        case .symmetricDifference: isThere != contains(slot, part.right)
        }
      }
    case .reach, .slice: return slots(node).contains(slot)
    }
  }

  /// One more than the largest slot of a table.
  func rowCount(_ table: Int) -> Int { Int(graph.table(table).slotEnd) }

  // MARK: Parts

  /// One hop from the rows of a query.
  func expand(_ sources: QueryNode, _ hop: LinkHop) -> [UInt32] {
    let rowCount = rowCount(hop.target)
    if let one = sources.oneHop {
      return withRuns(one.hop, hop) {
        Expansion.distinctTargets(ofTargetsOf: one.source, $0, $1, rowCount: rowCount)
      }
    }
    let sources = set(sources)
    return withRuns(hop) { Expansion.distinctTargets(from: sources, $0, rowCount: rowCount) }
  }

  /// Rows of a run from a rank on.
  private func run(_ one: OneHop, from rank: Int, limit: Int) -> [UInt32] {
    withRuns(one.hop) { runs in
      runs.targets(of: one.source, in: ranks(of: one, runs, from: rank, limit: limit))
    }
  }

  /// The ranks that a run has from one on, at most `limit` of them.
  private func ranks(
    of one: OneHop, _ runs: RunsView, from rank: Int, limit: Int
  ) -> Range<Int> {
    let count = runs.count(of: one.source)
    let first = min(rank, count)
    return first..<(first + min(limit, count - first))
  }

  /// The rows of a run after a slot, at most `limit` of them.
  ///
  /// - Complexity: O(log *n* + limit).
  func run(_ one: OneHop, after slot: UInt32, limit: Int) -> [UInt32] {
    let rank = withRuns(one.hop) { $0.rank(of: slot, in: one.source, SlotOrder()) }
    return run(one, from: rank.isPresent ? rank.index + 1 : rank.index, limit: limit)
  }

  /// The last rows of a run before a slot, at most `limit` of them.
  ///
  /// - Complexity: O(log *n* + limit).
  func run(_ one: OneHop, before slot: UInt32, limit: Int) -> [UInt32] {
    let end = withRuns(one.hop) { $0.rank(of: slot, in: one.source, SlotOrder()).index }
    return run(one, from: max(end - limit, 0), limit: min(limit, end))
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

  /// The first rows of a query for a whole table, if they are best found by reading the table; or else
  /// nil. If there is an index, no more rows are read than it would find.
  private func scanned(_ node: QueryNode, limit: Int) -> [UInt32]? {
    guard let scan = TableScan(node, graph) else { return nil }
    return scan.run(limit: limit, insteadOf: scan.access)
  }

  /// Likewise for filters, for which the index is known.
  private func scanned(
    _ node: QueryNode, _ access: IndexAccess?, limit: Int
  ) -> [UInt32]? {
    if let access, limit >= access.count { return nil }
    return TableScan(node, graph)?.run(limit: limit, insteadOf: access)
  }

  private func filtered(_ node: QueryNode, limit: Int) -> [UInt32] {
    let (base, filters) = node.withoutFilters
    guard let filter = Filter(all: filters) else { return slots(base, limit: limit) }
    let plan = FilterPlan(base, filter, graph)
    if let rows = scanned(node, plan?.access, limit: limit) { return rows }
    if let plan { return plan.run(limit: limit) }
    let rows = slots(base)
    var kept: [UInt32] = []
    let accepts = filter.bind(graph, rows.count)
    for slot in rows where accepts(slot) {
      kept.append(slot)
      if kept.count == limit { break }
    }
    return kept
  }

  /// The rows of queries that are put together.
  private func combined(_ node: QueryNode) -> [UInt32] {
    let (first, parts) = node.withoutCombinations
    var rows = slots(first)
    var isOrdered = isOrdered(first)
    for (operation, right) in parts {
      if operation == .subtracting || operation == .intersection,
        let isThere = test(of: right, for: rows.count)
      {
        rows.removeAll { isThere($0) == (operation == .subtracting) }
        continue
      }
      if isOrdered, operation == .subtracting || operation == .intersection {
        let others = SlotSet(set(right))
        rows.removeAll { others.contains($0) == (operation == .subtracting) }
        continue
      }
      if isOrdered { rows.sort() }
      isOrdered = false
      rows = Executor.combine(operation, rows, set(right))
    }
    return rows
  }

  /// What tells of a few rows whether a query yields them, if that is better than to list them all; or else
  /// nil.
  func test(of node: QueryNode, for rowCount: Int) -> ((UInt32) -> Bool)? {
    if let one = node.oneHop {
      guard count(node) / Executor.lookUpCost > rowCount else { return nil }
      return { [graph] in graph.isLinked(one.source, to: $0, one.hop.link, one.hop.direction) }
    }
    let (base, tests) = node.withoutTests(graph)
    guard case .all(let table) = base, graph.table(table).count / Executor.lookUpCost > rowCount
    else {
      return nil
    }
    guard let filter = Filter(all: tests) else { return { _ in true } }
    if let access = IndexAccess(filter.shape, graph, table: table), access.count <= rowCount {
      return nil
    }
    return filter.bind(graph, rowCount)
  }

  /// How many rows of a run or a table are read at the cost of asking for one of them.
  private static let lookUpCost = 16

  /// The rows of two lists that ascend, put together, ascending.
  private static func combine(
    _ operation: SetOperation, _ left: [UInt32], _ right: [UInt32]
  ) -> [UInt32] {
    switch operation {
    case .union: Intersection.union(left, right)
    case .intersection: Intersection.rows(left, right)
    case .subtracting: Intersection.subtract(right, from: left)
    case .symmetricDifference:
      Intersection.union(
        Intersection.subtract(right, from: left), Intersection.subtract(left, from: right))
    }
  }

  /// Whether a query's rows may stand in another order than that of insertion.
  func isOrdered(_ node: QueryNode) -> Bool { !node.sortTerms.isEmpty }

  private func truncated(_ slots: [UInt32], _ limit: Int) -> [UInt32] {
    slots.count > limit ? Array(slots.prefix(limit)) : slots
  }
}

extension QueryNode {
  /// What a query starts from, and what is put together with it one after the other, but for two runs,
  /// which have a kernel of their own.
  ///
  /// Calls are chained to the left, hundreds of them perhaps, so the left sides are not reached through
  /// each other.
  fileprivate var withoutCombinations:
    (
      first: QueryNode, parts: [(operation: SetOperation, right: QueryNode)]
    )
  {
    var (first, parts): (QueryNode, [(SetOperation, QueryNode)]) = (self, [])
    while case .combination(let operation, let left, let right) = first, first.twoRuns == nil {
      parts.append((operation, right))
      first = left
    }
    return (first, parts.reversed())
  }
}
