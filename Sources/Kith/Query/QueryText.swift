extension Query: CustomStringConvertible {
  /// How the query is made, from where it starts to its end: `1 of users by key, hop follows, sort by
  /// handle ascending`. Nothing is run for it; ``explain()`` says how the query runs.
  public var description: String { node.words(graph.layout) }
}

extension QueryNode {
  /// The whole query in words.
  func words(_ layout: SchemaLayout) -> String {
    var steps: [String] = []
    var rest: QueryNode? = self
    while let node = rest {
      if case .combination(_, _, let other) = node {
        steps.append("\(node.step(layout)) (\(other.words(layout)))")
      } else {
        steps.append(node.step(layout))
      }
      rest = node.source
    }
    return steps.reversed().joined(separator: ", ")
  }

  /// What the query does last, in words.
  func step(_ layout: SchemaLayout) -> String {
    switch self {
    case .all(let table): "all of \(layout.tables[table].name)"
    case .rows(let table, let slots): "\(slots.count) of \(layout.tables[table].name) by key"
    case .run(let one): "hop \(one.hop.name(layout))"
    case .hop(_, let hop): "hop \(hop.name(layout))"
    case .reach(_, let hops, let levels):
      "reach \(levels) steps over \(hops.map { $0.name(layout) }.joined(separator: "."))"
    case .filter(_, let filter): "filter \(filter.shape)"
    case .combination(let operation, _, _): operation.rawValue
    case .sorted(_, let terms): "sort by \(terms.words)"
    case .slice(_, let dropped, let limit):
      "rows \(dropped)..<" + (limit.map { "\(dropped + $0)" } ?? "end")
    }
  }
}

extension [SortTerm] {
  /// The order in words.
  var words: String {
    map { "\($0.name) \($0.direction.rawValue)" }.joined(separator: ", ")
  }
}
