/// One round of one side, for a profiler that counts: what `Benchmarks/count` runs.
enum Counting {
  /// Does the block of the first plan twice, and the second time where a profiler can find it.
  ///
  /// - Throws: `SuiteFailure` if there is no plan, or the side has no part in it.
  static func run(_ plans: [Plan], _ peer: Peer) throws {
    defer { TemporaryFolder.removeAll() }
    guard let plan = plans.first else {
      throw SuiteFailure(description: "no operation has this in its name")
    }
    let work = try plan.make(try World(plan.graph, asking: peer))
    guard let side = work.sides.first(where: { $0.peer == peer }) else {
      throw SuiteFailure(description: "\(peer.rawValue) has no part in \(plan.name)")
    }
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
