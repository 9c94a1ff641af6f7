extension Journal {
  /// Syncs what was appended, and lets others have the folder, unless they do already.
  ///
  /// - Throws: Why what was appended could not be synced.
  func close(_ turns: WriterTurns) throws(GraphError) {
    try alone(turns) { () throws(GraphError) in
      settle()
      try release()
    }
  }

  /// Likewise, when nobody can write any more: waits for a checkpoint that is being made.
  func closeAtLast() {
    checkpointing.wait()
    defer { checkpointing.signal() }
    // Whoever wants to hear of a failure closes the store before.
    try? release()
  }

  private func release() throws(GraphError) {
    if state.withLock({ $0.isClosed }) { return }
    state.withLock { try? $0.cutTornEnd() }
    syncNow()
    let failure = state.withLock { state in
      (state.isClosed, state.blocker) = (true, closedFault)
      return state.failure
    }
    lock.withLock { $0 = nil }
    if let failure { throw failure }
  }
}
