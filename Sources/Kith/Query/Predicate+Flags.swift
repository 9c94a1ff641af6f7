// A column of `Bool` is a predicate by itself: `\.isHidden`, `!\.isHidden && \.likes > 10`.

extension Query {
  /// The rows whose column is true: the same as `filter(flag == true)`, so that an index serves it.
  public func filter(_ flag: any KeyPath<Record, Bool> & Sendable) -> Query {
    filter(flag == true)
  }
}

extension Traversal {
  /// Accepts rows that this relationship leads from to a row whose column is true.
  public func contains(where flag: any KeyPath<Target, Bool> & Sendable) -> Predicate<Source> {
    contains(where: flag == true)
  }
}

/// Accepts rows whose column is false.
public prefix func ! <Record: Row>(
  flag: any KeyPath<Record, Bool> & Sendable
) -> Predicate<Record> {
  flag == false
}

/// Accepts rows whose column is true and that a predicate accepts.
public func && <Record: Row>(
  flag: any KeyPath<Record, Bool> & Sendable, predicate: Predicate<Record>
) -> Predicate<Record> {
  flag == true && predicate
}

/// Accepts rows that a predicate accepts and whose column is true.
public func && <Record: Row>(
  predicate: Predicate<Record>, flag: any KeyPath<Record, Bool> & Sendable
) -> Predicate<Record> {
  predicate && flag == true
}

/// Accepts rows whose columns are both true.
public func && <Record: Row>(
  left: any KeyPath<Record, Bool> & Sendable, right: any KeyPath<Record, Bool> & Sendable
) -> Predicate<Record> {
  left == true && right == true
}

/// Accepts rows whose column is true or that a predicate accepts.
public func || <Record: Row>(
  flag: any KeyPath<Record, Bool> & Sendable, predicate: Predicate<Record>
) -> Predicate<Record> {
  flag == true || predicate
}

/// Accepts rows that a predicate accepts or whose column is true.
public func || <Record: Row>(
  predicate: Predicate<Record>, flag: any KeyPath<Record, Bool> & Sendable
) -> Predicate<Record> {
  predicate || flag == true
}

/// Accepts rows of whose columns either is true.
public func || <Record: Row>(
  left: any KeyPath<Record, Bool> & Sendable, right: any KeyPath<Record, Bool> & Sendable
) -> Predicate<Record> {
  left == true || right == true
}
