import Foundation
import Kith
import KithTestSupport

/// A program in which every call that can fail does, each in a run of its own.
struct FaultRun {
  private let world: World
  private let plan: FaultPlan
  private let store: GraphStore

  /// Runs a program, and looks after every failure whether the graph is as it was.
  static func run(_ program: Program, _ trial: inout Trial) throws {
    let plan = FaultPlan()
    try FaultPlan.$running.withValue(plan) {
      let world = World(program.shape)
      try world.run {
        let graph = Graph(try world.schema(), program.structures.geometry)
        let run = FaultRun(world: world, plan: plan, store: try GraphStore(graph))
        for (number, write) in program.writes.enumerated() {
          try run.failSteps(of: write, "write \(number + 1)", &trial)
          try run.failWrite(write, "write \(number + 1)", &trial)
        }
      }
    }
  }

  // MARK: Steps

  private typealias Change = (inout Graph) throws -> Void

  /// Lets each step of a write fail wherever it can.
  private func failSteps(
    of write: Program.Write, _ place: String, _ trial: inout Trial
  ) throws {
    var graph = store.snapshot
    for (number, step) in write.steps.enumerated() {
      let place = "\(place), step \(number + 1), \(world.shape.text(step))"
      for change in changes(of: step) { try fail(change, graph, place, &trial) }
      take(step, &graph)
    }
  }

  /// The ways to take a step: an insertion may also leave the key to the table.
  private func changes(of step: Step) -> [Change] {
    switch step {
    case .ask, .revert: return []
    case .insert(let table, let rows):
      guard rows.count == 1, let type = World.types[table] as? any NodeRow.Type else { break }
      return [
        { _ = try world.perform(step, &$0) }, { try world.insertNext(rows[0], type, &$0) },
      ]
    default: break
    }
    return [{ _ = try world.perform(step, &$0) }]
  }

  /// Lets a change fail at each call in turn.
  private func fail(
    _ change: Change, _ graph: Graph, _ place: String, _ trial: inout Trial
  ) throws {
    var whole = graph
    var isRefused = false
    let calls = plan.count {
      do { try change(&whole) } catch { isRefused = true }
    }
    let before = Condition(graph)
    if isRefused {
      trial.note("refused by itself")
      try trial.expect(Condition(whole) == before, "\(place) was refused, and left a trace")
    }
    for call in 0..<calls {
      trial.countStep()
      var copy = graph
      let error = thrown { try plan.fail(at: call) { try change(&copy) } }
      let place = "\(place), failing at call \(call)"
      try trial.expect(isPlanned(error), "\(place): \(error.map { "\($0)" } ?? "went on")")
      try trial.expect(Condition(copy) == before, "\(place) left a trace")
      try trial.expect(Kith.Change(from: graph, to: copy).isEmpty, "\(place) changed something")
    }
  }

  // MARK: Writes

  /// Lets a write fail wherever it can, at its end too, and then runs it.
  private func failWrite(
    _ write: Program.Write, _ place: String, _ trial: inout Trial
  ) throws {
    let (before, version) = (Condition(store.snapshot), store.version)
    var graph = store.snapshot
    let calls = plan.count { for step in write.steps { take(step, &graph) } }
    for call in 0...calls {
      trial.countStep()
      let error = thrown {
        try plan.fail(at: call) { try store.write { try takeAll(write, &$0) } }
      }
      let place = "\(place), failing at call \(call)"
      try trial.expect(isPlanned(error), "\(place): \(error.map { "\($0)" } ?? "went on")")
      try trial.expect(store.version, is: version, "\(place) published a version")
      try trial.expect(Condition(store.snapshot) == before, "\(place) left a trace")
    }
    if let error = thrown({ try store.write { graph in write.steps.forEach { take($0, &graph) } } })
    {
      trial.note("refused by the commit")
      try trial.expect(Fault(error) != nil, "\(place): \(error)")
      try trial.expect(Condition(store.snapshot) == before, "\(place) was refused, left a trace")
    }
    try store.snapshot.validate()
  }

  /// Takes the steps of a write until one fails by plan, and fails at the end if none did.
  private func takeAll(_ write: Program.Write, _ graph: inout Graph) throws {
    for step in write.steps {
      take(step, &graph)
      if plan.hasFailed { break }
    }
    throw FaultPlan.Planned()
  }

  /// Takes a step, which may be refused.
  private func take(_ step: Step, _ graph: inout Graph) {
    if case .revert = step { return graph = store.snapshot }
    _ = try? world.perform(step, &graph)
  }

  // MARK: Failures

  private func thrown(_ body: () throws -> Void) -> (any Error)? {
    do { try body() } catch { return error }
    return nil
  }

  private func isPlanned(_ error: (any Error)?) -> Bool {
    if case .failedCheck(let constraint, _, _)? = error as? GraphError {
      return constraint.hasSuffix("_planned")
    }
    return error is FaultPlan.Planned
  }
}

extension FaultRun {
  /// All that can be seen of a graph: its bytes, and what its own check finds wrong, which is nothing
  /// unless a deferred foreign key waits for its row.
  private struct Condition: Equatable {
    let bytes: Data
    let fault: GraphError?

    init(_ graph: Graph) {
      bytes = graph.encoded()
      do throws(GraphError) {
        try graph.validate()
        fault = nil
      } catch {
        fault = error
      }
    }
  }
}

extension Fault {
  /// What Kith refused; nil if it is nothing that a program may be refused for.
  fileprivate init?(_ error: any Error) {
    guard let error = error as? GraphError else { return nil }
    self.init(error)
  }
}
