import KithCore

extension Traversal {
  /// Accepts rows that this relationship leads from to the row with a key.
  ///
  /// ```swift
  /// graph[User.self].filter(User.following.contains(2))    // who follows user 2
  /// ```
  public func contains(_ id: Target.ID) -> Predicate<Source> {
    let end = RelatedRows(relationship, .key(id.stored)) { graph in
      let table = graph.layout.table(of: Target.self)
      return .row(table: table, graph.slot(in: table, id))
    }
    return Predicate(
      Filter(shape: end.shape) { graph, _ in
        guard let only = end.path.first, end.path.count == 1 else { return end.origins(graph) }
        let link = graph.layout.link(only.link)
        guard let target = graph.slot(of: Target.self, id) else { return { _ in false } }
        return { slot in graph.isLinked(slot, to: target, link, only.direction) }
      })
  }

  /// Accepts rows that this relationship leads from to a row that a predicate accepts.
  ///
  /// ```swift
  /// graph[User.self].filter(User.posts.contains(where: \.text == "x"))
  /// ```
  public func contains(where predicate: Predicate<Target>) -> Predicate<Source> {
    let filter = predicate.filter
    let end = RelatedRows(relationship, .accepted(filter.shape)) { graph in
      .filter(.all(table: graph.layout.table(of: Target.self)), filter)
    }
    return Predicate(
      Filter(shape: end.shape) { graph, rowCount in
        end.isNearer(from: rowCount, of: graph.layout.table(of: Source.self), graph)
          ? end.tests(graph, of: Source.self, rowCount, filter) : end.origins(graph)
      })
  }

  /// Accepts rows that this relationship leads from to a row that a closure accepts. The planner can't see
  /// into it.
  public func contains(
    where accepts: @escaping @Sendable (Target) -> Bool
  ) -> Predicate<Source> {
    contains(where: Predicate(accepts))
  }

  /// The number of rows that this relationship leads to, to be compared or sorted by.
  ///
  /// ```swift
  /// graph[User.self].filter(User.followers.count > 100)
  /// graph[Student.self].sorted(by: Student.courses.count, .descending)
  /// ```
  public var count: Relationship<Source, Target>.Count { .init(path: relationship.path) }
}

/// The rows that a walk must lead to, and the two ways to find out from where it does: by walking
/// back from all of them once, or on from each row that is tested.
private struct RelatedRows: Sendable {
  let path: [Hop]
  let shape: PredicateShape
  private let node: @Sendable (Graph) -> QueryNode

  init<Source: Row, Target: Row>(
    _ relationship: Relationship<Source, Target>, _ rows: PredicateShape.Destination.Rows,
    _ node: @escaping @Sendable (Graph) -> QueryNode
  ) {
    path = relationship.path
    self.node = node
    shape = .reaching(.init(path: path), .init(rows: rows, node: node))
  }

  /// Whether walking on from some rows of a table looks at less than walking back.
  func isNearer(from rowCount: Int, of table: Int, _ graph: Graph) -> Bool {
    let estimate = Estimate(graph)
    let rowCount = min(rowCount, graph.table(table).count)
    let end = node(graph)
    let back = path.reversed().map { LinkHop($0.reversed, graph.layout) }
    let on = path.map { LinkHop($0, graph.layout) }
    let (looked, paths) = (
      estimate.looked(end), estimate.paths(estimate.rows(end), back, of: end.table)
    )
    return estimate.paths(rowCount, on, of: table) + rowCount * RelatedRows.queryCost < looked
      + paths
  }

  /// A query for one row costs about as much as looking at this many rows.
  private static let queryCost = 16

  /// A test that walks back once.
  func origins(_ graph: Graph) -> (UInt32) -> Bool {
    let back = path.reversed().map(\.reversed)
    let set = SlotSet(Executor(graph: graph).set(node(graph).following(back, graph.layout)))
    return { set.contains($0) }
  }

  /// A test that walks on from each row.
  func tests<Source: Row>(
    _ graph: Graph, of source: Source.Type, _ rowCount: Int, _ filter: Filter
  ) -> (UInt32) -> Bool {
    let table = graph.layout.table(of: source)
    let executor = Executor(graph: graph)
    let path = path
    let accepts = filter.bind(graph, rowCount)
    return { slot in
      executor.set(.row(table: table, slot).following(path, graph.layout)).contains(where: accepts)
    }
  }
}

extension Relationship {
  /// The number of distinct rows that a relationship leads to from each row.
  public struct Count: Sendable {
    let path: [Hop]

    /// Accepts rows with exactly that many related rows.
    public static func == (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.equal, number) { $0 == number }
    }

    /// Accepts rows with more or fewer related rows.
    public static func != (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.notEqual, number) { $0 != number }
    }

    /// Accepts rows with fewer related rows.
    public static func < (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.less, number) { $0 < number }
    }

    /// Accepts rows with at most that many related rows.
    public static func <= (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.lessOrEqual, number) { $0 <= number }
    }

    /// Accepts rows with more related rows.
    public static func > (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.greater, number) { $0 > number }
    }

    /// Accepts rows with at least that many related rows.
    public static func >= (count: Count, number: Int) -> Predicate<Source> {
      count.compared(.greaterOrEqual, number) { $0 >= number }
    }

    var name: String { "count of \(PredicateShape.Walk(path: path))" }

    /// The number of related rows of the row at a slot, in one graph.
    func bind(_ graph: Graph) -> (UInt32) -> Int {
      graph.relatedCount(from: graph.layout.table(of: Source.self), over: path)
    }

    private func compared(
      _ comparison: PredicateShape.Comparison, _ number: Int,
      _ accepts: @escaping @Sendable (Int) -> Bool
    ) -> Predicate<Source> {
      Predicate(
        Filter(shape: .count(.init(path: path), comparison, number)) { graph, _ in
          let count = bind(graph)
          return { accepts(count($0)) }
        })
    }
  }
}

extension Graph {
  /// What counts the distinct rows that a walk leads to from the row at a slot of a table.
  func relatedCount(from table: Int, over path: [Hop]) -> (UInt32) -> Int {
    if path.count == 1 {
      let hop = LinkHop(path[0], layout)
      return { linkCount(of: $0, hop.link, hop.direction) }
    }
    let executor = Executor(graph: self)
    return { executor.count(.row(table: table, $0).following(path, layout)) }
  }
}
