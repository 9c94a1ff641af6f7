import Kith
import KithTestSupport
import Testing

/// Programs of about 135 steps each: a million steps in a release build.
private let programs = effort(release: 7_600, debug: 120)

@Suite struct `A random program over a random schema` {
  /// Four parts run at once, where there are cores for them.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func `says on Kith what it says on the naive store`(part: UInt64) {
    var property = Property(
      "programs", for: Program.generator(writes: 40), cases: programs / 4
    ) { program, trial in
      try ProgramRun.run(program, &trial)
    }
    property.failedSeeds = FailedSeeds.programs
    property.demands = [
      "ask: join": 0.5, "ask: rows": 0.5, "ask: several paths": 0.2, "compact": 0.1,
      "compact: along links": 0.08, "cursor: goes on": 0.25, "cursor: refused": 0.05,
      "delete: cascade": 0.2, "delete: set to nil": 0.05, "load": 0.3,
      "refused: restrictedDelete": 0.2, "revert": 0.3, "structures: colliding": 0.1,
      "structures: tiny": 0.1, "update: key": 0.5, "write: refused at its end": 0.15,
    ]
    check(property, part: part)
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
