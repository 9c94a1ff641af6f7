/// The part of a predicate that the planner understands.
@usableFromInline
indirect enum PredicateShape: Sendable {
  case comparison(column: Int, name: String, Comparison, StoredValue)
  /// A column whose value is one of several.
  case among(column: Int, name: String, [StoredValue])
  /// A column of text that starts with a text.
  case prefix(column: Int, name: String, String)
  /// Rows from which a walk leads to one of some rows.
  case reaching(Walk, Destination)
  /// A walk that leads to so many rows.
  case count(Walk, Comparison, Int)
  /// Tests that must all pass; none of them is of this case.
  case all([PredicateShape])
  /// Tests of which one must pass.
  case any([PredicateShape])
  case negated(PredicateShape)
  /// A test that is understood only by those who run it, in words, and what it compares with.
  case other(String, [StoredValue] = [])

  @usableFromInline
  enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// A relationship whose end is tested.
  @usableFromInline
  struct Walk: Sendable, CustomStringConvertible {
    let path: [Hop]

    @usableFromInline var description: String {
      path.map { $0.direction == .forward ? $0.link.name : "\($0.link.name) (inverse)" }
        .joined(separator: ".")
    }
  }

  /// The rows that a walk must lead to.
  @usableFromInline
  struct Destination: Sendable {
    /// What is known of the rows.
    let rows: Rows
    /// The query for the rows in one graph.
    let node: @Sendable (Graph) -> QueryNode

    enum Rows: Sendable {
      case key(StoredValue)
      case accepted(PredicateShape)
    }
  }
}

extension PredicateShape {
  /// Whether the test walks from rows to others and looks at these.
  var walks: Bool {
    switch self {
    case .reaching: true
    case .negated(let shape): shape.walks
    case .all(let shapes), .any(let shapes): shapes.contains(where: \.walks)
    case .comparison, .among, .prefix, .count, .other: false
    }
  }
}

extension PredicateShape: CustomStringConvertible {
  @usableFromInline var description: String {
    switch self {
    case .comparison(_, let name, let comparison, let value):
      "\(name) \(comparison.rawValue) \(value)"
    case .among(_, let name, let values):
      "\(name) in (\(values.map(\.description).joined(separator: ", ")))"
    case .prefix(_, let name, let text): "\(name) starts with \(text.quoted)"
    case .reaching(let walk, let destination): "\(walk) leads to \(destination)"
    case .count(let walk, let comparison, let number):
      "count of \(walk) \(comparison.rawValue) \(number)"
    case .all(let shapes): shapes.map(\.description).joined(separator: " && ")
    case .any(let shapes): "(\(shapes.map(\.description).joined(separator: " || ")))"
    case .negated(let shape): "!(\(shape))"
    case .other(let text, _): text
    }
  }
}

extension PredicateShape.Destination: CustomStringConvertible {
  @usableFromInline var description: String {
    switch rows {
    case .key(let key): key.description
    case .accepted(let shape): "(\(shape))"
    }
  }
}
