import KithCore

extension Query {
  /// The plan of the query as text: the kernel that runs each part, the index that it uses, and how
  /// many rows it was estimated to yield and really yields.
  ///
  /// - Complexity: That of running the query once for each of its parts.
  public func explain() -> String {
    PlanText(graph).lines(node).joined(separator: "\n")
  }
}

extension Ranking {
  /// The plan of the ranking as text: the kernel that counts paths, what it hides, and the walk
  /// below it.
  public func explain() -> String {
    let plan = RankingPlan(query.node, query.graph)
    let text = PlanText(query.graph)
    var lines: [String] = []
    if plan.walk.lastHop != nil {
      let tests = plan.filters.map { ", keep \($0.shape)" }.joined()
      lines.append(
        "ranked: kernel top-paths, a counter a row, branch-free; \(plan.masks.count) masks\(tests)")
    } else {
      lines.append("ranked: one path a row")
    }
    for mask in plan.masks { lines += text.lines(mask, prefix: "mask: ").map { "  " + $0 } }
    lines += text.lines(plan.walk).map { "  " + $0 }
    return lines.joined(separator: "\n")
  }
}

/// Describes queries as plans to read.
struct PlanText {
  private let graph: Graph

  init(_ graph: Graph) {
    self.graph = graph
  }

  /// The plan, one part a line, from the result down to where it starts.
  func lines(_ node: QueryNode, prefix: String = "") -> [String] {
    let executor = Executor(graph: graph)
    func line(_ text: String, _ estimate: Int) -> String {
      "\(prefix)\(text) (estimated \(estimate), actual \(executor.count(node)))"
    }
    func below(_ nodes: QueryNode...) -> [String] {
      nodes.flatMap { lines($0) }.map { "  " + $0 }
    }
    let estimate = Estimate(graph).rows(node)
    let step = node.step(graph.layout)
    switch node {
    case .all, .rows:
      return [line(step, estimate)]
    case .run(let one):
      return [line("\(step): kernel run, one source", estimate)] + below(one.sources)
    case .hop(let sources, let hop):
      return [line("\(step): \(kernel(sources, hop))", estimate)] + below(sources)
    case .reach(let sources, _, _):
      return [line("\(step): kernel breadth-first", estimate)] + below(sources)
    case .filter(let rows, _):
      let (base, filters) = node.withoutFilters
      if let filter = Filter(all: filters), let plan = FilterPlan(base, filter, graph) {
        return [line("filter \(filter.shape), index \(plan.access.name)", estimate)] + below(base)
      }
      return [line(step, estimate)] + below(rows)
    case .combination(let operation, let left, let right):
      return [line("\(step): \(kernel(operation, left))", estimate)] + below(left, right)
    case .sorted(let rows, let terms):
      let order = terms.words
      if let plan = FeedPlan(node, graph) {
        let tests = plan.filters.map { ", keep \($0.shape)" }.joined()
        let text = "newest by \(order): kernel recent-merge, index \(plan.indexName)\(tests)"
        return [line(text, estimate)] + below(plan.parents)
      }
      if let plan = IndexScan(node, graph) {
        return [line("in order of \(order), index \(plan.indexName)", estimate)] + below(rows)
      }
      return [line(step, estimate)] + below(rows)
    case .slice(let rows, _, _):
      return [line(step, estimate)] + below(rows)
    }
  }

  private func kernel(_ sources: QueryNode, _ hop: LinkHop) -> String {
    let executor = Executor(graph: graph)
    let slots = executor.set(sources)
    if slots.count == 1 { return "kernel run, one source" }
    let paths = paths(slots, hop)
    let rowCount = executor.rowCount(hop.target)
    let variant = Expansion.variant(paths: paths, rowCount: rowCount)
    return "kernel expansion, \(variant.rawValue), \(slots.count) sources, \(paths) paths"
  }

  /// What puts the rows of a query and others together.
  private func kernel(_ operation: SetOperation, _ left: QueryNode) -> String {
    let keepsOrder = operation == .intersection || operation == .subtracting
    if keepsOrder, Executor(graph: graph).isOrdered(left) {
      return "a set of the others, order kept"
    }
    return operation == .intersection
      ? "kernel intersection, merge, gallop or mark by the lengths" : "kernel merge of sorted runs"
  }

  private func paths(_ slots: [UInt32], _ hop: LinkHop) -> Int {
    Executor(graph: graph).withRuns(hop) { Expansion.pathCount(from: slots, $0) }
  }
}
