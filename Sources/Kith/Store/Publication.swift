import Foundation
import KithCore

/// The graph that everybody reads, and those who want to hear of the next.
///
/// The version before it is kept until the next write, if it has few pages of its own: who lets go of
/// a version last has to free them, and that should be a writer, and not a reader who happened to be
/// at it.
final class Publication: Sendable {
  private let current: Locked<Versions>
  private let listeners = Locked(Listeners())
  private let queue = DispatchQueue(label: "kith.publication")

  private struct Versions {
    /// Nil if the store's folder has had other tables than its schema since it was opened.
    var graph: Graph?
    var superseded: Graph?
    /// Whether the folder has other tables now.
    var isWithdrawn = false
  }

  private struct Listeners {
    var changes: [Int: AsyncStream<Change>.Continuation] = [:]
    var signals: [Int: AsyncStream<Void>.Continuation] = [:]
    var last = 0
    /// Whether signals are about to be given on another thread.
    var isSignalling = false
    var isFinished = false

    var isEmpty: Bool { changes.isEmpty && signals.isEmpty }

    mutating func number() -> Int {
      last += 1
      return last
    }
  }

  /// - Parameter graph: The graph to start with; nil if there is none before a migration.
  init(_ graph: Graph?) {
    current = Locked(Versions(graph: graph))
  }

  /// The graph as the last write left it.
  ///
  /// - Precondition: There is one.
  var graph: Graph {
    guard let graph = current.withLock({ $0.graph }) else {
      preconditionFailure(
        "the store's folder has other tables than its schema: before anything is read, "
          + "try store.migrations.upgrade()")
    }
    return graph
  }

  /// The graph as the last write left it, or nil if the store's folder has other tables now.
  var readable: Graph? { current.withLock { $0.isWithdrawn ? nil : $0.graph } }

  /// Notes that the store's folder has other tables now. Values that follow the graph come to their end;
  /// readers, who can't know, have the graph that there was.
  func withdraw() {
    replace(with: current.withLock { Versions(graph: $0.graph, isWithdrawn: true) })
  }

  /// Puts a new graph in the place of the one before it, and tells those who listen.
  func publish(_ graph: Graph, after before: Graph) {
    let kept = graph.differsLittle(from: before) ? before : nil
    let freed = current.withLock { versions in
      let freed = versions.superseded
      versions = Versions(graph: graph, superseded: kept)
      return freed
    }
    // Freed here, when nobody waits for the lock.
    withExtendedLifetime(freed) {}
    let told = listeners.withLock { $0.isEmpty ? nil : $0 }
    guard let told else { return }
    for listener in told.changes.values { listener.yield(Change(from: before, to: graph)) }
    if told.signals.count <= Publication.fewSignals {
      for listener in told.signals.values { listener.yield() }
    } else {
      signalLater()
    }
  }

  /// How many signals a writer gives itself.
  private static let fewSignals = 8

  /// Gives signals on another thread: no writer waits for hundreds. Those for graphs that come meanwhile are
  /// one.
  private func signalLater() {
    let isNew = listeners.withLock { listeners in
      defer { listeners.isSignalling = true }
      return !listeners.isSignalling
    }
    guard isNew else { return }
    queue.async { [weak self] in
      let signals = self?.listeners.withLock { listeners in
        listeners.isSignalling = false
        return listeners.signals
      }
      for listener in (signals ?? [:]).values { listener.yield() }
    }
  }

  /// Puts a graph in the place of one that says the same in another order. Values that follow the graph
  /// are computed again; there is no change to tell.
  func exchange(for graph: Graph) { replace(with: Versions(graph: graph)) }

  /// Puts other versions in the place of these, and wakes those who follow the graph.
  private func replace(with others: Versions) {
    let freed = current.withLock { versions in
      defer { versions = others }
      return versions
    }
    // Freed here, when nobody waits for the lock.
    withExtendedLifetime(freed) {}
    for listener in listeners.withLock({ $0.signals.values }) { listener.yield() }
  }

  /// Every change from now on.
  func changes() -> AsyncStream<Change> {
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    add(continuation, to: \.changes)
    return stream
  }

  /// A signal for each graph that is published from now on; signals that nobody has taken yet are
  /// one.
  func signals() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    add(continuation, to: \.signals)
    return stream
  }

  /// Ends all sequences, now and later.
  func finish() {
    let ended = listeners.withLock { listeners in
      listeners.isFinished = true
      return listeners
    }
    for listener in ended.changes.values { listener.finish() }
    for listener in ended.signals.values {
      // The last graph is seen, too.
      if ended.isSignalling { listener.yield() }
      listener.finish()
    }
  }

  private func add<Element>(
    _ continuation: AsyncStream<Element>.Continuation,
    to list: any WritableKeyPath<Listeners, [Int: AsyncStream<Element>.Continuation]> & Sendable
  ) {
    let number = listeners.withLock { listeners -> Int? in
      if listeners.isFinished { return nil }
      let number = listeners.number()
      listeners[keyPath: list][number] = continuation
      return number
    }
    guard let number else { return continuation.finish() }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0[keyPath: list].removeValue(forKey: number) }
    }
  }
}
