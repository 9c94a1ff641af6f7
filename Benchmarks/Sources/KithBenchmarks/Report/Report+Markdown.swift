extension Report {
  /// The same as Markdown.
  var markdown: String {
    var parts = ["# Benchmarks, \(environment.mode) run", ""]
    parts += environment.lines.map { "- **\($0.name)**: \($0.value)" }
    parts += loads.map { "- \(Report.line($0))" }
    parts += ["", Report.legend]
    for section in sections {
      parts += ["", "## \(section.title)", "", Report.table(section.rows)]
    }
    parts.append("")
    for chart in charts {
      parts.append("![\(chart.title)](\(environment.mode)-\(chart.name).svg)\n")
    }
    return parts.joined(separator: "\n")
  }

  static let legend = """
    Times are medians of a call. A ratio is the time of the peer divided by Kith's, of medians of the same run, \
    side by side: above 1 Kith is faster. Walked: joined edges a second that Kith walks one by one. p50 and p99 \
    are Kith's single calls over all sources. A time with * is from fewer rounds than eleven.
    """

  private static func table(_ rows: [[String]]) -> String {
    guard let head = rows.first else { return "" }
    let rule = head.indices.map { $0 < 3 ? "---" : "--:" }
    return ([head, rule] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
