import Foundation
import Kith

extension Findings {
  /// The findings as a person reads them, in 80 columns.
  var text: String {
    var lines = [
      "\(counted(users, "user")), \(counted(follows, "follow")), loaded in \(times.load.short)"
        + leftOut,
      "\(grouped(twoHopPaths)) paths of two follows",
    ]
    if let wholeGraph {
      lines.append(
        "\(grouped(wholeGraph.distinctTwoHopPairs)) pairs are two follows apart, "
          + "\(grouped(wholeGraph.mutualPairs)) follow each other (\(times.join.short))")
    }
    guard let user else { return (lines + ["Nobody is here yet."]).joined(separator: "\n") + "\n" }
    lines += [
      "", "User \(user) follows \(grouped(following)) and has \(counted(followers, "follower"))",
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

  private var leftOut: String {
    var parts: [String] = []
    if duplicates > 0 { parts.append(counted(duplicates, "duplicate")) }
    if selfLinks > 0 { parts.append(counted(selfLinks, "self link")) }
    return parts.isEmpty ? "" : "; left out: " + parts.joined(separator: ", ")
  }

  /// Names side by side, with how many others there are.
  private func wrapped(_ names: [String], others: Int) -> [String] {
    var lines: [String] = []
    var line = " "
    for name in names + (others > 0 ? ["and \(counted(others, "other"))"] : []) {
      if line.count + name.count > 76 {
        lines.append(line)
        line = " "
      }
      line += " " + name
    }
    return line == " " ? lines : lines + [line]
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A number with commas between thousands, whatever the language of the system.
  private func grouped(_ number: Int) -> String {
    number.formatted(.number.grouping(.automatic).locale(Locale(identifier: "en_US")))
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
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
