import Kith
import KithTestSupport
import Testing

/// How many programs fail at every call, of which there are about 300 in each.
private let programs = effort(release: 40, debug: 16)

@Suite struct `A change that fails` {
  /// At every check, closure and commit of a program in turn.
  @Test(arguments: 0..<2 as Range<UInt64>)
  func `leaves the graph as it was, wherever it fails`(part: UInt64) {
    var property = Property(
      "faults", for: Program.generator(writes: 8), cases: programs / 2
    ) { program, trial in
      try FaultRun.run(program, &trial)
    }
    property.demands = ["refused by itself": 0.5, "refused by the commit": 0.1]
    check(property, part: part)
  }
}
