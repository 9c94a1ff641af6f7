import KithCore

/// A graph that many threads share: one writes, any number read.
///
/// Readers take snapshots, which are values: they never wait for a writer and never see half a
/// change. Writers take turns, in the order in which they came.
public final class GraphStore: Sendable {
  let published: Publication
  let turns = WriterTurns()
  /// The log of a store that is kept in a folder and can be changed.
  let journal: Journal?
  /// The folder, if it is only read.
  let readFolder: ReadFolder?
  let schema: Schema
  /// The migrations that the store was opened with.
  let declaredMigrations: [Migration]
  /// What was torn at the end of the log when the store was opened; nil if nothing was, and for a
  /// store in memory.
  public let tornEnd: TornEnd?

  /// Makes an empty store in memory.
  public convenience init(_ schema: Schema) {
    self.init(inMemory: Graph(schema))
  }

  /// Makes a store in memory that starts with a graph that is there already.
  ///
  /// - Throws: `GraphError.missingReference` if a deferred foreign key of the graph refers to no row.
  public convenience init(_ graph: Graph) throws(GraphError) {
    try graph.checkDeferred()
    self.init(inMemory: graph)
  }

  private init(inMemory graph: Graph) {
    published = Publication(graph)
    schema = graph.schema
    (journal, readFolder, tornEnd) = (nil, nil, nil)
    declaredMigrations = []
  }

  /// Makes a store of a folder.
  init(_ opened: OpenedFolder) {
    published = opened.publication
    journal = opened.journal
    readFolder = opened.readFolder
    tornEnd = opened.tornEnd
    schema = opened.schema
    declaredMigrations = opened.migrations
  }

  deinit {
    journal?.closeAtLast()
    published.finish()
  }

  // MARK: Reading

  /// The graph as the last write left it.
  ///
  /// - Complexity: O(1). Taking it holds a lock for some nanoseconds; reading it never locks.
  /// - Precondition: The folder of the store, if it has one, was not behind its migrations when it was
  ///   opened, or has been upgraded. After a downgrade the graph stays as it was before.
  public var snapshot: Graph { published.graph }

  /// The number of writes that have changed the graph.
  public var version: Int { snapshot.version }

  /// Reads one consistent graph.
  public func read<Result, Failure: Error>(
    _ body: (Graph) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(snapshot)
  }

  /// Reads one consistent graph, and may wait meanwhile: writes go on.
  @_disfavoredOverload
  public func read<Result: Sendable>(
    _ body: @Sendable (Graph) async throws -> Result
  ) async rethrows -> Result {
    try await body(snapshot)
  }

  // MARK: Writing

  /// Changes the graph in one step: all that `body` does is published together, or nothing if it
  /// throws.
  ///
  /// A second writer waits for the first. Inside, the graph reads its own changes. A write that
  /// changes nothing, or changes everything back, publishes nothing and wakes nobody; it returns when
  /// what it has read is as safe as what it would have written.
  ///
  /// - Parameters:
  ///   - expected: The version that the store must still be at: that of the snapshot from which the
  ///     change follows. Nil to write whatever came between.
  ///   - body: Changes the graph.
  /// - Throws: What `body` throws, `GraphError.conflict` if the store is at another version, or
  ///   `.missingReference` if a deferred foreign key refers to no row in the end; then nothing has
  ///   changed.
  /// - Precondition: The calling thread is not inside a write of this store already.
  @discardableResult
  public func write<Result>(
    expecting expected: Int? = nil, _ body: (inout Graph) throws -> Result
  ) throws -> Result {
    let (result, ticket) = try inTurn { () throws in try perform(expected, body) }
    if let ticket { try settle(ticket) }
    return result
  }

