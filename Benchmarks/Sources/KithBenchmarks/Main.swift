import Foundation

@main
struct Main {
  static func main() async {
    do {
      let process = ProcessInfo.processInfo
      let options = try Options(Array(process.arguments.dropFirst()), process.environment)
      // Before signals are waited for, which some profilers don't bear.
      if let peer = options.counted { return try Counting.run(Catalogue.plans(options), peer) }
      let interruption = TemporaryFolder.removeAllWhenInterrupted()
      defer { interruption.cancel() }
      let holds = try await run(options)
      TemporaryFolder.removeAll()
      exit(holds ? 0 : 1)
    } catch let error as UsageError {
      Console.say(error.argument == "--help" ? "" : "can't read \(error.argument)\n")
      Console.say(Options.usage)
      exit(2)
    } catch {
      Console.say("benchmarks: \(error)")
      TemporaryFolder.removeAll()
      exit(1)
    }
  }

  /// - Returns: Whether all thresholds hold, or none were to be checked.
  static func run(_ options: Options) async throws -> Bool {
    let plans = Catalogue.plans(options)
    if options.lists {
      for plan in plans { print(plan.name) }
      return true
    }
    try FileManager.default.createDirectory(
      atPath: options.output, withIntermediateDirectories: true)
    let suite = Suite(plans, secondsPerCase: options.seconds)
    let environment = Environment(options)
    suite.graphEnded = { [unowned suite] in
      try? Report(environment, suite).write(to: options.output)
    }
    let restore = Console.divert(to: "\(options.output)/histograms.txt")
    try await suite.run()
    restore()
    let report = Report(environment, suite)
    print(report.text)
    try report.write(to: options.output)
    return options.checks ? try Thresholds(path: options.thresholds).check(report) : true
  }
}
