import KithCore

extension Traversal {
  /// Accepts rows that this relationship leads from to the row with a key.
  ///
  /// ```swift
  /// graph[User.self].filter(User.following.contains(2))    // who follows user 2
  /// ```
  public func contains(_ id: Target.ID) -> Predicate<Source> {
    leading(to: "\(id.stored)") { graph in
      let table = graph.layout.table(of: Target.self)
      return .row(table: table, graph.slot(in: table, id.stored))
    }
  }

  /// Accepts rows that this relationship leads from to a row that a predicate accepts.
  ///
  /// ```swift
  /// graph[User.self].filter(User.posts.contains(where: \.text == "x"))
  /// ```
  public func contains(where predicate: Predicate<Target>) -> Predicate<Source> {
    let filter = predicate.filter
    return leading(to: "(\(filter.shape))") { graph in
      .filter(.all(table: graph.layout.table(of: Target.self)), filter)
    }
  }

  /// The number of rows that this relationship leads to, to be compared or sorted by.
  ///
  /// ```swift
  /// graph[User.self].filter(User.followers.count > 100)
  /// graph[Student.self].sorted(by: Student.courses.count, .descending)
  /// ```
  public var count: Relationship<Source, Target>.Count { .init(path: relationship.path) }

  /// A test that is made from the far end: who is led to the rows of a query is found once, by
  /// walking back from them.
  private func leading(
    to text: String, _ node: @escaping @Sendable (Graph) -> QueryNode
  ) -> Predicate<Source> {
    let shape = PredicateShape.reaching(
      .init(path: relationship.path), .init(description: text, node: node))
    let back = relationship.inverse.path
    return Predicate(
      Filter(shape: shape) { graph in
        let origins = Executor(graph: graph).set(node(graph).following(back, graph.layout))
        let set = SlotSet(origins)
        return { set.contains($0) }
      })
  }
}

extension Relationship {
  /// The number of distinct rows that a relationship leads to from each row.
  public struct Count: Sendable {
    let path: [Hop]

    /// Accepts rows with exactly that many related rows.
    public static func == (count: Count, number: Int) -> Predicate<Source> {
      count.compared("==", number) { $0 == number }
    }

    /// Accepts rows with more or fewer related rows.
    public static func != (count: Count, number: Int) -> Predicate<Source> {
      count.compared("!=", number) { $0 != number }
    }

    /// Accepts rows with fewer related rows.
    public static func < (count: Count, number: Int) -> Predicate<Source> {
      count.compared("<", number) { $0 < number }
    }

    /// Accepts rows with at most that many related rows.
    public static func <= (count: Count, number: Int) -> Predicate<Source> {
      count.compared("<=", number) { $0 <= number }
    }

    /// Accepts rows with more related rows.
    public static func > (count: Count, number: Int) -> Predicate<Source> {
      count.compared(">", number) { $0 > number }
    }

    /// Accepts rows with at least that many related rows.
    public static func >= (count: Count, number: Int) -> Predicate<Source> {
      count.compared(">=", number) { $0 >= number }
    }

    var name: String { "count of \(PredicateShape.Walk(path: path))" }

    /// The number of related rows of the row at a slot, in one graph.
    func bind(_ graph: Graph) -> (UInt32) -> Int {
      let path = path
      if path.count == 1 {
        let link = graph.layout.link(path[0].link)
        return { slot in graph.withLinks(link) { $0.count(of: slot, path[0].direction) } }
      }
      let table = graph.layout.table(of: Source.self)
      let executor = Executor(graph: graph)
      return { executor.count(.row(table: table, $0).following(path, graph.layout)) }
    }

    private func compared(
      _ sign: String, _ number: Int, _ accepts: @escaping @Sendable (Int) -> Bool
    ) -> Predicate<Source> {
      Predicate(
        Filter(shape: .other("\(name) \(sign) \(number)")) { graph in
          let count = bind(graph)
          return { accepts(count($0)) }
        })
    }
  }
}
