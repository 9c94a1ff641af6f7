import KithCore

/// A test of rows, made by comparing columns: `\.joined > lastWeek && \.name != nil`.
///
/// `nil` follows Swift and not SQL: `\.name != "x"` accepts rows whose name is `nil`.
public struct Predicate<Record: Row>: Sendable {
  let filter: Filter

  /// A test of a field, with what the planner may know of it.
  init<Value>(
    _ keyPath: any KeyPath<Record, Value> & Sendable, _ shape: PredicateShape,
    _ accepts: @escaping @Sendable (Value) -> Bool
  ) {
    let field = Field(keyPath)
    filter = Filter(
      bind: { rows in
        guard let rows = rows as? RowsOf<Record> else {
          preconditionFailure("a predicate tests rows of its own table")
        }
        let pages = rows.pages
        return { accepts(pages.read(field, at: $0)) }
      }, shape: shape)
  }

  init(_ filter: Filter) {
    self.filter = filter
  }

  /// A test that only the closure knows.
  init(_ accepts: @escaping @Sendable (Record) -> Bool) {
    filter = Filter(
      bind: { rows in
        guard let rows = rows as? RowsOf<Record> else {
          preconditionFailure("a predicate tests rows of its own table")
        }
        return { accepts(rows.row(at: $0)) }
      }, shape: .other("opaque closure"))
  }

  /// Accepts rows that both accept.
  public static func && (left: Predicate, right: Predicate) -> Predicate {
    let (left, right) = (left.filter, right.filter)
    return Predicate(
      Filter(
        bind: { rows in
          let (first, second) = (left.bind(rows), right.bind(rows))
          return { first($0) && second($0) }
        }, shape: .both(left.shape, right.shape)))
  }

  /// Accepts rows that either accepts.
  public static func || (left: Predicate, right: Predicate) -> Predicate {
    let (left, right) = (left.filter, right.filter)
    return Predicate(
      Filter(
        bind: { rows in
          let (first, second) = (left.bind(rows), right.bind(rows))
          return { first($0) || second($0) }
        }, shape: .other("(\(left.shape) || \(right.shape))")))
  }

  /// Accepts rows that the other refuses.
  public static prefix func ! (negated: Predicate) -> Predicate {
    let negated = negated.filter
    return Predicate(
      Filter(
        bind: { rows in
          let accepts = negated.bind(rows)
          return { !accepts($0) }
        }, shape: .other("!(\(negated.shape))")))
  }
}

// MARK: Comparisons of columns

/// Accepts rows whose column has a value.
public func == <Record: Row, Value: ColumnValue>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .equal, value)) { $0 == value }
}

/// Accepts rows whose column has another value, or none.
public func != <Record: Row, Value: ColumnValue>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .notEqual, value)) { $0 != value }
}

/// Accepts rows whose column is less than a value.
public func < <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .less, value)) { $0 < value }
}

/// Accepts rows whose column is at most a value.
public func <= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .lessOrEqual, value)) { $0 <= value }
}

/// Accepts rows whose column is greater than a value.
public func > <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greater, value)) { $0 > value }
}

/// Accepts rows whose column is at least a value.
public func >= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greaterOrEqual, value)) { $0 >= value }
}

/// Accepts rows whose column has a value that is less than another; a row without a value is
/// refused.
public func < <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .less, value)) { $0.map { $0 < value } ?? false }
}

/// Accepts rows whose column has a value that is at most another; a row without a value is refused.
public func <= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .lessOrEqual, value)) { $0.map { $0 <= value } ?? false }
}

/// Accepts rows whose column has a value that is greater than another; a row without a value is
/// refused.
public func > <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greater, value)) { $0.map { $0 > value } ?? false }
}

/// Accepts rows whose column has a value that is at least another; a row without a value is
/// refused.
public func >= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greaterOrEqual, value)) { $0.map { $0 >= value } ?? false }
}

extension PredicateShape {
  fileprivate static func compare<Record: Row, Value, Constant: ColumnValue>(
    _ keyPath: KeyPath<Record, Value>, _ comparison: Comparison, _ value: Constant
  ) -> PredicateShape {
    guard let column = Record.table.columnIndex(of: keyPath) else {
      return .other("a property \(comparison.rawValue) \(value.stored)")
    }
    return .comparison(
      column: column, name: Record.table.columns[column].name, comparison, value.stored)
  }
}

extension Row {
  /// The name of the column that stores a property.
  static func name(of keyPath: PartialKeyPath<Self>) -> String {
    table.columnIndex(of: keyPath).map { table.columns[$0].name } ?? "a property"
  }
}
