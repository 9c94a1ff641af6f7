import Benchmark

/// A case while it is measured: checks that all sides agree, decides on the rounds, and keeps the
/// times.
final class Trial {
  private let plan: Plan
  private let work: Case
  private var first: [Laps] = []
  private var laps: [[Laps]]
  /// Side *i* takes part in every `strides[i]`-th round.
  private var strides: [Int]
  private(set) var rounds = Trial.fewestRounds
  private var checksum: UInt64 = 0

  static let fewestRounds = 11
  static let mostRounds = 31
  /// A side that takes long takes part in fewer rounds, but in no fewer than this.
  static let fewestRoundsOfSlowSide = 3

  init(_ plan: Plan, _ world: World) throws {
    self.plan = plan
    work = try plan.make(world)
    laps = Array(repeating: [], count: work.sides.count)
    strides = Array(repeating: 1, count: work.sides.count)
  }

  /// Runs each side once and compares the answers.
  ///
  /// - Throws: `WrongAnswer` if a side answers otherwise than the first.
  func validate() throws {
    for (index, side) in work.sides.enumerated() {
      let (laps, answer) = try once(side)
      if index == 0 { checksum = answer }
      guard answer == checksum else {
        throw WrongAnswer(
          name: plan.name, first: work.sides[0].peer, expected: checksum, peer: side.peer,
          found: answer)
      }
      first.append(laps)
    }
  }

  /// Spreads the time for a case over its sides: fast ones take part in up to 31 rounds, slow ones in
  /// fewer, as `fewest` says.
  func schedule(seconds: Double) {
    let share = seconds * 1e9 / Double(work.sides.count)
    let wanted = first.indices.map { index in
      let block = first[index].block
      let affordable = min(Int(share / Double(max(block, 1))), Trial.mostRounds)
      return max(affordable, Trial.fewest(block: block, work.sides[index].peer))
    }
    rounds = wanted[0]
    strides = wanted.map { max(1, rounds / $0) }
  }

  /// The fewest rounds for a block that takes some time: eleven for Kith and the static CSR, three for
  /// the others and for blocks of more than five seconds, one for blocks of more than half a minute.
  private static func fewest(block: Int, _ peer: Peer) -> Int {
    if block > 30_000_000_000 { return 1 }
    return peer != .dictionary && peer != .sqlite && block < 5_000_000_000
      ? fewestRounds : fewestRoundsOfSlowSide
  }

  /// One round: each side in turn, another one first each time.
  func round(_ number: Int, _ benchmark: Benchmark) throws {
    for step in work.sides.indices {
      let index = (step + number) % work.sides.count
      if number % strides[index] != 0 { continue }
      let side = work.sides[index]
      let (times, answer) = try once(side)
      guard answer == checksum else {
        throw WrongAnswer(
          name: plan.name, first: work.sides[0].peer, expected: checksum, peer: side.peer,
          found: answer)
      }
      laps[index].append(times)
      benchmark.measurement(Trial.metric(side.peer), times.block / work.calls)
    }
  }

  private func once(_ side: Side) throws -> (Laps, UInt64) {
    try side.prepare()
    var times = Laps()
    let answer = try side.run(&times)
    return (times, answer)
  }

  var name: String { plan.name }

  static func metric(_ peer: Peer) -> BenchmarkMetric { .custom("\(peer.rawValue), ns a call") }

  /// The figures that stand beside the times.
  func findings() throws -> [Finding] {
    try work.findings().map {
      Finding(name: $0.name, graph: plan.graph.name, value: $0.value, unit: $0.unit)
    }
  }

  var result: Measurement {
    Measurement(
      operation: plan.operation, graph: plan.graph.name, sources: plan.sources,
      callsPerBlock: work.calls, joinedEdges: work.joinedEdges, countedEdges: work.countedEdges,
      checksum: String(checksum, radix: 16),
      sides: work.sides.indices.map {
        SideResult(work.sides[$0].peer, laps[$0], first: first[$0], calls: work.calls)
      })
  }
}

/// Nobody is faster by giving another answer.
struct WrongAnswer: Error, CustomStringConvertible {
  let name: String
  let first: Peer
  let expected: UInt64
  let peer: Peer
  let found: UInt64

  var description: String {
    """
    \(name): \(peer.rawValue) answers otherwise than \(first.rawValue): checksum \
    \(String(found, radix: 16)), expected \(String(expected, radix: 16))
    """
  }
}
