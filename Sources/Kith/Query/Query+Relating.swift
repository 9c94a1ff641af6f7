public import KithCore

extension Query {
  /// The rows, each with those that a relationship leads it to: each author's newest three posts.
  ///
  /// ```swift
  /// graph[User.self].including(User.posts) {
  ///   $0.sorted(by: \.createdAt, .descending).prefix(3)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - way: The relationship.
  ///   - choose: Chooses among the related rows of one row, and gives them their order.
  /// - Complexity: One query a row.
  @inlinable
  public func including<Way: Traversal>(
    _ way: Way, _ choose: (Query<Way.Target>) -> Query<Way.Target> = { $0 }
  ) -> [(row: Record, related: [Way.Target])] where Way.Source == Record {
    let (table, path) = (table, way.relationship.path)
    return slots.map { slot in
      let node = QueryNode.row(table: table, slot).following(path, graph.layout)
      return (row(at: slot), choose(Query<Way.Target>(graph: graph, node: node)).array)
    }
  }

  /// The rows, each with the number of distinct rows that a relationship leads it to.
  ///
  /// ```swift
  /// graph[Student.self].counts(of: Student.courses)   // [(row: Student, count: Int)]
  /// ```
  ///
  /// - Complexity: O(1) a row over one hop; O(paths) over more.
  @inlinable
  public func counts<Way: Traversal>(
    of way: Way
  ) -> [(row: Record, count: Int)] where Way.Source == Record {
    defer { withExtendedLifetime(graph) {} }
    let slots = slots
    let counts = graph.counts(from: slots, in: table, over: way.relationship.path)
    var index = 0
    return graph.places(table).map(slots.span) { place in
      defer { index += 1 }
      return (RowPages<Record>.row(at: place), counts[index])
    }
  }

  /// The first rows, and how many others there are: "followed by Ada, Grace and 12 others".
  ///
  /// The others can be paged: they are `dropFirst(limit)`.
  ///
  /// - Parameter limit: The most rows to show.
  /// - Precondition: `limit` is not negative.
  @inlinable
  public func summary(showing limit: Int) -> (shown: [Record], others: Int) {
    let shown = prefix(limit).array
    return (shown, count - shown.count)
  }

  /// The values of a column of each row, in order; the rows themselves are not made.
  @_documentation(visibility: internal)
  @inlinable
  public func select<Value>(_ keyPath: any KeyPath<Record, Value> & Sendable) -> [Value] {
    let field = Field(keyPath)
    return read { RowPages<Record>.read(field, at: $0) }
  }

  /// The values of two columns of each row, in order; the rows themselves are not made.
  @_documentation(visibility: internal)
  @inlinable
  public func select<First, Second>(
    _ first: any KeyPath<Record, First> & Sendable, _ second: any KeyPath<Record, Second> & Sendable
  ) -> [(First, Second)] {
    let fields = (Field(first), Field(second))
    return read {
      (RowPages<Record>.read(fields.0, at: $0), RowPages<Record>.read(fields.1, at: $0))
    }
  }

  /// The values of three columns of each row, in order; the rows themselves are not made.
  @_documentation(visibility: internal)
  @inlinable
  public func select<First, Second, Third>(
    _ first: any KeyPath<Record, First> & Sendable,
    _ second: any KeyPath<Record, Second> & Sendable,
    _ third: any KeyPath<Record, Third> & Sendable
  ) -> [(First, Second, Third)] {
    let fields = (Field(first), Field(second), Field(third))
    return read {
      (
        RowPages<Record>.read(fields.0, at: $0), RowPages<Record>.read(fields.1, at: $0),
        RowPages<Record>.read(fields.2, at: $0)
      )
    }
  }

  /// The values of some columns of each row, in order; the rows themselves are not made.
  ///
  /// ```swift
  /// for (id, handle) in graph[User.self].select(\.id, \.handle) { … }
  /// ```
  ///
  /// Up to three columns are read fastest: that is compiled for their types, and not for packs of any.
  @inlinable
  public func select<each Value>(
    _ keyPath: repeat any KeyPath<Record, each Value> & Sendable
  ) -> [(repeat each Value)] {
    let fields = (repeat Field(each keyPath))
    return read { (repeat RowPages<Record>.read(each fields, at: $0)) }
  }

  /// What `make` makes of where each row lies, in order.
  @inlinable
  @inline(__always)
  func read<Element>(_ make: (LiveRow) -> Element) -> [Element] {
    defer { withExtendedLifetime(graph) {} }
    return graph.places(table).map(slots.span, make)
  }
}

extension Graph {
  /// The number of distinct rows that a walk leads to from each of some rows.
  @usableFromInline
  func counts(from slots: [UInt32], in table: Int, over path: [Hop]) -> [Int] {
    slots.map(relatedCount(from: table, over: path))
  }

  /// For each of some rows, whether a viewer is linked to it and whether it is linked to the viewer:
  /// what the buttons of a list of people show.
  ///
  /// ```swift
  /// graph.flags(of: 1, on: [2, 3, 4], through: User.following)
  /// ```
  ///
  /// - Parameters:
  ///   - viewer: The row that looks.
  ///   - ids: The rows that it looks at.
  ///   - way: The relationship, such as `following`.
  /// - Returns: One answer for each id, in the order asked; a key that no row has gives false twice.
  /// - Complexity: O(log *d*) an id over one hop, where *d* is the number of related rows.
  @inlinable
  public func flags<Way: Traversal>(
    of viewer: Way.Source.ID, on ids: some Sequence<Way.Source.ID>, through way: Way
  ) -> [(id: Way.Source.ID, follows: Bool, isFollowedBy: Bool)] where Way.Source == Way.Target {
    let (table, path) = (layout.table(of: Way.Source.self), way.relationship.path)
    let viewer = slot(in: table, viewer)
    return ids.map { id in
      guard let viewer, let slot = slot(in: table, id) else { return (id, false, false) }
      return (
        id, contains(slot, reachedBy: path, from: viewer, in: table),
        contains(viewer, reachedBy: path, from: slot, in: table)
      )
    }
  }
}
