/// One round of one side, for a profiler that counts: what `Benchmarks/count` runs.
enum Counting {
  /// Does the block of a plan twice, and the second time where a profiler can find it.
  static func run(_ plan: Plan, _ peer: Peer) throws {
    let work = try plan.make(try World(plan.graph, asking: peer))
    guard let side = work.sides.first(where: { $0.peer == peer }) else { return }
    var laps = Laps()
    try side.prepare()
    _ = try side.run(&laps)
    try side.prepare()
    try countedRound(side)
    print("\(work.calls)\t\(plan.name)")
  }
}

/// The round that is counted. The profiler knows it by name.
@inline(never)
private func countedRound(_ side: Side) throws {
  var laps = Laps()
  _ = try side.run(&laps)
}
