import Foundation
import KithCore

/// Lets writers in one at a time, in the order in which they came: threads that wait, and tasks that
/// are suspended meanwhile.
///
/// A task whose turn has come needs a thread to run on, of which tasks have as many as there are cores.
/// If all of these wait for turns themselves, the task would never begin. So a thread that has waited
/// for a while takes a turn that was offered to a task and not begun; the task queues up again.
final class WriterTurns: Sendable {
  private let state = Locked(State())
  /// How long a thread waits before it takes a turn that a task does not begin.
  private static let patience = DispatchTimeInterval.milliseconds(100)

  private struct State {
    var isTaken = false
    /// The task that has been offered the turn, until it begins.
    var offered: Request?
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

    /// Requires that the write of a thread is not running, whose end the thread would wait for.
    func requireOutside(_ thread: ObjectIdentifier) {
      precondition(
        writer != thread,
        "a write inside a write of the same store would wait for itself: change the graph that the "
          + "outer write gives")
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
    let place = state.withLock { state -> (ticket: UInt64, semaphore: DispatchSemaphore)? in
      state.requireOutside(thread)
      if !state.isTaken {
        state.isTaken = true
        state.writer = thread
        return nil
      }
      let (ticket, semaphore) = (state.ticket(), DispatchSemaphore(value: 0))
      state.waiting[ticket] = .thread(semaphore)
      return (ticket, semaphore)
    }
    guard let place else { return }
    while place.semaphore.wait(timeout: .now() + WriterTurns.patience) == .timedOut {
      if takeOffer(place.ticket) { break }
    }
    state.withLock { $0.writer = thread }
  }

  /// Requires that the write of this thread is not running, before it waits for anything that may wait for
  /// that.
  func requireOutside() {
    let thread = ObjectIdentifier(Thread.current)
    state.withLock { $0.requireOutside(thread) }
  }

  /// Takes a turn that was offered to a task and not begun, for a thread that waits; false if there is
  /// none, or the thread has just been given a turn of its own.
  private func takeOffer(_ ticket: UInt64) -> Bool {
    state.withLock { state in
      guard state.offered != nil, state.waiting.removeValue(forKey: ticket) != nil else {
        return false
      }
      state.offered = nil
      return true
    }
  }

  /// Waits for a turn, suspended.
  ///
  /// - Throws: `CancellationError` if the task is cancelled before its turn comes.
  func beginLater() async throws {
    let request = Request()
    repeat { try await waitForOffer(request) } while !begin(request)
  }

  /// Begins a turn that was offered; false if a thread has taken it.
  private func begin(_ request: Request) -> Bool {
    state.withLock { state in
      guard state.offered === request else { return false }
      state.offered = nil
      return true
    }
  }

  private func waitForOffer(_ request: Request) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isTurn = state.withLock { state -> Bool? in
          if Task.isCancelled { return nil }
          if state.isTaken {
            state.waiting[state.ticket()] = .task(continuation, request)
            return false
          }
          state.isTaken = true
          state.offered = request
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
      if case .task(_, let request) = next { state.offered = request }
      return next
    }
    switch next {
    case .thread(let semaphore): semaphore.signal()
    case .task(let continuation, _): continuation.resume()
    case nil: break
    }
  }
}
