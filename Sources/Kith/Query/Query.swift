public import KithCore

/// Rows, described: where to start, which way to walk, what to keep, in which order.
///
/// A query holds a graph and does nothing until its rows are asked for. It yields a set: each row
/// once, however many paths reach it. Rows come in order of insertion unless they are sorted.
///
/// ```swift
/// graph[User.self, 1].followers.filter(\.joined > lastWeek).sorted(by: \.handle).prefix(20)
/// ```
@dynamicMemberLookup
public struct Query<Record: Row>: Sendable {
  @usableFromInline let graph: Graph
  @usableFromInline let node: QueryNode

  @inlinable
  init(graph: Graph, node: QueryNode) {
    self.graph = graph
    self.node = node
  }

  @usableFromInline var slots: [UInt32] { graph.slots(of: node) }

  // MARK: Walking

  /// The rows that a relationship leads to, from any of these.
  @inlinable
  public subscript<Way: Traversal>(
    dynamicMember way: KeyPath<Record.Type, Way>
  ) -> Query<Way.Target> where Way.Source == Record {
    hop(Record.self[keyPath: way])
  }

  /// The rows that a relationship leads to, from any of these: the same hop with the relationship
  /// as a value.
  @inlinable
  public func hop<Way: Traversal>(_ way: Way) -> Query<Way.Target>
  where Way.Source == Record {
    Query<Way.Target>(
      graph: graph, node: node.following(way.relationship.path, graph.layout))
  }

  // MARK: Choosing

  /// The rows that a predicate accepts.
  public func filter(_ predicate: Predicate<Record>) -> Query {
    with(node.filtered(by: predicate.filter))
  }

  /// The rows that a closure accepts. The planner can't see into it; `explain()` calls it opaque.
  public func filter(_ accepts: @escaping @Sendable (Record) -> Bool) -> Query {
    with(node.filtered(by: Predicate(accepts).filter))
  }

  /// The rows of either query, in order of insertion.
  @inlinable
  public func union(_ other: Query) -> Query { combined(.union, other) }

  /// The rows of both queries, in the order of this one.
  @inlinable
  public func intersection(_ other: Query) -> Query { combined(.intersection, other) }

  /// The rows of this query that are not in the other, in the order of this one.
  @inlinable
  public func subtracting(_ other: Query) -> Query { combined(.subtracting, other) }

  /// The rows of exactly one of the queries, in order of insertion.
  @inlinable
  public func symmetricDifference(_ other: Query) -> Query {
    combined(.symmetricDifference, other)
  }

  /// The rows without the one that has a key.
  @inlinable
  public func excluding(_ id: Record.ID) -> Query {
    let table = table
    let slots = graph.slot(in: table, id).map { Slots($0) } ?? Slots(absent: id.stored)
    return Query(graph: graph, node: node.excluding(slots, of: table))
  }

  /// The rows without those that have the given keys.
  @inlinable
  public func excluding(_ ids: Record.ID...) -> Query { excluding(ids) }

  /// The rows without those that have the given keys.
  @inlinable
  public func excluding(_ ids: some Sequence<Record.ID>) -> Query {
    with(node.excluding(graph.slots(of: Record.self, ids), of: table))
  }

  // MARK: Making

  /// The number of the table whose rows these are.
  @inlinable
  var table: Int { graph.layout.table(of: Record.self) }

  @inlinable
  var rows: RowsOf<Record> { graph.rows(of: Record.self, in: table) }

  /// The rows, in order.
  @inlinable
  var array: [Record] {
    var rows: [Record] = []
    graph.withSlots(of: node) { rows = graph.rows(of: Record.self, at: $0) }
    return rows
  }

  /// The row at a slot, which must live.
  @inlinable
  func row(at slot: UInt32) -> Record {
    defer { withExtendedLifetime(graph) {} }
    return RowPages<Record>.row(at: slot, graph.places(table))
  }

  @inlinable
  func with(_ node: QueryNode) -> Query { Query(graph: graph, node: node) }

  @inlinable
  func combined(_ operation: SetOperation, _ other: Query) -> Query {
    Query(
      graph: graph, node: graph.combine(operation, node, with: other.node, of: other.graph))
  }
}

extension Graph {
  /// Puts the rows of a query together with those of another, which may be of another version of
  /// the graph: then what it yields there is what counts.
  @usableFromInline
  func combine(
    _ operation: SetOperation, _ node: consuming QueryNode, with other: consuming QueryNode,
    of graph: Graph
  ) -> QueryNode {
    precondition(layout === graph.layout, "two queries that are combined are of one store")
    if isSameVersion(as: graph) { return node.combined(operation, other) }
    let number = node.table
    let (here, there) = (table(number), graph.table(number))
    var slots = Executor(graph: graph).set(other)
    if sharesSlots(with: graph) {
      slots.removeAll { !here.isLive($0) }
    } else {
      slots = slots.compactMap { here.slot(ofKey: there.key(at: $0)) }.sorted()
    }
    return node.combined(operation, .rows(table: number, Slots(distinct: slots)))
  }
}

extension QueryNode {
  /// The rows that a filter accepts. Rows are filtered before they are sorted, which is the same and
  /// leaves less to sort.
  func filtered(by filter: Filter) -> QueryNode {
    if case .sorted(let rows, let terms) = self {
      return .sorted(rows.filtered(by: filter), terms)
    }
    return .filter(self, filter)
  }

  /// The rows without some others.
  @usableFromInline
  consuming func excluding(_ slots: Slots, of table: Int) -> QueryNode {
    combined(.subtracting, .rows(table: table, slots))
  }
}

extension Query: Sequence {
  /// Yields the rows in order.
  @inlinable
  public func makeIterator() -> Iterator {
    Iterator(rows: rows.pages, slots: slots)
  }

  /// Yields the rows of a query, each read when it is asked for.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let rows: RowPages<Record>
    @usableFromInline let slots: [UInt32]
    @usableFromInline var position = 0

    @inlinable
    init(rows: RowPages<Record>, slots: [UInt32]) {
      self.rows = rows
      self.slots = slots
    }

    @inlinable
    public mutating func next() -> Record? {
      guard position < slots.count else { return nil }
      defer { position += 1 }
      return rows[slots[position]]
    }
  }
}
