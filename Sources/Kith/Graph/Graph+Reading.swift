public import KithCore

extension Graph {
  /// The row with a primary key, or nil.
  ///
  /// - Complexity: O(1): one look-up in the hashed index.
  @inlinable
  public func find<Record: Row>(_ type: Record.Type, _ id: Record.ID) -> Record? {
    defer { withExtendedLifetime(self) {} }
    let number = layout.table(of: type)
    let place =
      Record.ID.hasRanks
      ? place(in: number, ofRank: id.stored.rank) : place(in: number, ofKey: id.stored)
    guard let place else { return nil }
    return RowPages<Record>.row(at: place)
  }

  /// The row with a primary key.
  ///
  /// - Throws: `GraphError.notFound`.
  @inlinable
  public func require<Record: Row>(
    _ type: Record.Type, _ id: Record.ID
  ) throws(GraphError) -> Record {
    let number = try layout.listedTable(of: type)
    guard let row = find(type, id) else { throw notFound(number, id.stored) }
    return row
  }

  /// What is thrown for a key that no row of a table has.
  @usableFromInline
  func notFound(_ number: Int, _ key: StoredValue) -> GraphError {
    .notFound(table: layout.tables[number].name, key: "\(key)")
  }

  /// All rows of a table, in order of insertion.
  @inlinable
  public subscript<Record: Row>(type: Record.Type) -> Query<Record> {
    Query(graph: self, node: .all(table: layout.table(of: type)))
  }

  /// One row, to walk from. A key that no row has gives an empty query.
  @inlinable
  public subscript<Record: Row>(type: Record.Type, id: Record.ID) -> Query<Record> {
    let number = layout.table(of: type)
    guard let slot = slot(in: number, id) else {
      return Query(graph: self, node: .rows(table: number, Slots(absent: id.stored)))
    }
    return Query(graph: self, node: .row(table: number, slot))
  }

  /// Some rows, to walk from. Keys that no row has are passed over.
  @inlinable
  public subscript<Record: Row, IDs: Sequence<Record.ID>>(
    type: Record.Type, ids: IDs
  ) -> Query<Record> {
    Query(graph: self, node: .rows(table: layout.table(of: type), slots(of: type, ids)))
  }

  /// One row, to walk from.
  @inlinable
  public subscript<Record: Row>(row: Record) -> Query<Record> {
    self[Record.self, row.id]
  }

  /// All links of an association table, by source in order of insertion, and by target likewise.
  ///
  /// ```swift
  /// for (follower, followed) in graph[User.follows] { … }
  /// ```
  ///
  /// - Complexity: O(links).
  @inlinable
  public subscript<Source: Row, Target: Row>(
    association: Association<Source, Target>
  ) -> [(source: Source.ID, target: Target.ID)] {
    var links: [(source: Source.ID, target: Target.ID)] = []
    links.reserveCapacity(linkCount(of: association.identity))
    join(Link(association: association)).forEach { links.append(($0, $1)) }
    return links
  }

  /// The number of links of an association table.
  ///
  /// - Precondition: The schema lists it.
  @usableFromInline
  func linkCount(of association: LinkIdentity) -> Int { linkCount(layout.link(association)) }

  /// Whether a row is related to another.
  ///
  /// - Complexity: O(log *d*) over one hop, where *d* is the number of rows related to `source`;
  ///   over more hops, O(paths).
  @inlinable
  public func contains<Way: Traversal>(
    _ target: Way.Target.ID, in way: Way, of source: Way.Source.ID
  ) -> Bool {
    let (sources, targets) = (
      layout.table(of: Way.Source.self), layout.table(of: Way.Target.self)
    )
    guard let from = slot(in: sources, source), let to = slot(in: targets, target)
    else { return false }
    return contains(to, reachedBy: way.relationship.path, from: from, in: sources)
  }

  @usableFromInline
  func contains(_ target: UInt32, reachedBy path: [Hop], from source: UInt32, in table: Int) -> Bool
  {
    if path.count == 1 {
      return isLinked(source, to: target, layout.link(path[0].link), path[0].direction)
    }
    let node = QueryNode.row(table: table, source).following(path, layout)
    return Executor(graph: self).contains(target, node)
  }

  /// The join of a relationship over the whole graph: every path that it has, from every row.
  public func join<Way: Traversal>(_ way: Way) -> Join<Way.Source, Way.Target> {
    Join(graph: self, relationship: way.relationship)
  }
}