  /// Calls `body` when no other write is under way.
  func inTurn<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    turns.begin()
    defer { turns.end() }
    return try body()
  }

  /// Changes the graph in one step, and waits for its turn without blocking a thread.
  ///
  /// - Parameters:
  ///   - expected: The version that the store must still be at, or nil.
  ///   - body: Changes the graph, without waiting for anything.
  /// - Throws: As the synchronous `write`, and `CancellationError` if the task is cancelled before
  ///   its turn comes.
  @discardableResult
  public func write<Result: Sendable>(
    expecting expected: Int? = nil, _ body: @Sendable (inout Graph) throws -> Result
  ) async throws -> Result {
    try await turns.beginLater()
    let (result, ticket) = try inTurnTaken { try perform(expected, body) }
    if let ticket { try await settleLater(ticket) }
    return result
  }

  private func inTurnTaken<Result>(_ body: () throws -> Result) rethrows -> Result {
    defer { turns.end() }
    turns.enter()
    return try body()
  }

  /// Changes the graph and publishes it, or leaves it to be published when it is synced.
  private func perform<Result>(
    _ expected: Int?, _ body: (inout Graph) throws -> Result
  ) throws -> (Result, ticket: Ticket?) {
    if isReadOnly { throw readOnlyFault }
    let before = try journal?.head() ?? snapshot
    if let expected, expected != before.version {
      throw GraphError.conflict(expected: expected, found: before.version)
    }
    var graph = before
    let result = try body(&graph)
    if graph.isSameVersion(as: before) || graph.isUnchanged(since: before) {
      return (result, try journal?.follow(before).map { Ticket(number: $0) })
    }
    precondition(graph.layout === before.layout, "a write leaves a graph of the store's schema")
    try graph.checkDeferred()
    if !graph.sharesSlots(with: before) { graph.raiseLargestKeys(to: before) }
    graph.version = before.version + 1
    guard let journal else {
      published.publish(graph, after: before)
      return (result, nil)
    }
    return (result, Ticket(number: try journal.append(before, graph)))
  }

  /// A commit that is in the log.
  private struct Ticket {
    /// The number by which to wait for it; nil if it is published.
    let number: Int?
  }

  /// Waits until a commit is as safe as was asked for, and looks whether the log has become long.
  private func settle(_ ticket: Ticket) throws(GraphError) {
    guard let journal else { return }
    if let number = ticket.number { try journal.wait(for: number) }
    journal.checkpointIfNeeded(turns)
  }

  /// Waits likewise, without keeping a thread.
  private func settleLater(_ ticket: Ticket) async throws(GraphError) {
    guard let journal else { return }
    if let number = ticket.number { try await journal.waitLater(for: number) }
    journal.checkpointIfNeeded(turns)
  }

  /// Whether the store is kept in a folder that it does not change.
  var isReadOnly: Bool { readFolder != nil }

  /// What errors call the folder.
  var path: String { (readFolder?.folder ?? journal?.folder)?.disk.path ?? "the store" }

  /// Why a store that can only be read is not changed.
  var readOnlyFault: GraphError {
    let isOwnWish = readFolder?.folder.disk.isReadOnly == false
    return .unwritableFile(
      file: path,
      reason: isOwnWish ? "the store was opened to be read" : "the folder can only be read")
  }

  // MARK: Observing

  /// A value that follows the graph: the present one at once, then a new one whenever a write has
  /// changed it.
  ///
  /// ```swift
  /// for await count in store.observe({ $0[User.self, 1].followers.count }) { … }
  /// ```
  ///
  /// The value is computed when it is asked for, from the newest graph; writes that come while nobody
  /// asks are seen together. The sequence ends with the task that iterates, with the store, or when a
  /// downgrade leaves the store's folder with other tables.
  ///
  /// - Parameter value: Computes the value.
  public func observe<Value: Equatable & Sendable>(
    _ value: @escaping @Sendable (Graph) -> Value
  ) -> AsyncStream<Value> {
    let observer = Observer(published, value)
    return AsyncStream { try? await observer.next() }
  }

  /// A value that follows the graph, and whose computation may fail; the first error ends it.
  ///
  /// - Parameter value: Computes the value.
  public func observe<Value: Equatable & Sendable>(
    _ value: @escaping @Sendable (Graph) throws -> Value
  ) -> AsyncThrowingStream<Value, any Error> {
    let observer = Observer(published, value)
    return AsyncThrowingStream { try await observer.next() }
  }

  /// Every write from now on that changes the graph, in order: what it did, net.
  ///
  /// A change holds the graph before and after it, so a reader that falls behind keeps old pages in
  /// memory until it catches up. The sequence ends with the task, or with the store.
  public var changes: AsyncStream<Change> {
    published.changes()
  }
}
