import Foundation
import KithCore

extension Journal {
  /// Waits until a commit is synced and published, and helps. Called by its writer.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the commit is undone.
  func wait(for ticket: Int) throws(GraphError) {
    try wait(for: ticket, isWriter: true)
  }

  /// Waits until the commits that are in the log are published, or undone: their writers are told which.
  /// Called in turn.
  func settle() {
    guard let last = state.withLock({ $0.pending.last?.ticket }) else { return }
    // Only a writer is told of a failure.
    try? wait(for: last, isWriter: false)
  }

  private func wait(for ticket: Int, isWriter: Bool) throws(GraphError) {
    while true {
      let semaphore = DispatchSemaphore(value: 0)
      switch try takeTurn(for: ticket, isWriter: isWriter, wake: { semaphore.signal() }) {
      case .done: return
      case .wait: semaphore.wait()
      case .sync: syncPending()
      }
    }
  }

  /// Waits until a commit is synced and published, without keeping a thread.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the commit is undone.
  func waitLater(for ticket: Int) async throws(GraphError) {
    var isDone = false
    while !isDone {
      isDone = try await withCheckedContinuation { continuation in
        takeTurnLater(for: ticket) { continuation.resume(returning: $0) }
      }.get()
    }
  }

  /// Takes a turn of a task that waits for a commit, and calls `end` after it: whether the commit has
  /// come.
  private func takeTurnLater(
    for ticket: Int, _ end: @escaping @Sendable (Result<Bool, GraphError>) -> Void
  ) {
    do throws(GraphError) {
      switch try takeTurn(for: ticket, isWriter: true, wake: { end(.success(false)) }) {
      case .done: end(.success(true))
      case .wait: break
      case .sync:
        queue.async {
          self.syncPending()
          end(.success(false))
        }
      }
    } catch {
      end(.failure(error))
    }
  }

  /// What whoever waits for a commit does next: it has come, or must be synced, or somebody syncs.
  private enum Turn { case done, sync, wait }

  /// Decides what whoever waits for a commit does next.
  ///
  /// - Parameters:
  ///   - isWriter: Whether it is the commit's own writer, who alone is told, once, that it failed.
  ///   - wake: Is called when the sync has ended that is under way, if that is waited for.
  private func takeTurn(
    for ticket: Int, isWriter: Bool, wake: @escaping @Sendable () -> Void
  ) throws(GraphError) -> Turn {
    try state.withLock { (state) throws(GraphError) -> Turn in
      if isWriter, let failure = state.failures.removeValue(forKey: ticket) { throw failure }
      if !state.pending.contains(where: { $0.ticket == ticket }) { return .done }
      if state.isSyncing {
        state.wakers.append(wake)
        return .wait
      }
      state.isSyncing = true
      return .sync
    }
  }

  /// Syncs and publishes all commits that wait now. The caller has taken `isSyncing`.
  private func syncPending() {
    let (file, length, synced, batch) = state.withLock {
      ($0.file, $0.length, $0.synced, $0.pending)
    }
    do throws(DiskFault) {
      // Those who follow commits that were synced while they came need no sync of their own.
      if synced < length { try file.sync() }
      for commit in batch where !commit.after.isSameVersion(as: commit.before) {
        publication.publish(commit.after, after: commit.before)
      }
      state.withLock { state in
        state.pending.removeFirst(batch.count)
        state.synced = max(state.synced, length)
      }
    } catch {
      let isCut = state.withLock { state in
        state.undoPending(GraphError(writing: error), head: publication.graph)
        return !state.isTorn
      }
      // Whoever appends or closes next tries again.
      if isCut, (try? file.sync()) == nil { state.withLock { $0.isTorn = true } }
    }
    let wakers = state.withLock { state in
      state.isSyncing = false
      defer { state.wakers = [] }
      return state.wakers
    }
    for wake in wakers { wake() }
  }

  /// Syncs what was appended, within the interval that was asked for.
  func planSync() {
    guard case .relaxed(let interval) = durability else { return }
    let isNew = state.withLock { state in
      defer { state.isSyncPlanned = true }
      return !state.isSyncPlanned
    }
    guard isNew else { return }
    queue.asyncAfter(deadline: .now() + interval / .seconds(1)) { [weak self] in
      self?.syncNow()
    }
  }

  /// Syncs what was appended. What fails is thrown by the writes that follow.
  func syncNow() {
    let (file, length, isSynced) = state.withLock { state in
      state.isSyncPlanned = false
      return (state.file, state.length, state.synced == state.length)
    }
    if isSynced { return }
    do throws(DiskFault) {
      try file.sync()
      state.withLock { if $0.file === file { $0.synced = max($0.synced, length) } }
    } catch {
      let fault = GraphError(writing: error)
      state.withLock { if $0.file === file { $0.failure = fault } }
    }
  }
}

extension Journal.State {
  /// Undoes all commits that wait, those too that came while others were synced in vain, since they
  /// follow from them.
  ///
  /// - Parameter graph: What is published, which is what they leave.
  fileprivate mutating func undoPending(_ fault: GraphError, head graph: Graph) {
    for commit in pending { failures[commit.ticket] = fault }
    pending = []
    (head, length) = (graph, synced)
    // What failed must not come back when the store is opened again, and nothing may be appended to it.
    isTorn = true
    try? cutTornEnd()
  }
}
