import Foundation
import KithCore

extension Journal {
  /// Whether the log has outgrown the checkpoint: it is larger, and larger than 4 MiB. Tells it once
  /// for each checkpoint.
  func takeCheckpointPlan() -> Bool {
    state.withLock { state in
      guard !state.isCheckpointPlanned, state.length > max(state.checkpointBytes, 4 << 20) else {
        return false
      }
      state.isCheckpointPlanned = true
      return true
    }
  }

  /// Makes a checkpoint on a thread of its own.
  func checkpointLater(_ turns: WriterTurns) {
    DispatchQueue.global(qos: .utility).async { [weak self] in
      // What fails leaves the log as it is, and the next write plans another.
      try? self?.checkpoint(turns)
    }
  }

  /// Writes the whole graph, and begins a new log. Writing goes on meanwhile.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the store is as it was.
  func checkpoint(_ turns: WriterTurns) throws(GraphError) {
    checkpointing.wait()
    defer {
      state.withLock { $0.isCheckpointPlanned = false }
      checkpointing.signal()
    }
    do throws(DiskFault) {
      guard let graph = try beginLog(turns) else { return }
      let bytes = try folder.writeCheckpoint(graph)
      state.withLock {
        $0.checkpointVersion = graph.version
        $0.checkpointBytes = bytes
      }
    } catch {
      throw GraphError(writing: error)
    }
  }

  /// Begins a log at the present version, in turn, when all before it is synced.
  ///
  /// - Returns: The graph to be written, or nil if it has been written.
  private func beginLog(_ turns: WriterTurns) throws(DiskFault) -> Graph? {
    turns.begin()
    defer { turns.end() }
    if let last = state.withLock({ $0.pending.last?.ticket }) {
      // If the sync fails, what is published is what is kept.
      try? wait(for: last)
    }
    let (file, head, length, hasFailed, isDone, isCurrent) = state.withLock { state in
      (
        state.file, state.head, state.length, state.failure != nil,
        state.checkpointVersion == state.head.version && state.failure == nil,
        state.logVersion == state.head.version && state.failure == nil
      )
    }
    if isDone { return nil }
    if isCurrent { return head }
    if !hasFailed {
      try file.truncate(to: length)
      try file.sync()
    }
    let log = try folder.createLog(at: head.version)
    // A log that could not be synced leads nowhere: the graph must be there before the next begins.
    let bytes = hasFailed ? try folder.writeCheckpoint(head) : nil
    state.withLock { state in
      if let bytes { (state.checkpointVersion, state.checkpointBytes) = (head.version, bytes) }
      state.file = log
      state.logVersion = head.version
      (state.length, state.synced) = (LogFile.headerSize, LogFile.headerSize)
      (state.isTorn, state.failure) = (false, nil)
    }
    return hasFailed ? nil : head
  }
}
