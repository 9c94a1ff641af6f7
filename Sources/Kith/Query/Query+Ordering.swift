// The order of a query's rows, and parts of them in it.

extension Query {
  /// The rows in the order of a column; rows whose values are equal in the order of their primary
  /// key.
  @inlinable
  public func sorted<Value: ColumnValue>(
    by keyPath: any KeyPath<Record, Value> & Sendable, _ direction: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(keyPath, direction)]))
  }

  /// The rows in the order of a column, and of a second where the first is equal.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable, _ firstDirection: SortDirection = .ascending,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(first, firstDirection), SortTerm(second, secondDirection)]))
  }

  /// The rows in the ascending order of a column, and in the order of a second where the first is
  /// equal.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending
  ) -> Query {
    sorted(by: first, .ascending, second, secondDirection)
  }

  /// The rows in the order of a column, of a second where the first is equal, and of a third where
  /// both are.
  @inlinable
  public func sorted<First: ColumnValue, Second: ColumnValue, Third: ColumnValue>(
    by first: any KeyPath<Record, First> & Sendable, _ firstDirection: SortDirection = .ascending,
    _ second: any KeyPath<Record, Second> & Sendable, _ secondDirection: SortDirection = .ascending,
    _ third: any KeyPath<Record, Third> & Sendable, _ thirdDirection: SortDirection = .ascending
  ) -> Query {
    with(
      .sorted(
        node,
        [
          SortTerm(first, firstDirection), SortTerm(second, secondDirection),
          SortTerm(third, thirdDirection),
        ]))
  }

  /// The rows in the order of how many rows a relationship leads each to; equal numbers in the order
  /// of the primary key.
  ///
  /// ```swift
  /// graph[Student.self].sorted(by: Student.courses.count, .descending)
  /// ```
  public func sorted<Target: Row>(
    by count: Relationship<Record, Target>.Count, _ direction: SortDirection = .ascending
  ) -> Query {
    with(.sorted(node, [SortTerm(count, direction)]))
  }

  /// The first rows, at most `count`.
  ///
  /// - Precondition: `count` is not negative.
  @inlinable
  public func prefix(_ count: Int) -> Query {
    precondition(count >= 0, "a prefix can't be negative")
    return with(.slice(node, dropping: 0, limit: count))
  }

  /// The rows after the first `count`.
  ///
  /// - Precondition: `count` is not negative.
  @inlinable
  public func dropFirst(_ count: Int = 1) -> Query {
    precondition(count >= 0, "a number of rows to drop can't be negative")
    return with(.slice(node, dropping: count, limit: nil))
  }

  /// The rows with the number of paths that reach each, most paths first.
  ///
  /// A union counts the paths of both queries. After `prefix`, `dropFirst` and `symmetricDifference`
  /// each row has one path, and after `intersection` and `subtracting` those of this query.
  ///
  /// A number of paths that is larger than `Int.max` is given as `Int.max`.
  @inlinable
  public func ranked() -> Ranking<Record> { Ranking(query: self) }
}
