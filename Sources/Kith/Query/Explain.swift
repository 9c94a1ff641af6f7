import KithCore

extension Query {
  /// The plan of the query as text: the kernel that runs each part, the index that it uses, and how
  /// many rows it was estimated to yield and really yields.
  ///
  /// The plan for some rows, as behind `prefix`, may be another one than that for all of them: it stops
  /// when it has found so many.
  ///
  /// - Complexity: That of running the query once for each of its parts.
  public func explain() -> String {
    PlanText(graph).lines(node).joined(separator: "\n")
  }
}

extension Ranking {
  /// The plan of the first few rows of the ranking as text: the kernel that counts paths, what it hides,
  /// and the walk below it.
  public func explain() -> String {
    let plan = RankingPlan(query.node, query.graph)
    let text = PlanText(query.graph)
    let tests = plan.filters.map { ", keep \($0.shape)" }.joined()
    let counting =
      switch plan.counting(plan.walk, limit: 1) {
      case .lastHop:
        "kernel top-paths, a counter a row, branch-free; \(plan.masks.count) masks\(tests)"
      case .allHops: "kernel path-counts, hop by hop; \(plan.masks.count) masks\(tests)"
      case .none: nil as String?
      }
    guard let counting else {
      return (["ranked: one path a row"] + text.lines(query.node).map { "  " + $0 })
        .joined(separator: "\n")
    }
    var lines = ["ranked: \(counting)"]
    for mask in plan.masks { lines += text.lines(mask, prefix: "mask: ").map { "  " + $0 } }
    lines += text.lines(plan.walk).map { "  " + $0 }
    return lines.joined(separator: "\n")
  }
}

/// Describes the plans of queries as text to read.
struct PlanText {
  private let graph: Graph
  private let executor: Executor

  init(_ graph: Graph) {
    self.graph = graph
    executor = Executor(graph: graph)
  }

  /// The plan, one part a line, from the result down to where it starts.
  ///
  /// - Parameter limit: How many rows are asked for.
  func lines(_ node: QueryNode, limit: Int = .max, prefix: String = "") -> [String] {
    let plan = Plan(node, graph, limit: limit)
    return [prefix + line(node, words(plan, node))] + below(plan, node).map { "  " + $0 }
  }

  /// What a part does, and how many rows it yields.
  private func line(_ node: QueryNode, _ words: String) -> String {
    "\(words) (estimated \(Estimate(graph).rows(node)), actual \(executor.count(node)))"
  }

  /// What a plan does last.
  private func words(_ plan: Plan, _ node: QueryNode) -> String {
    let step = node.step(graph.layout)
    switch plan {
    case .table, .rows, .runs(.part), .slice, .tested, .sorted: return step
    case .runs(.run): return "\(step): kernel run, one source"
    case .runs(.twoHops(let one, let hop)): return "\(step): \(expansion(.run(one), hop))"
    case .runs(.twoRuns): return "\(step): \(PlanText.intersection)"
    case .expansion(let sources, let hop): return "\(step): \(expansion(sources, hop))"
    case .reach: return "\(step): kernel breadth-first"
    case .combination(let operation, let left, let right):
      return "\(step): \(combination(operation, left, right))"
    case .newest(let feed):
      let tests = feed.filters.map { ", keep \($0.shape)" }.joined()
      let order = node.sortTerms.words
      return "newest by \(order): kernel recent-merge, index \(feed.indexName)\(tests)"
    case .index(let scan):
      let lookUps = scan.link == nil ? "" : ": a look-up of each row"
      return "in order of \(node.sortTerms.words), index \(scan.rows.index.name)\(lookUps)"
    case .scan:
      if case .sorted(_, let terms) = node { return "in order of \(terms.words), as inserted" }
      return test(node)
    case .found(let plan): return "filter \(plan.filter.shape), index \(plan.access.name)"
    }
  }

  /// The plans of what a plan starts from.
  private func below(_ plan: Plan, _ node: QueryNode) -> [String] {
    switch plan {
    case .table, .rows: []
    case .runs(.twoRuns(let one, let other)): lines(.run(one)) + lines(.run(other))
    case .runs, .expansion, .reach, .tested, .sorted: node.source.map { lines($0) } ?? []
    case .combination(_, let left, let right): lines(left) + lines(right)
    case .newest(let feed): lines(feed.parents)
    case .index, .scan: belowTest(node)
    case .found(let plan): lines(plan.base)
    case .slice(let rows, _, let end): lines(rows, limit: end)
    }
  }

  /// What is read in order, after the tests that are put to its rows meanwhile.
  private func tested(_ node: QueryNode) -> [String] {
    switch node {
    case .filter, .combination(.subtracting, _, _):
      [line(node, test(node))] + belowTest(node).map { "  " + $0 }
    default: lines(node)
    }
  }

  /// A test that is put to rows which are read in order.
  private func test(_ node: QueryNode) -> String {
    let step = node.step(graph.layout)
    return if case .combination = node { "\(step): a test of each row" } else { step }
  }

  /// What a test is put to, and the rows that it looks for.
  private func belowTest(_ node: QueryNode) -> [String] {
    let rows = node.source.map { tested($0) } ?? []
    return if case .combination(_, _, let others) = node { rows + lines(others) } else { rows }
  }

  /// The kernel of a hop, by what it has to do.
  private func expansion(_ sources: QueryNode, _ hop: LinkHop) -> String {
    let slots = executor.set(sources)
    if slots.count == 1 { return "kernel run, one source" }
    let paths = executor.withRuns(hop) { Expansion.pathCount(from: slots, $0) }
    let variant = Expansion.variant(paths: paths, rowCount: executor.rowCount(hop.target))
    return "kernel expansion, \(variant.rawValue), \(slots.count) sources, \(paths) paths"
  }

  /// What puts the rows of a query and others together.
  private func combination(
    _ operation: SetOperation, _ left: QueryNode, _ right: QueryNode
  ) -> String {
    let combining = executor.combining(
      operation, with: right, rowCount: executor.count(left), isOrdered: executor.isOrdered(left))
    return switch combining {
    case .lookUp: "a look-up of each row"
    case .set: "a set of the others, order kept"
    case .merge:
      operation == .intersection ? PlanText.intersection : "kernel merge of sorted runs"
    }
  }

  private static let intersection = "kernel intersection, merge, gallop or mark by the lengths"
}
