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
    for section in sections { parts += ["", section.title, TableReport.text(section.rows)] }
    return parts.joined(separator: "\n")
  }

  /// The tables of the report; one without rows is left out.
  var sections: [(title: String, rows: [[String]])] {
    let all = [
      ("Operations", TableReport.rows(measurements.filter { $0.side(.kithInOrder) == nil })),
      ("In the order of insertion and compacted", TableReport.compactedRows(measurements)),
      ("Joined edges counted without walking them", TableReport.countedRows(counted)),
      ("One core and all", TableReport.coreRows(measurements)),
      ("Readers alone and beside a writer", TableReport.besideRows(measurements)),
      ("Sizes and counts", TableReport.findingRows(findings)),
    ]
    return all.filter { $0.1.count > 1 }
  }

  /// The operations that need not walk what they join: their rate is no rate of walking, and stands
  /// apart.
  var counted: [Measurement] { measurements.filter { $0.countedEdges > 0 } }

  static func line(_ load: Suite.Load) -> String {
    let times = Peer.allCases.compactMap { peer in
      load.seconds[peer.rawValue].map { "\(peer.rawValue) \(Format.figures($0)) s" }
    }
    let size = load.links == 0 ? "" : "; \(load.users) users, \(load.links) links"
    let loaded =
      times.isEmpty
      ? "loaded within the operation" : "loaded once in \(times.joined(separator: ", "))"
    return "graph \(load.graph): \(load.recipe)\(size); \(loaded)"
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
