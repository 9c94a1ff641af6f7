import KithCore

extension Journal {
  /// Syncs what was appended, and lets others have the folder, unless they do already.
  ///
  /// - Throws: Why what was appended could not be synced, or what was undone could not be cut off: then
  ///   it may be back when the folder is opened again.
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
    let uncut = cutEnd()
    syncNow()
    let failure = state.withLock { state in
      (state.isClosed, state.blocker) = (true, closedFault)
      return state.failure
    }
    lock.withLock { $0 = nil }
    if let fault = failure ?? uncut { throw fault }
  }

  /// Cuts off what may follow the whole records, and sees to it that it stays off.
  ///
  /// - Returns: Why it may come back.
  private func cutEnd() -> GraphError? {
    do throws(DiskFault) {
      let cut = try state.withLock { (state) throws(DiskFault) -> (any DiskFile)? in
        guard state.isTorn else { return nil }
        try state.cutTornEnd()
        return state.file
      }
      try cut?.sync()
      return nil
    } catch {
      return GraphError(writing: error)
    }
  }
}
