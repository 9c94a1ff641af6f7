import Foundation
import Kith

extension Findings {
  /// The findings as a person reads them, in 80 columns.
  var text: String {
    var lines = [
      "\(users.counted("user")), \(follows.counted("follow")), loaded in \(times.load.short)"
        + report.leftOut,
      "\(twoHopPaths.grouped) paths of two follows",
    ]
    if let wholeGraph {
      lines.append(
        "\(wholeGraph.distinctTwoHopPairs.grouped) pairs are two follows apart, "
          + "\(wholeGraph.mutualPairs.grouped) follow each other (\(times.join.short))")
    }
    guard let user else { return (lines + ["Nobody is here yet."]).joined(separator: "\n") + "\n" }
    lines += [
      "", "User \(user) follows \(following.grouped) and has \(followers.counted("follower"))",
    ]
    lines += wrapped(someFollowers.map(String.init), others: followers - someFollowers.count)
    lines += ["", "Who to follow (\(times.suggest.short))"]
    if suggestions.isEmpty { lines.append("  nobody new within two follows") }
    lines += suggestions.map { suggestion in
      "  user \(padded("\(suggestion.id)", 12)) followed by \(suggestion.paths) of those you follow"
    }
    lines += ["", "The feed, newest first (\(times.feed.short))"]
    if feed.isEmpty { lines.append("  no posts") }
    lines += feed.map { post in
      "  \(post.createdAt.formatted(.iso8601))  post \(padded("\(post.id)", 12)) by user \(post.author)"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Names side by side, with how many others there are.
  private func wrapped(_ names: [String], others: Int) -> [String] {
    var lines: [String] = []
    var line = " "
    for name in names + (others > 0 ? ["and \(others.counted("other"))"] : []) {
      if line.count + name.count > 76 {
        lines.append(line)
        line = " "
      }
      line += " " + name
    }
    return line == " " ? lines : lines + [line]
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }
}

extension Int {
  /// The number and what it counts.
  func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }

  /// The number with commas between thousands, whatever the language of the system.
  var grouped: String {
    formatted(.number.grouping(.automatic).locale(Locale(identifier: "en_US")))
  }
}

extension LoadReport {
  /// What was not loaded, behind what was; empty if all was.
  var leftOut: String {
    var parts: [String] = []
    if duplicates > 0 { parts.append(duplicates.counted("duplicate")) }
    if selfLinks > 0 { parts.append(selfLinks.counted("self link")) }
    return parts.isEmpty ? "" : "; left out: " + parts.joined(separator: ", ")
  }
}

extension Duration {
  /// The duration in milliseconds.
  var milliseconds: Double { self / .milliseconds(1) }

  /// The duration with the unit that suits it.
  var short: String {
    let milliseconds = milliseconds
    if milliseconds >= 1000 { return String(format: "%.2f s", milliseconds / 1000) }
    if milliseconds >= 1 { return String(format: "%.1f ms", milliseconds) }
    return String(format: "%.1f µs", milliseconds * 1000)
  }
}
