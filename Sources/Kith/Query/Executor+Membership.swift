import KithCore

extension Executor {
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
    case .filter(let rows, let last):
      let (base, filter) = node.filtered ?? (rows, last)
      return contains(slot, base) && filter.bind(graph, 1)(slot)
    case .combination(_, let left, let right):
      if node.isOfTwoRuns { return contains(slot, left) && contains(slot, right) }
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

  /// What tells of about as many rows as are said whether a query yields them.
  func membership(in node: QueryNode, for rowCount: Int) -> (UInt32) -> Bool {
    if let test = test(of: node, for: rowCount) { return test }
    let rows = SlotSet(set(node))
    return { rows.contains($0) }
  }

  /// How many rows of a run or a table are read at the cost of asking for one of them.
  private static let lookUpCost = 16
}
