import Kith
import KithTestSupport
import Testing

@Suite struct `A random program over a random schema` {
  @Test func `says on Kith what it says on the naive store`() {
    var property = Property(
      "programs", for: Program.generator(writes: 40), cases: 400
    ) { program, trial in
      try ProgramRun.run(program, &trial)
    }
    property.failedSeeds = FailedSeeds.programs
    check(property)
  }
}

@Suite struct `A random schema` {
  @Test func `is refused if no row could ever be inserted, or a rule can't be kept`() {
    let property = Property("schemas", for: Shape.any, cases: 1_000) { shape, trial in
      try World(shape).run {
        var faults: [String] = []
        do throws(GraphError) {
          _ = try World.current.schema()
        } catch {
          guard case .schemaFaults(let found) = error else { throw error }
          faults = found
        }
        trial.note(faults.isEmpty ? "accepted" : "refused")
        try trial.expect(
          faults.contains { $0.contains("need each other") }, is: shape.isStuck, "\(faults)")
        try trial.expect(
          faults.contains { $0.contains("set to nil") }, is: shape.emptiesRequired, "\(faults)")
        try trial.expect(
          faults.isEmpty, is: !shape.isStuck && !shape.emptiesRequired, "\(faults)")
      }
    }
    check(property)
  }
}
