import KithCore

extension Query {
  /// The rows that can be reached from these in some number of steps, and in no fewer.
  ///
  /// They are found to the end, even if the task is cancelled: what is taken from them, and what is
  /// done to them, must not depend on when that was.
  ///
  /// A step is one walk over the relationship. A row that is there to begin with has the distance 0,
  /// so `1...3` leaves it out and `0...3` keeps it.
  ///
  /// ```swift
  /// graph[User.self, 1].reachable(through: User.following, within: 1...3)
  /// ```
  ///
  /// - Parameters:
  ///   - way: A relationship from the table to itself.
  ///   - steps: The distances of the rows; all that can be reached if nothing else is said.
  /// - Precondition: No distance is negative.
  /// - Complexity: O(links of the rows reached).
  public func reachable<Way: Traversal>(
    through way: Way, within steps: ClosedRange<Int> = 1...Int.max
  ) -> Query where Way.Source == Record, Way.Target == Record {
    precondition(steps.lowerBound >= 0, "no distance is negative")
    let hops = way.relationship.path.map { LinkHop($0, graph.layout) }
    return with(.reach(node, hops, steps))
  }

  /// The rows that can be reached from these in some number of steps, and in no fewer.
  ///
  /// - Parameters:
  ///   - way: A relationship from the table to itself.
  ///   - steps: The distances of the rows, such as `...3`, `1..<4` or `2...`.
  /// - Precondition: No distance is negative.
  /// - Complexity: O(links of the rows reached).
  public func reachable<Way: Traversal>(
    through way: Way, within steps: some RangeExpression<Int>
  ) -> Query where Way.Source == Record, Way.Target == Record {
    let steps = steps.relative(to: 0..<Int.max)
    return steps.isEmpty ? prefix(0) : reachable(through: way, within: ClosedRange(steps))
  }
}

extension Graph {
  /// The fewest steps over a relationship that lead from one row to another.
  ///
  /// If the task is cancelled, stops early and returns nil; `try Task.checkCancellation()` afterwards
  /// tells.
  ///
  /// - Returns: 0 from a row to itself; nil if no walk leads there, or either row does not exist.
  /// - Complexity: O(links of the rows reached from both ends until they meet).
  public func distance<Way: Traversal>(
    from source: Way.Source.ID, to target: Way.Source.ID, through way: Way
  ) -> Int? where Way.Source == Way.Target {
    search(from: source, to: target, way) {
      ShortestPath.distance(from: $0, to: $1, along: $2)
    }
  }

  /// The keys of the rows on a walk of the fewest steps, from the first row to the last.
  ///
  /// Of several shortest walks it is always the same one. If the task is cancelled, stops early and
  /// returns nil; `try Task.checkCancellation()` afterwards tells.
  ///
  /// - Returns: One key from a row to itself; nil if no walk leads there, or either row does not
  ///   exist.
  /// - Complexity: O(links of the rows reached from both ends until they meet).
  public func shortestPath<Way: Traversal>(
    from source: Way.Source.ID, to target: Way.Source.ID, through way: Way
  ) -> [Way.Source.ID]? where Way.Source == Way.Target {
    let slots = search(from: source, to: target, way) {
      ShortestPath.find(from: $0, to: $1, along: $2)
    }
    let rows = rows(of: Way.Source.self, in: layout.table(of: Way.Source.self)).pages
    return slots?.map { rows.read(Way.Source.table.idField, at: $0) }
  }

  private func search<Way: Traversal, Result>(
    from source: Way.Source.ID, to target: Way.Source.ID, _ way: Way,
    _ kernel: (UInt32, UInt32, [RunHop]) -> Result?
  ) -> Result? {
    guard let from = slot(of: Way.Source.self, source), let to = slot(of: Way.Source.self, target)
    else { return nil }
    defer { withExtendedLifetime(self) {} }
    return kernel(from, to, runs(of: way.relationship.path.map { LinkHop($0, layout) }))
  }

  /// The runs of some hops, to be walked while this graph is held.
  func runs(of hops: [LinkHop]) -> [RunHop] {
    hops.map { hop in
      RunHop(
        runs: runs(hop), reversed: runs(hop.link, hop.direction.reversed),
        rowCount: Int(table(hop.target).slotEnd))
    }
  }
}
