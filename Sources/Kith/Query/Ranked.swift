public import KithCore

/// A row, and the number of paths that lead to it.
public struct Ranked<Record: Row>: Identifiable, Sendable {
  /// The row.
  public let row: Record
  /// How many paths of the walk end at the row; `Int.max` if there are more.
  public let paths: Int

  @inlinable
  init(row: Record, paths: Int) {
    self.row = row
    self.paths = paths
  }

  /// The primary key of the row.
  public var id: Record.ID { row.id }
}

extension Ranked: Equatable where Record: Equatable {}

/// The rows of a query with the number of paths that reach each: most paths first, equal numbers by
/// primary key.
///
/// ```swift
/// graph[User.self, 1].following.following
///   .subtracting(graph[User.self, 1].following).excluding(1)
///   .ranked().prefix(10)                            // who to follow
/// ```
public struct Ranking<Record: Row>: Sequence, Sendable {
  @usableFromInline let query: Query<Record>

  @inlinable
  init(query: Query<Record>) {
    self.query = query
  }

  /// The best rows, at most `count`. The limit reaches the kernel, which keeps no more than these.
  ///
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(paths).
  @inlinable
  public func prefix(_ count: Int) -> [Ranked<Record>] {
    precondition(count >= 0, "a prefix can't be negative")
    defer { withExtendedLifetime(query.graph) {} }
    let rows = query.graph.places(query.table)
    return query.graph.best(count, of: query.node).map {
      Ranked(row: RowPages<Record>.row(at: $0.slot, rows), paths: $0.paths)
    }
  }

  /// The best row, or nil if there are no rows.
  public var first: Ranked<Record>? { prefix(1).first }

  /// The number of rows.
  public var count: Int { query.count }

  /// Yields all rows, best first.
  public func makeIterator() -> IndexingIterator<[Ranked<Record>]> {
    prefix(.max).makeIterator()
  }
}

extension Graph {
  /// The rows of a query that most paths reach, best first.
  @usableFromInline
  func best(_ count: Int, of node: QueryNode) -> [PathCounts.Entry] {
    RankingPlan(node, self).best(count)
  }
}
