extension GraphStore {
  /// Makes all tables and links anew, as ``Graph/compact()`` does.
  ///
  /// It is no write: the version stays, and ``changes`` does not tell of it. Reading goes on meanwhile,
  /// and writes wait. In a folder the compacted graph is a checkpoint, which is safe when this returns.
  ///
  /// - Throws: What ``Graph/compact()`` throws, `GraphError.unwritableFile`, or
  ///   `.migrationNeeded`; then the store is as it was, and its folder may have rows in either order.
  /// - Precondition: The calling thread is not inside a write of this store.
  public func compact() throws(GraphError) {
    try compact { _ in [:] }
  }

  /// Makes all tables and links anew, and puts the rows of one table into an order that walks along
  /// its links are fast in, as ``Graph/compact(along:)`` does.
  ///
  /// ```swift
  /// try store.compact(along: User.following)
  /// ```
  ///
  /// It is no write, likewise, though rows have another order of insertion then.
  ///
  /// - Parameter links: The links that are walked most.
  /// - Throws: As `compact()`.
  public func compact<Record: Row>(along links: Link<Record, Record>) throws(GraphError) {
    try compact { (graph) throws(GraphError) in try graph.order(along: links) }
  }

  private func compact(
    _ orders: (Graph) throws(GraphError) -> [Int: [UInt32]]
  ) throws(GraphError) {
    if isReadOnly { throw readOnlyFault }
    guard let journal else {
      return try inTurn { () throws(GraphError) in
        let graph = snapshot
        published.exchange(for: try graph.compacted(inOrder: try orders(graph)).graph)
      }
    }
    try journal.alone(turns) { () throws(GraphError) in
      journal.settle()
      let head = try journal.head()
      let (graph, bytes) = try head.compacted(
        inOrder: try orders(head), migrations: journal.migrations)
      try journal.rewrite(as: graph, bytes)
      published.exchange(for: graph)
    }
  }
}
