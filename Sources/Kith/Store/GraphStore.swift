import KithCore

/// A graph that many threads share: one writes, any number read.
///
/// Readers take snapshots, which are values: they never wait for a writer and never see half a
/// change. Writers take turns.
public final class GraphStore: Sendable {
  private let published: Locked<Graph>
  private let writer = Locked(())

  /// Makes an empty store in memory.
  public init(_ schema: Schema) {
    published = Locked(Graph(schema))
  }

  /// The graph as the last write left it.
  ///
  /// - Complexity: O(1). Taking it holds a lock for some nanoseconds; reading it never locks.
  public var snapshot: Graph {
    published.withLock { $0 }
  }

  /// Reads one consistent graph.
  public func read<Result, Failure: Error>(
    _ body: (Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(snapshot)
  }

  /// Changes the graph in one step: all that `body` does is published together, or nothing if it
  /// throws.
  ///
  /// A second writer waits for the first. Inside, the graph reads its own changes. A write inside a
  /// write of the same store waits for itself, which the system reports as a recursive lock.
  ///
  /// - Throws: What `body` throws; then nothing has changed.
  @discardableResult
  public func write<Result, Failure: Error>(
    _ body: (inout Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try writer.withLock { (_) throws(Failure) in
      let before = snapshot
      var graph = before
      let result = try body(&graph)
      if !graph.isSameVersion(as: before) {
        precondition(graph.layout === before.layout, "a write leaves a graph of the store's schema")
        published.withLock { $0 = graph }
      }
      return result
    }
  }
}
