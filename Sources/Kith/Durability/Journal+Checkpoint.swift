import Foundation
import KithCore

extension Journal {
  /// Makes a checkpoint on a thread of its own if the log has outgrown the last one.
  func checkpointIfNeeded(_ turns: WriterTurns) {
    if takeCheckpointPlan() { checkpointLater(turns) }
  }

  /// Whether the log has outgrown the checkpoint: it is larger, and larger than 4 MiB; if the last one
  /// that was tried has failed, twice as large as then. Tells it once for each checkpoint.
  private func takeCheckpointPlan() -> Bool {
    state.withLock { state in
      let limit = max(state.checkpointBytes, 4 << 20, state.failedCheckpoint?.nextAttempt ?? 0)
      guard !state.isCheckpointPlanned, state.length > limit else { return false }
      state.isCheckpointPlanned = true
      return true
    }
  }

  /// Makes a checkpoint on a thread of its own.
  private func checkpointLater(_ turns: WriterTurns) {
    DispatchQueue.global(qos: .utility).async { [weak self] in
      do throws(GraphError) {
        try self?.checkpoint(turns)
      } catch {
        // The log holds all that it held.
        self?.state.withLock { $0.failedCheckpoint = (error, nextAttempt: 2 * $0.length) }
      }
    }
  }

  /// Writes the whole graph, and begins a new log. Writing goes on meanwhile.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the store is as it was.
  func checkpoint(_ turns: WriterTurns) throws(GraphError) {
    turns.requireOutside()
    checkpointing.wait()
    defer {
      state.withLock { $0.isCheckpointPlanned = false }
      checkpointing.signal()
    }
    // One that was planned may come when the store is gone, and another has the folder.
    if state.withLock({ $0.isClosed }) { return }
    do throws(DiskFault) {
      guard let (graph, migrations) = try beginLog(turns) else { return }
      let bytes = try folder.writeCheckpoint(
        GraphEncoder(graph, migrations: migrations), at: graph.version)
      state.withLock { $0.noteCheckpoint(bytes: bytes, at: graph.version) }
    } catch {
      throw GraphError(writing: error)
    }
  }

  /// Begins a log at the present version, in turn.
  ///
  /// - Returns: The graph to be written and the migrations that led to its schema, or nil if it has
  ///   been written.
  private func beginLog(
    _ turns: WriterTurns
  ) throws(DiskFault) -> (graph: Graph, migrations: [String])? {
    turns.begin()
    defer { turns.end() }
    // If the sync fails, what is published is what is kept.
    settle()
    let state = state.withLock { $0 }
    let head = state.head
    if state.blocker != nil { return nil }
    if state.failure == nil, state.checkpointVersion == head.version { return nil }
    guard let log = try beginLog(state) else { return (head, state.migrations) }
    let bytes = try folder.writeCheckpoint(
      GraphEncoder(head, migrations: state.migrations), at: head.version)
    self.state.withLock { state in
      state.noteCheckpoint(bytes: bytes, at: head.version)
      state.begin(log, at: head.version)
    }
    return nil
  }

  /// Begins a log at the present version, when all before it is synced, unless the log does already.
  ///
  /// - Returns: If what is before can't be synced, a log that leads nowhere until the graph is written:
  ///   it is not begun.
  private func beginLog(_ state: State) throws(DiskFault) -> (any DiskFile)? {
    let (version, hasFailed) = (state.head.version, state.failure != nil)
    if !hasFailed {
      if state.logVersion == version { return nil }
      try state.file.truncate(to: state.length)
      try state.file.sync()
    }
    let fingerprint = LogFile.fingerprint(of: state.tables, migrations: state.migrations)
    let log = try folder.createLog(at: version, fingerprint: fingerprint)
    if hasFailed { return log }
    self.state.withLock { $0.begin(log, at: version) }
    return nil
  }

  // MARK: Replacing

  /// Calls `body` in turn, when no checkpoint is being made. Commits may wait to be published.
  func alone<Result, Failure: Error>(
    _ turns: WriterTurns, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    turns.requireOutside()
    checkpointing.wait()
    defer { checkpointing.signal() }
    turns.begin()
    defer { turns.end() }
    return try body()
  }

  /// Puts a graph in the place of the present one that says the same in another order, and makes a
  /// checkpoint of it. Called alone, when all that was written is published.
  ///
  /// - Parameter bytes: The graph, encoded.
  /// - Throws: `GraphError.unwritableFile`; then the folder has one of the two, and memory the old one.
  func rewrite(as graph: Graph, _ bytes: [UInt8]) throws(GraphError) {
    do throws(DiskFault) {
      let log = try beginLog(state.withLock { $0 })
      try folder.writeCheckpoint(bytes, at: graph.version)
      state.withLock { state in
        state.head = graph
        state.noteCheckpoint(bytes: bytes.count, at: graph.version)
        if let log { state.begin(log, at: graph.version) }
      }
    } catch {
      throw GraphError(writing: error)
    }
  }

  /// Puts another graph in the place of the folder's, with a log of its own. Called alone.
  ///
  /// - Parameters:
  ///   - bytes: The other graph, encoded.
  ///   - tables: Its schema.
  ///   - migrations: The migrations that led to it.
  ///   - graph: The same as a graph of the store's schema; nil if it is of another schema.
  ///   - blocker: What keeps the folder from being written to if it is.
  func replace(
    with bytes: [UInt8], _ tables: [Schema.Table], _ migrations: [String], at version: Int,
    as graph: Graph?, blocker: GraphError?
  ) throws(GraphError) {
    let fingerprint = LogFile.fingerprint(of: tables, migrations: migrations)
    do throws(DiskFault) {
      let log = try draft(bytes, at: version, fingerprint: fingerprint)
      state.withLock { state in
        if let graph { state.head = graph }
        (state.tables, state.migrations) = (tables, migrations)
        state.blocker = blocker
        state.noteCheckpoint(bytes: bytes.count, at: version)
        state.begin(log, at: version)
      }
    } catch {
      throw GraphError(writing: error)
    }
    do throws(DiskFault) {
      try folder.disk.syncFolder()
    } catch {
      // The name may not be safe, as `requireSafe` tells: the next checkpoint sees to it.
      return state.withLock { $0.failure = GraphError(writing: error) }
    }
    // What can't be removed says nothing any more, and goes with the next checkpoint.
    try? folder.removeFiles(olderThan: version)
  }

  /// Requires that what is in the folder's place outlives a crash.
  func requireSafe() throws(GraphError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Writes the log and the checkpoint of another graph, and gives the checkpoint its name. If that
  /// fails, the folder says what it said.
  private func draft(
    _ bytes: [UInt8], at version: Int, fingerprint: UInt32
  ) throws(DiskFault) -> any DiskFile {
    do throws(DiskFault) {
      let log = try folder.createLog(at: version, fingerprint: fingerprint)
      try folder.draftCheckpoint(at: version) { (file) throws(DiskFault) in
        try file.append(bytes)
      }
      try folder.nameCheckpoint(at: version)
      return log
    } catch {
      try? folder.disk.remove(StoreFolder.logName(version))
      throw error
    }
  }
}

extension Journal.State {
  fileprivate mutating func noteCheckpoint(bytes: Int, at version: Int) {
    (checkpointVersion, checkpointBytes, failedCheckpoint) = (version, bytes, nil)
  }

  fileprivate mutating func begin(_ log: any DiskFile, at version: Int) {
    (file, logVersion) = (log, version)
    (length, synced) = (LogFile.headerSize, LogFile.headerSize)
    (isTorn, failure) = (false, nil)
  }
}
