import Foundation
import KithCore

/// Accepts rows whose column has a value.
@inlinable
public func == <Record: Row, Value: ColumnValue>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .equal, value)) { $0 == value }
}

/// Accepts rows whose column has another value, or none.
@inlinable
public func != <Record: Row, Value: ColumnValue>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .notEqual, value)) { $0 != value }
}

/// Accepts rows whose column is less than a value.
@inlinable
public func < <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .less, value)) { $0 < value }
}

/// Accepts rows whose column is at most a value.
@inlinable
public func <= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .lessOrEqual, value)) { isAtMost($0, value) }
}

/// Accepts rows whose column is greater than a value.
@inlinable
public func > <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greater, value)) { $0 > value }
}

/// Accepts rows whose column is at least a value.
@inlinable
public func >= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greaterOrEqual, value)) { isAtMost(value, $0) }
}

/// Accepts rows whose column has a value that is less than another; a row without a value is
/// refused.
@inlinable
public func < <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .less, value)) { $0.map { $0 < value } ?? false }
}

/// Accepts rows whose column has a value that is at most another; a row without a value is refused.
@inlinable
public func <= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .lessOrEqual, value)) {
    $0.map { isAtMost($0, value) } ?? false
  }
}

/// Accepts rows whose column has a value that is greater than another; a row without a value is
/// refused.
@inlinable
public func > <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greater, value)) { $0.map { $0 > value } ?? false }
}

/// Accepts rows whose column has a value that is at least another; a row without a value is
/// refused.
@inlinable
public func >= <Record: Row, Value: ColumnValue & Comparable>(
  keyPath: any KeyPath<Record, Value?> & Sendable, value: Value
) -> Predicate<Record> {
  Predicate(keyPath, .compare(keyPath, .greaterOrEqual, value)) {
    $0.map { isAtMost(value, $0) } ?? false
  }
}

/// Whether a value is less than another or equal to it. `<=` says so of a date that is no number too,
/// which a predicate never accepts.
@inlinable
func isAtMost<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
  left < right || left == right
}

extension Predicate {
  /// Accepts rows whose column has no value: the same as `keyPath == nil`.
  @inlinable
  public static func isNil<Value: ColumnValue>(
    _ keyPath: any KeyPath<Record, Value?> & Sendable
  ) -> Predicate {
    keyPath == nil
  }

  /// Accepts rows whose column has one of some values.
  @inlinable
  public static func isIn<Value: ColumnValue>(
    _ keyPath: any KeyPath<Record, Value> & Sendable, _ values: some Sequence<Value>
  ) -> Predicate {
    let values = Array(values)
    let stored =
      Value.isMadeOfRank
      ? StoredValue.distinct(Value.storedKind, ranks: values.map { $0.stored.rank })
      : values.map { $0.stored }.distinct()
    let shape = Record.table.column(of: keyPath).map { column in
      PredicateShape.among(column: column.place, name: column.name, stored)
    }
    return Predicate(
      keyPath, shape ?? .other("a property in \(stored.count) values", stored), of: Set(values)
    ) { values, value in values.contains(value) }
  }

  /// Accepts rows whose text starts with a text, as `String.hasPrefix` compares them.
  public static func hasPrefix(
    _ keyPath: any KeyPath<Record, String> & Sendable, _ prefix: String
  ) -> Predicate {
    Predicate(keyPath, .prefix(keyPath, prefix)) { $0.hasPrefix(prefix) }
  }

  /// Accepts rows whose text starts with a text; a row without a text is refused.
  public static func hasPrefix(
    _ keyPath: any KeyPath<Record, String?> & Sendable, _ prefix: String
  ) -> Predicate {
    Predicate(keyPath, .prefix(keyPath, prefix)) { $0?.hasPrefix(prefix) ?? false }
  }

  /// Accepts rows whose text contains a text: all its characters, side by side. Every text contains the
  /// empty one.
  public static func contains(
    _ keyPath: any KeyPath<Record, String> & Sendable, _ part: String
  ) -> Predicate {
    let (text, part) = ("\(Record.name(of: keyPath)) contains \(part.quoted)", SoughtText(part))
    return Predicate(keyPath, .other(text)) { part.isFound(in: $0) }
  }

  /// Accepts rows whose text contains a text; a row without a text is refused.
  public static func contains(
    _ keyPath: any KeyPath<Record, String?> & Sendable, _ part: String
  ) -> Predicate {
    let (text, part) = ("\(Record.name(of: keyPath)) contains \(part.quoted)", SoughtText(part))
    return Predicate(keyPath, .other(text)) { $0.map { part.isFound(in: $0) } ?? false }
  }
}

extension PredicateShape {
  @inlinable
  static func compare<Record: Row, Value, Constant: ColumnValue>(
    _ keyPath: KeyPath<Record, Value>, _ comparison: Comparison, _ value: Constant
  ) -> PredicateShape {
    guard let column = Record.table.column(of: keyPath) else {
      return .other("a property \(comparison.rawValue) \(value.stored)", [value.stored])
    }
    if !Constant.isOrderedAsStored, comparison != .equal, comparison != .notEqual {
      return .other("\(column.name) \(comparison.rawValue) \(value.stored)", [value.stored])
    }
    return .comparison(column: column.place, name: column.name, comparison, value.stored)
  }

  fileprivate static func prefix<Record: Row, Value>(
    _ keyPath: KeyPath<Record, Value>, _ prefix: String
  ) -> PredicateShape {
    guard let column = Record.table.column(of: keyPath) else {
      return .other("a property starts with \(prefix.quoted)")
    }
    return .prefix(column: column.place, name: column.name, prefix)
  }
}
