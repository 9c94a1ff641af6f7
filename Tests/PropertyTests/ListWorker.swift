import Foundation
import Kith
import KithTestSupport

/// Runs random transactions on lists, and notes what they saw.
struct ListWorker: Sendable {
  let lists: AppendOnlyLists
  let clock: Ticks
  let number: Int
  let seed: UInt64

  private typealias Call = AppendOnlyLists.Call
  private struct Dropped: Error {}

  /// A transaction before it runs.
  private enum Plan: Sendable {
    case write([AppendOnlyLists.Call])
    case snapshot([AppendOnlyLists.Call])
    /// Reads a snapshot, and then writes if nobody else has.
    case expecting(reads: [AppendOnlyLists.Call], writes: [AppendOnlyLists.Call])
    case dropped([AppendOnlyLists.Call])
    /// Goes back to how the graph was before the middle.
    case reverted([AppendOnlyLists.Call], middle: [AppendOnlyLists.Call], [AppendOnlyLists.Call])

    var expects: Bool { if case .expecting = self { true } else { false } }
  }

  // MARK: Running

  /// Runs transactions on a thread of their own, where writers wait and block it.
  func runOnThread(_ count: Int) async throws -> [History.Transaction] {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try runHere(count) })
      }
    }
  }

  private func runHere(_ count: Int) throws -> [History.Transaction] {
    try plans(count).flatMap { plan in
      let start = clock.next()
      return transactions(plan, try outcome(of: plan), start..<clock.next())
    }
  }

  /// Runs transactions in a task, where writers wait suspended.
  func run(_ count: Int) async throws -> [History.Transaction] {
    var all: [History.Transaction] = []
    for plan in plans(count) {
      let start = clock.next()
      let steps = try await outcome(of: plan)
      all += transactions(plan, steps, start..<clock.next())
    }
    return all
  }

  /// What a transaction did and saw; nil if it was not committed.
  private func outcome(of plan: Plan) throws -> [History.Step]? {
    if let steps = try snapshotOutcome(of: plan) { return steps }
    let snapshot = lists.store.snapshot
    do {
      return try lists.store.write(expecting: plan.expects ? snapshot.version : nil) {
        try perform(plan, snapshot, &$0)
      }
    } catch {
      if isExpected(error) { return nil }
      throw error
    }
  }

  private func outcome(of plan: Plan) async throws -> [History.Step]? {
    if let steps = try snapshotOutcome(of: plan) { return steps }
    let snapshot = lists.store.snapshot
    do {
      return try await lists.store.write(expecting: plan.expects ? snapshot.version : nil) {
        try perform(plan, snapshot, &$0)
      }
    } catch {
      if isExpected(error) { return nil }
      throw error
    }
  }

  private func snapshotOutcome(of plan: Plan) throws -> [History.Step]? {
    guard case .snapshot(let calls) = plan else { return nil }
    return try lists.perform(calls, reading: lists.store.snapshot)
  }

  private func isExpected(_ error: any Error) -> Bool {
    if case .conflict? = error as? GraphError { return true }
    return error is Dropped
  }

  private func perform(
    _ plan: Plan, _ snapshot: Graph, _ graph: inout Graph
  ) throws -> [History.Step] {
    switch plan {
    case .write(let calls): return try lists.perform(calls, in: &graph)
    case .snapshot: return []
    case .expecting(let reads, let writes):
      return try lists.perform(reads, reading: snapshot) + lists.perform(writes, in: &graph)
    case .dropped(let calls):
      _ = try lists.perform(calls, in: &graph)
      throw Dropped()
    case .reverted(let first, let middle, let last):
      let steps = try lists.perform(first, in: &graph)
      let savepoint = graph
      _ = try lists.perform(middle, in: &graph)
      graph = savepoint
      return try steps + lists.perform(last, in: &graph)
    }
  }

  /// What is noted of a transaction: what it took back is one of its own, which was not committed.
  private func transactions(
    _ plan: Plan, _ steps: [History.Step]?, _ time: Range<Int>
  ) -> [History.Transaction] {
    func dropped(_ calls: [Call]) -> History.Transaction {
      let appended = calls.compactMap { call -> History.Step? in
        if case .append(let value, let list) = call { .append(value, to: list) } else { nil }
      }
      return History.Transaction(appended, isCommitted: false, time: time)
    }
    let committed = steps.map { [History.Transaction($0, time: time)] }
    return switch plan {
    case .write, .snapshot: committed ?? []
    case .expecting(_, let writes): committed ?? [dropped(writes)]
    case .dropped(let calls): [dropped(calls)]
    case .reverted(_, let middle, _): (committed ?? []) + [dropped(middle)]
    }
  }

  // MARK: Plans

  private func plans(_ count: Int) -> [Plan] {
    var random = SplitMix64(seed: seed)
    var value = number * 1_000_000
    func calls(appends percent: Int) -> [Call] {
      (0..<1 + random.number(below: 4)).map { _ in
        let list = random.number(below: AppendOnlyLists.count)
        value += 1
        return random.chance(percent) ? .append(value, to: list) : .read(list)
      }
    }
    return (0..<count).map { _ in
      switch random.number(below: 10) {
      case 0: .dropped(calls(appends: 60))
      case 1: .reverted(calls(appends: 50), middle: calls(appends: 80), calls(appends: 50))
      case 2, 3: .expecting(reads: calls(appends: 0), writes: calls(appends: 100))
      case 4, 5, 6: .snapshot(calls(appends: 0))
      default: .write(calls(appends: 50))
      }
    }
  }
}
