import Foundation
import KithCore

/// Lets writers in one at a time, in the order in which they came: threads that wait, and tasks that
/// are suspended meanwhile.
final class WriterTurns: Sendable {
  private let state = Locked(State())

  private struct State {
    var isTaken = false
    /// The thread whose write is running.
    var writer: ObjectIdentifier?
    /// Those who wait, by ticket; tickets are given and served in order.
    var waiting: [UInt64: Waiter] = [:]
    var given: UInt64 = 0
    var served: UInt64 = 0

    mutating func ticket() -> UInt64 {
      given += 1
      return given
    }

    /// Takes out the one who has waited longest.
    mutating func next() -> Waiter? {
      while !waiting.isEmpty {
        served += 1
        if let waiter = waiting.removeValue(forKey: served) { return waiter }
      }
      return nil
    }
  }

  private enum Waiter: Sendable {
    case thread(DispatchSemaphore)
    case task(CheckedContinuation<Void, any Error>, Request)
  }

  /// Tells one waiting task from another, before it waits.
  private final class Request: Sendable {}

  /// Waits for a turn, on this thread, and notes that its write is running.
  func begin() {
    let thread = ObjectIdentifier(Thread.current)
    let semaphore = state.withLock { state -> DispatchSemaphore? in
      precondition(
        state.writer != thread,
        "a write inside a write of the same store would wait for itself: change the graph that the "
          + "outer write gives")
      if !state.isTaken {
        state.isTaken = true
        state.writer = thread
        return nil
      }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiting[state.ticket()] = .thread(semaphore)
      return semaphore
    }
    guard let semaphore else { return }
    semaphore.wait()
    state.withLock { $0.writer = thread }
  }

  /// Waits for a turn, suspended.
  ///
  /// - Throws: `CancellationError` if the task is cancelled before its turn comes.
  func beginLater() async throws {
    let request = Request()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isTurn = state.withLock { state -> Bool? in
          if Task.isCancelled { return nil }
          if state.isTaken {
            state.waiting[state.ticket()] = .task(continuation, request)
            return false
          }
          state.isTaken = true
          return true
        }
        if isTurn == nil { continuation.resume(throwing: CancellationError()) }
        if isTurn == true { continuation.resume() }
      }
    } onCancel: {
      withdraw(request)?.resume(throwing: CancellationError())
    }
  }

  /// Takes a task that waits out of the queue.
  private func withdraw(_ request: Request) -> CheckedContinuation<Void, any Error>? {
    state.withLock { state in
      for (ticket, waiter) in state.waiting {
        if case .task(let continuation, let waiting) = waiter, waiting === request {
          state.waiting[ticket] = nil
          return continuation
        }
      }
      return nil
    }
  }

  /// Notes that this thread's write is running, after a turn that was waited for suspended.
  func enter() {
    let thread = ObjectIdentifier(Thread.current)
    state.withLock { $0.writer = thread }
  }

  /// Ends a write and its turn, and hands the turn to the one who has waited longest.
  func end() {
    // Mostly nobody waits, and nothing is handed over.
    let isOver = state.withLock { state in
      state.writer = nil
      state.isTaken = !state.waiting.isEmpty
      return !state.isTaken
    }
    if !isOver { handOver() }
  }

  /// Hands the turn to the one who has waited longest, or to nobody if all have withdrawn.
  private func handOver() {
    let next = state.withLock { state -> Waiter? in
      let next = state.next()
      if next == nil { state.isTaken = false }
      return next
    }
    switch next {
    case .thread(let semaphore): semaphore.signal()
    case .task(let continuation, _): continuation.resume()
    case nil: break
    }
  }
}
