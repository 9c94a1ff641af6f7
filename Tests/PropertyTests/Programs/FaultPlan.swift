import KithCore

/// Where a change of a graph fails: at the n-th call of a check, or of a closure that the change was
/// given.
///
/// A first run counts the calls, and each further one fails at another of them.
final class FaultPlan: Sendable {
  /// The plan of the program that this task runs; nil where nothing is planned.
  @TaskLocal static var running: FaultPlan?

  /// What a closure throws that fails by plan.
  struct Planned: Error {}

  private struct State {
    var calls = 0
    var failing = Int.max
  }

  private let state = Locked(State())

  /// Runs a closure in which nothing fails by plan, and returns how many calls could have.
  func count(_ body: () throws -> Void) rethrows -> Int {
    try fail(at: .max, body)
    return state.withLock { $0.calls }
  }

  /// Runs a closure in which a call fails; the first is 0.
  func fail(at call: Int, _ body: () throws -> Void) rethrows {
    state.withLock { $0 = State(failing: call) }
    defer { state.withLock { $0.failing = .max } }
    try body()
  }

  /// Whether the call has come that fails.
  var hasFailed: Bool { state.withLock { $0.calls > $0.failing } }

  /// Whether a check that is called now passes.
  func passes() -> Bool {
    state.withLock { state in
      state.calls += 1
      return state.calls - 1 != state.failing
    }
  }

  /// Throws from the closure that calls this, if it is to fail.
  static func pass() throws {
    if let plan = running, !plan.passes() { throw Planned() }
  }
}
