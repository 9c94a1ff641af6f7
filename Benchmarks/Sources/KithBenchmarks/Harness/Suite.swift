import Benchmark
import Foundation

/// All that a run measures, in order, and what came of it so far.
///
/// Each plan becomes one benchmark of the package; one iteration of it is one round.
final class Suite {
  private let plans: [Plan]
  private let secondsPerCase: Double
  private var world: World?
  private var trial: Trial?
  private(set) var measurements: [Measurement] = []
  private(set) var loads: [Load] = []
  private(set) var findings: [Finding] = []
  private(set) var failure: String?
  private var done = 0
  /// Called when all of a graph is measured, so that hours of results do not hang on the last minute.
  var graphEnded: () -> Void = {}
  private var started = 0

  /// What loading a graph took.
  struct Load: Codable {
    let graph: String
    let recipe: String
    let users: Int
    let links: Int
    let seconds: [String: Double]
  }

  init(_ plans: [Plan], secondsPerCase: Double) {
    self.plans = plans
    self.secondsPerCase = secondsPerCase
  }

  /// Registers the plans and runs them.
  ///
  /// - Throws: What went wrong first; nothing is measured after that.
  func run() async throws {
    for plan in plans { register(plan) }
    var runner = try BenchmarkRunner.parse(["--quiet", "false"])
    try await runner.run()
    endWorld()
    if let failure { throw SuiteFailure(description: failure) }
    if done < plans.count { throw SuiteFailure(description: "the run ended before its end") }
  }

  private func register(_ plan: Plan) {
    var configuration = Benchmark.Configuration(
      metrics: Peer.allCases.map(Trial.metric), warmupIterations: 0,
      maxDuration: .seconds(100_000), maxIterations: Trial.fewestRounds)
    configuration.timeUnits = .nanoseconds
    var registered: Benchmark?
    registered = Benchmark(
      plan.name, configuration: configuration,
      closure: { [unowned self] (benchmark: Benchmark) in
        guard failure == nil, let trial else { return }
        attempt { try trial.round(benchmark.currentIteration, benchmark) }
      },
      setup: { [unowned self] in
        guard failure == nil else { return }
        attempt { try prepare(plan) }
        registered?.configuration.maxIterations = trial?.rounds ?? 1
      },
      teardown: { [unowned self] in finish() })
  }

  private func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      failure = failure ?? "\(error)"
      trial = nil
    }
  }

  private func prepare(_ plan: Plan) throws {
    started = nanoseconds()
    if world?.spec.name != plan.graph.name {
      endWorld()
      world = try World(plan.graph)
    }
    guard let world else { return }
    let trial = try Trial(plan, world)
    try trial.validate()
    trial.schedule(seconds: secondsPerCase)
    self.trial = trial
  }

  private func finish() {
    guard let trial, failure == nil else { return }
    measurements.append(trial.result)
    attempt { findings += try trial.findings() }
    let seconds = Format.figures(Double(nanoseconds() - started) / 1e9)
    Console.say("[\(done + 1)/\(plans.count)] \(trial.name): \(trial.rounds) rounds, \(seconds) s")
    self.trial = nil
    done += 1
  }

  private func endWorld() {
    guard let world else { return }
    loads.append(
      Load(
        graph: world.spec.name, recipe: world.spec.recipe, users: world.links.ids.count,
        links: world.links.count,
        seconds: Dictionary(
          uniqueKeysWithValues: world.loadTimes.map { ($0.key.rawValue, $0.value) })))
    self.world = nil
    if failure == nil { graphEnded() }
  }
}

/// Why a run gave no results.
struct SuiteFailure: Error, CustomStringConvertible {
  let description: String
}
