import KithCore

/// How many rows a part of a query is expected to yield: from sizes and mean degrees alone.
struct Estimate {
  private let graph: Graph

  init(_ graph: Graph) {
    self.graph = graph
  }

  func rows(_ node: QueryNode) -> Int {
    switch node {
    case .all(let table): return graph.table(table).count
    case .rows(_, let slots): return slots.count
    case .run(let one): return graph.linkCount(of: one.source, one.hop.link, one.hop.direction)
    case .hop(let sources, let hop):
      return min(paths(from: rows(sources), hop, of: sources.table), graph.table(hop.target).count)
    case .reach(let sources, _, _): return graph.table(sources.table).count
    case .filter(let rows, let last):
      let (base, filter) = node.filtered ?? (rows, last)
      let whole = self.rows(base)
      return FilterPlan(base, filter, graph).map { min($0.access.count, whole) } ?? (whole + 2) / 3
    case .combination(.intersection, let left, let right): return min(rows(left), rows(right))
    case .combination(.subtracting, let left, _): return rows(left)
    case .combination(_, let left, let right): return rows(left) + rows(right)
    case .sorted(let sorted, _): return rows(sorted)
    case .slice(let sliced, let dropped, let limit):
      return min(max(rows(sliced) - dropped, 0), limit ?? .max)
    }
  }

  /// How many rows are looked at to find those of a part.
  func looked(_ node: QueryNode) -> Int {
    guard let (base, filter) = node.filtered else { return rows(node) }
    return FilterPlan(base, filter, graph)?.access.count ?? rows(base)
  }

  /// How many links are expected to be followed over some hops from a number of rows.
  func paths(_ sources: Int, _ hops: [LinkHop], of table: Int) -> Int {
    var (reached, table, sum) = (sources, table, 0)
    for hop in hops {
      reached = paths(from: reached, hop, of: table)
      table = hop.target
      let (next, overflow) = sum.addingReportingOverflow(reached)
      if overflow { return .max / 4 }
      sum = next
    }
    return min(sum, .max / 4)
  }

  /// How many links are expected to lead on from a number of rows.
  func paths(from sources: Int, _ hop: LinkHop, of table: Int) -> Int {
    let links = graph.linkCount(hop.link)
    let (product, overflow) = sources.multipliedReportingOverflow(by: links)
    return (overflow ? .max : product) / max(graph.table(table).count, 1)
  }
}
