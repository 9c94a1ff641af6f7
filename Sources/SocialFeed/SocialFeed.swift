import Foundation
import Kith

/// The prototype that a newcomer runs first: who to follow, and the feed, on a real follow graph.
@main
struct SocialFeed {
  /// The exit statuses, as `--help` readers expect them.
  private enum Status {
    static let input: Int32 = 1
    static let usage: Int32 = 2
  }

  static func main() {
    StandardStreams.takePlaces()
    do {
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.first == "db" { return try keepDatabase(arguments.dropFirst()) }
      let options = try Options(Array(arguments))
      if options.help { return try StandardStreams.write(Options.usage) }
      let findings = try Findings(Network(options), options)
      try StandardStreams.write(options.json ? try findings.json() : findings.text)
    } catch let error as UsageError {
      fail(error.message, Status.usage)
    } catch {
      fail("\(error)", Status.input)
    }
  }

  /// What `social-feed db` does.
  private static func keepDatabase(_ arguments: ArraySlice<String>) throws {
    let options = try DatabaseOptions(arguments)
    if options.help { return try StandardStreams.write(DatabaseOptions.usage) }
    let answer = try DatabaseCommand(options: options).run()
    try StandardStreams.write(answer.text)
    if !answer.isGood { exit(Status.input) }
  }

  private static func fail(_ message: String, _ status: Int32) -> Never {
    StandardStreams.complain("social-feed: \(message.onOneLine)\n")
    exit(status)
  }
}
