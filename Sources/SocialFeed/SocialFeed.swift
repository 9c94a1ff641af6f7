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
    do {
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.first == "db" { return try keepDatabase(arguments.dropFirst()) }
      let options = try Options(Array(arguments))
      if options.help { return print(Options.usage) }
      let findings = try Findings(Network(options), options)
      print(options.json ? try findings.json() : findings.text)
    } catch let error as UsageError {
      fail(error.message, Status.usage)
    } catch {
      fail("\(error)", Status.input)
    }
  }

  /// What `social-feed db` does.
  private static func keepDatabase(_ arguments: ArraySlice<String>) throws {
    let options = try DatabaseOptions(arguments)
    if options.help { return print(DatabaseOptions.usage) }
    let answer = try DatabaseCommand(options: options).run()
    print(answer.text)
    if !answer.isGood { exit(Status.input) }
  }

  /// Writes to standard output; a reader who has gone, as `head` does, is no error.
  private static func print(_ text: String) {
    signal(SIGPIPE, SIG_IGN)
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      exit(0)
    }
  }

  private static func fail(_ message: String, _ status: Int32) -> Never {
    FileHandle.standardError.write(Data("social-feed: \(message.onOneLine)\n".utf8))
    exit(status)
  }
}
