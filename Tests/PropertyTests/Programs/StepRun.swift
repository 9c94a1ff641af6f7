import Kith
import KithTestSupport

/// The steps of one write on a graph and on the naive store.
struct StepRun {
  let world: World
  /// The graph as the write began.
  let beginning: Graph
  private let modelBeginning: NaiveStore
  var model: NaiveStore
  var trial: Trial

  init(world: World, beginning: Graph, model: NaiveStore, trial: Trial) {
    self.world = world
    self.beginning = beginning
    modelBeginning = model
    self.model = model
    self.trial = trial
  }

  private typealias Returned = NaiveStore.Returned

  /// Takes a step on both, and compares what they say.
  mutating func perform(_ step: Step, _ graph: inout Graph, _ place: String) throws {
    trial.countStep()
    switch step {
    case .ask(let question):
      return try world.ask(question, graph, model, place, &trial)
    case .revert:
      (graph, model) = (beginning, modelBeginning)
      return trial.note("revert")
    default: break
    }
    let (before, modelBefore) = (graph, model)
    let shape = world.shape
    func text(_ said: String) -> String { "\(place): \(shape.text(step))\(said)" }
    let expected: Returned
    do throws(Refusal) {
      expected = try model.perform(step)
    } catch {
      return try refuse(step, error, &graph, before, text)
    }
    do {
      let returned = try world.perform(step, &graph)
      try trial.expect(returned, is: expected, text(", returned"))
    } catch let error as GraphError {
      try trial.expect(false, text(" was refused: \(error)"))
    }
    note(step, modelBefore)
  }

  private mutating func refuse(
    _ step: Step, _ refusal: Refusal, _ graph: inout Graph, _ before: Graph,
    _ text: (String) -> String
  ) throws {
    var expected: String { refusal.faults.map(\.description).joined(separator: " or ") }
    do {
      _ = try world.perform(step, &graph)
    } catch let error as GraphError {
      try trial.expect(
        Fault(error).map { refusal.faults.contains($0) } ?? false,
        text("\n  expected \(expected)\n  found    \(Fault(error)?.description ?? "\(error)")"))
      try trial.expect(
        Change(from: before, to: graph).isEmpty, text(" was refused, and changed something"))
      return trial.note("refused: \(refusal.faults[0].kind.rawValue)")
    }
    try trial.expect(false, text(" was not refused: \(expected)"))
  }

  /// Notes what a step did that a generator might cease to bring about.
  private mutating func note(_ step: Step, _ before: NaiveStore) {
    let tables = model.shape.tables.indices
    let gone = tables.reduce(0) { $0 + before.rows[$1].count - model.rows[$1].count }
    switch step {
    case .delete:
      if gone > 1 { trial.note("delete: cascade") }
      let stay = tables.contains { table in
        before.rows[table].contains { old in
          model.rows[table].contains { $0.serial == old.serial && $0.values != old.values }
        }
      }
      if stay { trial.note("delete: set to nil") }
    case .update(let table, let key, _):
      if before.find(table, key) != nil, model.find(table, key) == nil { trial.note("update: key") }
    case .load: trial.note("load")
    case .compact(let side): trial.note(side == nil ? "compact" : "compact: along links")
    default: break
    }
  }
}
