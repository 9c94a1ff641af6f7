import Kith
import KithCore
import KithTestSupport

/// A program that runs on a store of Kith and on the naive one.
struct ProgramRun {
  private let world: World
  private let store: GraphStore
  private var model: NaiveStore
  private var held: [(graph: Graph, model: NaiveStore)] = []
  private var pages = HeldPages()

  /// Runs a program, and compares both stores all the way.
  static func run(_ program: Program, _ trial: inout Trial) throws {
    let world = World(program.shape)
    try world.run {
      var run = try ProgramRun(world, program.structures)
      for (number, write) in program.writes.enumerated() {
        let isLast = number == program.writes.count - 1
        try run.write(write, number: number + 1, isThorough: isLast || number % 5 == 4, &trial)
      }
      for (number, pair) in run.held.enumerated() {
        try world.compare(pair.graph, pair.model, "snapshot \(number + 1), held", &trial)
      }
    }
  }

  private init(_ world: World, _ structures: Program.Structures) throws {
    self.world = world
    store = try GraphStore(Graph(world.schema(), structures.geometry))
    model = NaiveStore(world.shape)
  }

  private struct Dropped: Error {}

  /// Runs a write, which is refused in the end if a deferred foreign key refers to nothing.
  ///
  /// All links are compared, and Kith's own check is run, only if it is to be thorough.
  private mutating func write(
    _ write: Program.Write, number: Int, isThorough: Bool, _ trial: inout Trial
  ) throws {
    let place = "write \(number)"
    let (before, modelBefore) = (store.snapshot, model)
    var run = StepRun(world: world, beginning: before, model: model, trial: trial)
    do {
      try store.write { graph in
        for (number, step) in write.steps.enumerated() {
          try run.perform(step, &graph, "\(place), step \(number + 1)")
        }
        if isThorough {
          try world.compare(graph, run.model, "\(place), before its end", &run.trial)
        }
        if write.isDropped { throw Dropped() }
      }
      trial = run.trial
      try trial.expect(run.model.isComplete, "\(place) was published with a dangling foreign key")
      model = run.model
    } catch is Dropped {
      trial = run.trial
      trial.note("write: dropped")
    } catch let error as GraphError {
      trial = run.trial
      try trial.expect(
        Fault(error).map { run.model.danglingFaults.contains($0) } ?? false,
        "\(place) was refused: \(error)")
      trial.note("write: refused at its end")
    }
    let graph = store.snapshot
    if isThorough {
      try world.compare(graph, model, "\(place), after its end", &trial)
      try graph.validate()
    } else {
      try world.compareRows(graph, model, "\(place), after its end", &trial)
    }
    try world.compareChange(
      Change(from: before, to: graph), NaiveDifference(from: modelBefore, to: model), place, &trial)
    if write.isHeld { held.append((graph, model)) }
    if graph.version > before.version {
      for side in write.compactions { pages.noteCompaction(reordering: side != nil) }
    }
    try pages.compare(graph, model, world, place, &trial)
    for case .ask(.rows(let search, let size)) in write.steps {
      pages.hold(search, size: size, graph, model, world)
    }
  }
}

extension Program.Write {
  /// The links along which all is made anew, or nil, for each such step that no later one takes back.
  fileprivate var compactions: [NaiveStore.Side?] {
    steps.reduce(into: []) { compactions, step in
      switch step {
      case .compact(let side): compactions.append(side)
      case .revert: compactions = []
      default: break
      }
    }
  }
}

extension Program.Structures {
  /// The sizes, as Kith is told them.
  var geometry: Geometry {
    switch self {
    case .standard: .standard
    case .tiny: Geometry(runs: .tiny, slots: .tiny, ranks: .tiny)
    case .colliding: Geometry(runs: .tiny, slots: .tiny, ranks: .tiny) { .worst }
    }
  }
}

extension RunGeometry {
  fileprivate static let tiny = RunGeometry(
    pageShift: 1, nodeShift: 1, longestRun: 3, leafCapacity: 4)
}

extension HashGeometry {
  fileprivate static let tiny = HashGeometry(standardCapacity: 4, nodeShift: 1)
}

extension Fault {
  /// What Kith refused; nil if it is nothing that the naive store refuses.
  init?(_ error: GraphError) {
    switch error {
    case .duplicateKey(let constraint, let table, let key):
      self.init(.duplicateKey, constraint, table, key)
    case .missingReference(let constraint, let table, let key):
      self.init(.missingReference, constraint, table, key)
    case .restrictedDelete(let constraint, let table, let key):
      self.init(.restrictedDelete, constraint, table, key)
    case .failedCheck(let constraint, let table, let key):
      self.init(.failedCheck, constraint, table, key)
    case .valueTooLong(let constraint, let table, let key, _):
      self.init(.valueTooLong, constraint, table, key)
    case .notFound(let table, let key): self.init(.notFound, "", table, key)
    default: return nil
    }
  }
}
