import Foundation

/// All that a run gave, to be written down.
struct Report: Codable {
  let environment: Environment
  let loads: [Suite.Load]
  let measurements: [Measurement]
  let findings: [Finding]

  init(_ environment: Environment, _ suite: Suite) {
    self.environment = environment
    loads = suite.loads
    measurements = suite.measurements
    findings = suite.findings
  }

  /// What goes to the terminal.
  var text: String {
    var parts = environment.lines.map { "\($0.name): \($0.value)" }
    parts += loads.map(Report.line)
    parts += ["", TableReport.text(TableReport.rows(measurements))]
    if !counted.isEmpty {
      parts += ["", "joined edges counted without walking them:"]
      parts.append(TableReport.text(TableReport.countedRows(counted)))
    }
    if !findings.isEmpty {
      parts += ["", TableReport.text(TableReport.findingRows(findings))]
    }
    return parts.joined(separator: "\n")
  }

  /// The operations that need not walk what they join: their rate is no rate of walking, and stands
  /// apart.
  var counted: [Measurement] { measurements.filter { $0.countedEdges > 0 } }

  static func line(_ load: Suite.Load) -> String {
    let times = Peer.allCases.compactMap { peer in
      load.seconds[peer.rawValue].map { "\(peer.rawValue) \(Format.figures($0)) s" }
    }
    return """
      graph \(load.graph): \(load.recipe); \(load.users) users, \(load.links) links; \
      loaded once in \(times.joined(separator: ", "))
      """
  }

  /// Writes the report as JSON and as Markdown, and the charts.
  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let mode = environment.mode
    try encoder.encode(self).write(to: URL(filePath: "\(folder)/\(mode).json"))
    try save(markdown, "\(folder)/\(mode).md")
    for chart in charts { try save(chart.svg, "\(folder)/\(mode)-\(chart.name).svg") }
  }

  private func save(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }
}
