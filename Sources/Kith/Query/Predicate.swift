public import KithCore

/// A test of rows, made by comparing columns: `\.joined > lastWeek && \.name != nil`.
///
/// `nil` follows Swift and not SQL: `\.name != "x"` accepts rows whose name is `nil`.
///
/// Foundation has a type of this name too; where both modules are imported, this one is spelled
/// `Kith.Predicate`.
///
/// A column of `Bool` is a predicate by itself: `!\.isHidden && \.likes > 10`.
///
/// Besides the operators there are ``isNil(_:)``, ``isIn(_:_:)``, and for text `hasPrefix` and
/// `contains`; over relationships `User.following.contains(2)`,
/// `User.posts.contains(where: \.text == "x")` and `User.followers.count > 100`.
public struct Predicate<Record: Row>: Sendable {
  @usableFromInline let filter: Filter

  /// A test of a column, with what the planner may know of it. It is compiled into the client, which
  /// knows the types that are compared for each row.
  @inlinable
  init<Value>(
    _ keyPath: any KeyPath<Record, Value> & Sendable, _ shape: PredicateShape,
    _ accepts: @escaping @Sendable (Value) -> Bool
  ) {
    filter = Filter(shape: shape) { graph, _ in
      let rows = graph.rows(of: Record.self, in: graph.layout.table(of: Record.self))
      let read = rows.pages.reader(of: Field(keyPath))
      return { accepts(read($0)) }
    }
  }

  /// Likewise a test that compares with what is made only if rows are tested one by one.
  @inlinable
  init<Value, Others>(
    _ keyPath: any KeyPath<Record, Value> & Sendable, _ shape: PredicateShape,
    of others: @autoclosure @escaping @Sendable () -> Others,
    _ accepts: @escaping @Sendable (Others, Value) -> Bool
  ) {
    filter = Filter(shape: shape) { graph, _ in
      let rows = graph.rows(of: Record.self, in: graph.layout.table(of: Record.self))
      let read = rows.pages.reader(of: Field(keyPath))
      let others = others()
      return { accepts(others, read($0)) }
    }
  }

  init(_ filter: Filter) {
    self.filter = filter
  }

  /// A test that only the closure knows, to be put together with others. The planner can't see into it;
  /// `explain()` calls it opaque.
  public init(_ accepts: @escaping @Sendable (Record) -> Bool) {
    filter = Filter(shape: .other("opaque closure")) { graph, _ in
      let rows = graph.rows(of: Record.self, in: graph.layout.table(of: Record.self))
      return { accepts(rows.row(at: $0)) }
    }
  }

  /// Accepts rows that both accept.
  public static func && (left: Predicate, right: Predicate) -> Predicate {
    Predicate(Filter(both: left.filter, right.filter))
  }

  /// Accepts rows that either accepts.
  public static func || (left: Predicate, right: Predicate) -> Predicate {
    Predicate(Filter(either: left.filter, right.filter))
  }

  /// Accepts rows that the other refuses.
  public static prefix func ! (negated: Predicate) -> Predicate {
    Predicate(Filter(not: negated.filter))
  }
}

extension Row {
  /// The name of the column that stores a property.
  static func name(of keyPath: PartialKeyPath<Self>) -> String {
    table.name(ofColumn: table.columnIndex(of: keyPath))
  }
}
