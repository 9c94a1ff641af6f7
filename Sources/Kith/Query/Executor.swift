import KithCore

/// Runs what a query describes: picks a kernel for each part, and hands slots from one to the next.
struct Executor {
  let graph: Graph

  /// The rows of a query in its order, at most `limit` of them.
  func slots(_ node: QueryNode, limit: Int = .max) -> [UInt32] {
    if limit <= 0 { return [] }
    switch node {
    case .all(let table):
      return graph.table(table).allSlots(limit: limit)
    case .rows(_, let slots):
      return truncated(slots.array, limit)
    case .hop(let sources, let hop):
      return truncated(expand(set(sources), hop), limit)
    case .reach(let sources, let step, let levels):
      let sources = set(sources)
      let found = graph.withStep(step) { Reach.rows(from: sources, step: $0, within: levels) }
      return truncated(found, limit)
    case .filter:
      return filtered(node, limit: limit)
    case .combination(let operation, let left, let right):
      return truncated(combined(operation, left, right), limit)
    case .sorted(let rows, let terms):
      if let plan = FeedPlan(node, graph) { return plan.run(limit: limit).slots }
      if let plan = IndexScan(node, graph) { return plan.run(limit: limit) }
      return Sorting(graph, table: node.table, terms).sorted(slots(rows), limit: limit)
    case .slice(let rows, let dropped, let most):
      let end = most.map { min($0, limit) } ?? limit
      let reach = end > .max - dropped ? .max : dropped + end
      return Array(slots(rows, limit: reach).dropFirst(dropped))
    }
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
    case .all(let table): return graph.table(table).count
    case .rows(_, let slots): return slots.count
    case .sorted(let rows, _): return count(rows)
    case .hop(let sources, let hop):
      let sources = set(sources)
      return graph.withLinks(hop.link) { links in
        links.withView(hop.direction) { runs in
          sources.count == 1
            ? runs.count(of: sources[0])
            : Expansion.distinctCount(from: sources, runs, rowCount: rowCount(hop.target))
        }
      }
    case .reach, .filter, .combination, .slice: return slots(node).count
    }
  }

  /// One more than the largest slot of a table.
  func rowCount(_ table: Int) -> Int { Int(graph.table(table).slotEnd) }

  // MARK: Parts

  /// One hop from a set of rows.
  func expand(_ sources: [UInt32], _ hop: LinkHop) -> [UInt32] {
    graph.withLinks(hop.link) { links in
      links.withView(hop.direction) { runs in
        Expansion.distinctTargets(from: sources, runs, rowCount: rowCount(hop.target))
      }
    }
  }

  private func filtered(_ node: QueryNode, limit: Int) -> [UInt32] {
    let (base, filters) = node.withoutFilters
    guard let filter = Filter(all: filters) else { return slots(base, limit: limit) }
    if let plan = FilterPlan(base, filter, graph) { return plan.run(limit: limit) }
    var kept: [UInt32] = []
    if case .all(let table) = base {
      let accepts = filter.bind(graph, graph.table(table).count)
      graph.table(table).rows.forEachSlot(below: graph.table(table).slotEnd) { slot in
        if accepts(slot) { kept.append(slot) }
        return kept.count < limit
      }
      return kept
    }
    let rows = slots(base)
    let accepts = filter.bind(graph, rows.count)
    for slot in rows where accepts(slot) {
      kept.append(slot)
      if kept.count == limit { break }
    }
    return kept
  }

  private func combined(
    _ operation: SetOperation, _ left: QueryNode, _ right: QueryNode
  ) -> [UInt32] {
    switch operation {
    case .subtracting where isOrdered(left), .intersection where isOrdered(left):
      let others = Set(set(right))
      return slots(left).filter { others.contains($0) == (operation == .intersection) }
    case .union: return Intersection.union(set(left), set(right))
    case .intersection: return Intersection.rows(set(left), set(right))
    case .subtracting: return Intersection.subtract(set(right), from: set(left))
    case .symmetricDifference:
      let (first, second) = (set(left), set(right))
      return Intersection.union(
        Intersection.subtract(second, from: first), Intersection.subtract(first, from: second))
    }
  }

  /// Whether a query's rows may stand in another order than that of insertion.
  func isOrdered(_ node: QueryNode) -> Bool {
    switch node {
    case .all, .rows, .hop, .reach: false
    case .sorted: true
    case .slice(let rows, _, _), .filter(let rows, _): isOrdered(rows)
    case .combination(let operation, let left, _):
      (operation == .subtracting || operation == .intersection) && isOrdered(left)
    }
  }

  private func truncated(_ slots: [UInt32], _ limit: Int) -> [UInt32] {
    slots.count > limit ? Array(slots.prefix(limit)) : slots
  }
}
