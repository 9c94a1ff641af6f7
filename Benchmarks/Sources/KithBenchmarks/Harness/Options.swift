import Foundation

/// What the command line asks for.
struct Options {
  var isShort = false
  var checks = false
  var saves = false
  var lists = false
  /// An edge list to measure instead of the generated graphs.
  var graph: String?
  /// Only plans whose name has one of these in it; all if empty.
  var filters: [String] = []
  var output: String
  var thresholds: String
  /// How long a case is measured, beside its first round.
  var seconds = 8.0
  /// The side of which a round is run for a profiler, and nothing else; nil to measure all.
  var counted: Peer?
  /// What the files of the report begin with.
  var name = "full"
  let package: String

  static let usage = """
    usage: Benchmarks/run [options]
      --short           small graphs, about a minute
      --check           compare with Benchmarks/thresholds.json; exit 1 if a threshold is broken
      --graph FILE      measure an edge list instead of generated graphs (or KITH_GRAPH=FILE)
      --filter TEXT     only operations whose name, graph or sources have TEXT in them; may be repeated
      --seconds NUMBER  how long a case is measured, beside its check: 8, or 0.3 with --short
      --name NAME       what the report's files begin with; full, or short with --short
      --output FOLDER   where the report goes; Benchmarks/.build/results without it
      --save            put the report into Benchmarks/Results
      --thresholds FILE other thresholds than Benchmarks/thresholds.json
      --counted SIDE    run a round of one side for a profiler, as Benchmarks/count asks for
      --list            say what would be measured, and do nothing
    """

  /// - Throws: `UsageError` if an argument is unknown or has no value.
  init(_ arguments: [String], _ environment: [String: String]) throws {
    package = environment["KITH_BENCHMARKS"] ?? "Benchmarks"
    output = "\(package)/.build/results"
    thresholds = "\(package)/thresholds.json"
    graph = environment["KITH_GRAPH"].flatMap { $0.isEmpty ? nil : $0 }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--short": (isShort, seconds, name) = (true, 0.3, "short")
      case "--check": checks = true
      case "--save": saves = true
      case "--list": lists = true
      case "--graph": graph = try Options.value(argument, &rest)
      case "--filter": filters.append(try Options.value(argument, &rest))
      case "--seconds":
        guard let number = Double(try Options.value(argument, &rest)), number > 0 else {
          throw UsageError(argument: argument)
        }
        seconds = number
      case "--counted":
        guard let peer = Peer(rawValue: try Options.value(argument, &rest)) else {
          throw UsageError(argument: argument)
        }
        counted = peer
      case "--name": name = try Options.value(argument, &rest)
      case "--output": output = try Options.value(argument, &rest)
      case "--thresholds": thresholds = try Options.value(argument, &rest)
      default: throw UsageError(argument: argument)
      }
    }
    if saves { output = "\(package)/Results" }
  }

  private static func value(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws -> String {
    guard let value = rest.popFirst() else { throw UsageError(argument: argument) }
    return value
  }
}

/// An argument that the command does not take, or one without its value.
struct UsageError: Error {
  let argument: String
}
