import Foundation

/// Where and how a run was made.
struct Environment: Codable {
  let date: String
  let commit: String
  let processor: String
  let cores: Int
  let memory: String
  let system: String
  let swift: String
  let flags: String
  let mode: String
  let rounds: String
  let seeds: String
  let peers: [String: String]

  init(_ options: Options) {
    let process = ProcessInfo.processInfo
    let variables = process.environment
    date = ISO8601DateFormatter().string(from: Date())
    commit = variables["KITH_COMMIT"] ?? "unknown"
    swift = variables["KITH_SWIFT"] ?? "unknown"
    processor = Environment.processor
    cores = process.processorCount
    memory = "\(process.physicalMemory >> 30) GiB"
    system = process.operatingSystemVersionString
    flags =
      "swift build -c release (-O, no -Ounchecked), one thread unless an operation says otherwise"
    mode = options.name
    rounds = """
      \(Trial.fewestRounds) to \(Trial.mostRounds), sides in rotated order; Dictionary and SQLite, where \
      slow, take part in every k-th round and in \(Trial.fewestRoundsOfSlowSide) at least; blocks over \
      5 s in 3 rounds, over 30 s in one; about \(options.seconds) s a case beside its check; calls of \
      nanoseconds timed in parts of \(Side.partSize)
      """
    seeds = "graphs as stated with each; sources \(SourceClass.seed); pairs 23"
    peers = Dictionary(
      uniqueKeysWithValues: Peer.allCases.map { ($0.rawValue, $0.configuration) })
  }

  private static var processor: String {
    let info = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = info?.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown"
  }

  /// The facts as lines of a name and a value.
  var lines: [(name: String, value: String)] {
    [
      ("date", date), ("commit", commit), ("processor", "\(processor), \(cores) cores, \(memory)"),
      ("system", system), ("swift", swift), ("flags", flags), ("run", mode), ("rounds", rounds),
      ("seeds", seeds),
    ] + Peer.allCases.map { ($0.rawValue, peers[$0.rawValue] ?? "") }
  }
}
