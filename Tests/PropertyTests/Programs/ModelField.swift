import Kith
import KithTestSupport

/// A column of a row type, for those who know it by its number.
protocol ModelField<Record>: Sendable {
  associatedtype Record: Row
  associatedtype Content: ModelValue
  var keyPath: any KeyPath<Record, Content> & Sendable { get }
  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record>
  func hasPrefix(_ text: String) -> Predicate<Record>
  func contains(_ text: String) -> Predicate<Record>
}

extension ModelField {
  func isIn(_ values: [Value]) -> Predicate<Record> {
    .isIn(keyPath, values.map { Content(model: $0) })
  }

  func hasPrefix(_: String) -> Predicate<Record> { preconditionFailure("only texts have prefixes") }
  func contains(_: String) -> Predicate<Record> { preconditionFailure("only texts have parts") }

  func sort(_ query: Query<Record>, _ direction: SortDirection) -> Query<Record> {
    query.sorted(by: keyPath, direction)
  }

  func sort(
    _ query: Query<Record>, _ direction: SortDirection, _ second: some ModelField<Record>,
    _ other: SortDirection
  ) -> Query<Record> {
    query.sorted(by: keyPath, direction, second.keyPath, other)
  }

  /// Equality, which every type has.
  func equals(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    comparison == .equal
      ? keyPath == Content(model: value) : keyPath != Content(model: value)
  }
}

/// A column whose values have no order.
struct PlainField<Record: Row, Content: ModelValue>: ModelField {
  let keyPath: any KeyPath<Record, Content> & Sendable

  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    equals(comparison, value)
  }
}

/// A column whose values have an order.
struct OrderedField<Record: Row, Content: ModelValue & Comparable>: ModelField {
  let keyPath: any KeyPath<Record, Content> & Sendable

  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    switch comparison {
    case .equal, .notEqual: equals(comparison, value)
    case .less: keyPath < Content(model: value)
    case .lessOrEqual: keyPath <= Content(model: value)
    case .greater: keyPath > Content(model: value)
    case .greaterOrEqual: keyPath >= Content(model: value)
    }
  }
}

/// A column that may be empty, and whose values have an order.
struct OptionalField<Record: Row, Wrapped: ModelValue & Comparable>: ModelField {
  let keyPath: any KeyPath<Record, Wrapped?> & Sendable

  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    switch comparison {
    case .equal, .notEqual: equals(comparison, value)
    case .less: keyPath < Wrapped(model: value)
    case .lessOrEqual: keyPath <= Wrapped(model: value)
    case .greater: keyPath > Wrapped(model: value)
    case .greaterOrEqual: keyPath >= Wrapped(model: value)
    }
  }
}

/// A column of text.
struct TextField<Record: Row>: ModelField {
  let keyPath: any KeyPath<Record, String> & Sendable

  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    OrderedField(keyPath: keyPath).compare(comparison, value)
  }

  func hasPrefix(_ text: String) -> Predicate<Record> { .hasPrefix(keyPath, text) }
  func contains(_ text: String) -> Predicate<Record> { .contains(keyPath, text) }
}

/// A column of text that may be empty.
struct OptionalTextField<Record: Row>: ModelField {
  let keyPath: any KeyPath<Record, String?> & Sendable

  func compare(_ comparison: Condition.Comparison, _ value: Value) -> Predicate<Record> {
    OptionalField(keyPath: keyPath).compare(comparison, value)
  }

  func hasPrefix(_ text: String) -> Predicate<Record> { .hasPrefix(keyPath, text) }
  func contains(_ text: String) -> Predicate<Record> { .contains(keyPath, text) }
}
