import KithCore

/// A test of rows, with what a planner may know of it.
@usableFromInline
struct Filter: Sendable {
  /// Whether the row at a slot of the table that is tested passes, in one graph. How many rows are
  /// to be tested, or about how many, is said beforehand.
  let bind: @Sendable (_ graph: Graph, _ rowCount: Int) -> (UInt32) -> Bool
  /// What the test says, for the planner and `explain()`.
  let shape: PredicateShape

  /// A test that passes what all of some tests pass; nil if there are none.
  init?(all filters: [Filter]) {
    guard var whole = filters.first else { return nil }
    for filter in filters.dropFirst() { whole = Filter(both: whole, filter) }
    self = whole
  }

  init(
    shape: PredicateShape,
    bind: @escaping @Sendable (_ graph: Graph, _ rowCount: Int) -> (UInt32) -> Bool
  ) {
    self.bind = bind
    self.shape = shape
  }

  /// A test that passes what two tests pass.
  init(both left: Filter, _ right: Filter) {
    self.init(shape: .both(left.shape, right.shape)) { graph, rowCount in
      let (first, second) = (left.bind(graph, rowCount), right.bind(graph, rowCount))
      return { first($0) && second($0) }
    }
  }

  /// A test that passes what either of two tests passes.
  init(either left: Filter, _ right: Filter) {
    self.init(shape: .either(left.shape, right.shape)) { graph, rowCount in
      let (first, second) = (left.bind(graph, rowCount), right.bind(graph, rowCount))
      return { first($0) || second($0) }
    }
  }

  /// A test that passes what another does not.
  init(not negated: Filter) {
    self.init(shape: .negated(negated.shape)) { graph, rowCount in
      let accepts = negated.bind(graph, rowCount)
      return { !accepts($0) }
    }
  }
}

/// The part of a predicate that the planner understands.
indirect enum PredicateShape: Sendable {
  case comparison(column: Int, name: String, Comparison, StoredValue)
  /// A column whose value is one of several.
  case among(column: Int, name: String, [StoredValue])
  /// A column of text that starts with a text.
  case prefix(column: Int, name: String, String)
  /// Rows from which a walk leads to one of some rows.
  case reaching(Walk, Destination)
  case both(PredicateShape, PredicateShape)
  case either(PredicateShape, PredicateShape)
  case negated(PredicateShape)
  /// A test that is understood only by those who run it.
  case other(String)

  enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// A relationship whose end is tested.
  struct Walk: Sendable, CustomStringConvertible {
    let path: [Hop]

    var description: String {
      path.map { $0.direction == .forward ? $0.link.name : "\($0.link.name) (inverse)" }
        .joined(separator: ".")
    }
  }

  /// The rows that a walk must lead to.
  struct Destination: Sendable, CustomStringConvertible {
    let description: String
    /// The query for the rows in one graph.
    let node: @Sendable (Graph) -> QueryNode
  }

  /// The tests that must all pass.
  var conjuncts: [PredicateShape] {
    if case .both(let left, let right) = self { return left.conjuncts + right.conjuncts }
    return [self]
  }
}

extension PredicateShape: CustomStringConvertible {
  var description: String {
    switch self {
    case .comparison(_, let name, let comparison, let value):
      "\(name) \(comparison.rawValue) \(value)"
    case .among(_, let name, let values):
      "\(name) in (\(values.map(\.description).joined(separator: ", ")))"
    case .prefix(_, let name, let text): "\(name) starts with \(text.quoted)"
    case .reaching(let walk, let destination): "\(walk) leads to \(destination)"
    case .both(let left, let right): "\(left) && \(right)"
    case .either(let left, let right): "(\(left) || \(right))"
    case .negated(let shape): "!(\(shape))"
    case .other(let text): text
    }
  }
}
