import Foundation

/// What a run must reach: ratios to peers at least, counts at most.
struct Thresholds: Codable {
  let ratios: [Ratio]
  let bounds: [Bound]

  /// The least that Kith's speed divided by that of each peer may be; a peer that is not named is not
  /// looked at.
  struct Ratio: Codable {
    let operation: String
    let graph: String
    let sources: String
    let atLeast: [String: Double]
  }

  /// The most that a counted figure may be.
  struct Bound: Codable {
    let name: String
    let graph: String
    let atMost: Double
  }

  init(ratios: [Ratio], bounds: [Bound]) {
    self.ratios = ratios
    self.bounds = bounds
  }

  init(path: String) throws {
    self = try JSONDecoder().decode(
      Thresholds.self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// Says which thresholds a run breaks, and by how much; one that has no result is broken too.
  func broken(by report: Report) -> [String] {
    ratios.flatMap { broken($0, report) } + bounds.compactMap { broken($0, report) }
  }

  private func broken(_ ratio: Ratio, _ report: Report) -> [String] {
    let name = [ratio.operation, ratio.graph, ratio.sources].filter { !$0.isEmpty }
      .joined(separator: ", ")
    let result = report.measurements.first {
      $0.operation == ratio.operation && $0.graph == ratio.graph && $0.sources == ratio.sources
    }
    guard let result else { return ["\(name): no result"] }
    return ratio.atLeast.sorted { $0.key < $1.key }.compactMap { peer, least in
      guard let found = Peer(rawValue: peer).flatMap({ result.bestRatio(to: $0) }) else {
        return "\(name): no result for \(peer)"
      }
      if found >= least { return nil }
      return """
        \(name): \(Format.figures(found)) times \(peer), must be \(Format.figures(least)); \
        that is \(Format.figures((1 - found / least) * 100)) % too slow
        """
    }
  }

  private func broken(_ bound: Bound, _ report: Report) -> String? {
    let result = report.findings.first { $0.name == bound.name && $0.graph == bound.graph }
    guard let result else { return "\(bound.name), \(bound.graph): no result" }
    if result.value <= bound.atMost { return nil }
    return """
      \(bound.name), \(bound.graph): \(Format.figures(result.value)) \(result.unit), at most \
      \(Format.figures(bound.atMost)); \(Format.figures(result.value - bound.atMost)) too many
      """
  }

  /// These thresholds, out of reach: every one of them must be found broken, or the check is worth
  /// nothing.
  var absurd: Thresholds {
    Thresholds(
      ratios: ratios.map {
        Ratio(
          operation: $0.operation, graph: $0.graph, sources: $0.sources,
          atLeast: $0.atLeast.isEmpty ? ["nobody": 1] : $0.atLeast.mapValues { _ in 1e12 })
      } + [Ratio(operation: "nothing", graph: "", sources: "", atLeast: [:])],
      bounds: bounds.map { Bound(name: $0.name, graph: $0.graph, atMost: -1) }
        + [Bound(name: "nothing", graph: "", atMost: 0)])
  }

  var count: Int { ratios.reduce(0) { $0 + $1.atLeast.count } + bounds.count }

  /// Checks a run, and says what it finds.
  ///
  /// - Returns: Whether all thresholds hold.
  /// - Throws: `SuiteFailure` if the check does not see absurd thresholds broken.
  func check(_ report: Report) throws -> Bool {
    let seen =
      absurd.ratios.allSatisfy { !self.broken($0, report).isEmpty }
      && absurd.bounds.allSatisfy { self.broken($0, report) != nil }
    guard count > 0, seen else {
      throw SuiteFailure(description: "the check of thresholds can't fail, so it says nothing")
    }
    let broken = self.broken(by: report)
    for line in broken { Console.say("broken: \(line)") }
    if broken.isEmpty { Console.say("\(count) thresholds hold") }
    return broken.isEmpty
  }
}
