// What a relationship that is no link can't do, so that the compiler says why.

extension Graph {
  /// A relationship of several hops, or over a foreign key, has no links of its own to append.
  @available(
    *, unavailable,
    message:
      "only a Link is edited: append to an association table's relationship, or update the row that has the foreign key"
  )
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    _ target: Target.ID, to relationship: Relationship<Source, Target>, of source: Source.ID
  ) throws(GraphError) -> Bool {
    false
  }

  /// A relationship of several hops, or over a foreign key, has no links of its own to append.
  @available(
    *, unavailable,
    message:
      "only a Link is edited: append to an association table's relationship, or update the row that has the foreign key"
  )
  @discardableResult
  public mutating func append<Source: Row, Target: Row>(
    contentsOf targets: some Sequence<Target.ID>, to relationship: Relationship<Source, Target>,
    of source: Source.ID
  ) throws(GraphError) -> Int {
    0
  }

  /// A relationship of several hops, or over a foreign key, has no links of its own to remove.
  @available(
    *, unavailable,
    message:
      "only a Link is edited: remove from an association table's relationship, or update the row that has the foreign key"
  )
  @discardableResult
  public mutating func remove<Source: Row, Target: Row>(
    _ target: Target.ID, from relationship: Relationship<Source, Target>, of source: Source.ID
  ) -> Bool {
    false
  }

  /// A relationship of several hops, or over a foreign key, has no links of its own to replace.
  @available(
    *, unavailable,
    message:
      "only a Link is edited: replace an association table's links, or update the rows that have the foreign key"
  )
  public mutating func replace<Source: Row, Target: Row>(
    _ relationship: Relationship<Source, Target>, of source: Source.ID,
    with targets: some Sequence<Target.ID>
  ) throws(GraphError) {}
}
