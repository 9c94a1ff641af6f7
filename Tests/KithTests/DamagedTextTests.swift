import Foundation
import Kith
import Testing

/// A text that a graph reads, and is a few records long.
struct ReadableText: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String
  /// Reads the text into a graph with the users 1 to 4, of whom 1 follows 2.
  let load: @Sendable (inout Graph, TextSource, _ allOrNothing: Bool) throws -> LoadReport
}

@Suite struct `A text that is damaged` {
  @Test(arguments: texts)
  func `is read, or refused with its place, wherever it is cut off`(text: ReadableText) throws {
    let bytes = Array(text.text.utf8)
    for end in bytes.indices { try expectSound(text, Array(bytes[..<end]), "cut at \(end)") }
    try expectSound(text, bytes, "whole")
  }

  @Test(arguments: texts)
  func `is read, or refused with its place, whichever bit is flipped`(text: ReadableText) throws {
    var bytes = Array(text.text.utf8)
    for place in bytes.indices {
      for bit in 0..<UInt8(8) {
        bytes[place] ^= 1 << bit
        try expectSound(text, bytes, "bit \(bit) of byte \(place)")
        bytes[place] ^= 1 << bit
      }
    }
  }

  /// Reads bytes whole or not at all, and then all that can be read of them.
  private func expectSound(_ text: ReadableText, _ bytes: [UInt8], _ place: String) throws {
    let before = try Feed.graph(users: 4, follows: [(1, 2)])
    let source = TextSource(bytes: bytes, name: "text", chunkSize: 11)
    for allOrNothing in [true, false] {
      var graph = before
      do {
        let report = try text.load(&graph, source, allOrNothing)
        expectSum(of: report, in: graph, before, place)
        #expect(!allOrNothing || report.refusedCount == 0, "\(place)")
        expectPlaces(of: report.refused, in: bytes, place)
        try graph.validate()
      } catch let error as GraphError {
        expectPlaces(of: [error], in: bytes, place)
        #expect(graph.encoded() == before.encoded(), "\(place)")
      }
    }
  }

  /// Every record became a row or a link, or is counted as what else became of it.
  private func expectSum(
    of report: LoadReport, in graph: Graph, _ before: Graph, _ place: String
  ) {
    let (old, new) = (before.statistics, graph.statistics)
    let (rows, links) = (new.rows - old.rows, new.links - old.links)
    #expect(report.rowsInserted == rows, "\(place)")
    #expect(report.inserted == rows || report.inserted == links, "\(place)")
    #expect(
      report.lines
        == report.inserted + report.duplicates + report.selfLinks + report.refusedCount, "\(place)")
  }

  /// The places of errors are in the text, one after the other.
  private func expectPlaces(of errors: [GraphError], in bytes: [UInt8], _ place: String) {
    let lines = bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 1
    var last = 0
    for error in errors {
      switch error {
      case .unreadableInput("text", let line, let column, let found, let expected):
        #expect(!found.isEmpty && !expected.isEmpty, "\(place)")
        #expect((max(last, 1)...lines).contains(line), "\(place): \(error)")
        #expect((1...bytes.count + 1).contains(column), "\(place): \(error)")
        last = line
      case .refusedInput("text", let line, let column, _):
        #expect((max(last, 1)...lines).contains(line) && column >= 1, "\(place): \(error)")
        last = line
      case .missingReference, .failedCheck: break
      default: Issue.record("\(place): \(error)")
      }
    }
  }
}

private let texts = [
  ReadableText(
    testDescription: "rows as CSV",
    text:
      "id,handle,name,joined\r\n7,ada,\"Lovelace, \"\"Ada\"\"\",2026-01-01\r\n8,gräce,,@12.5\r\n"
      + "9,\"\",\"a\nb\",2001-02-03T04:05:06+07:00\r\n"
  ) { try $0.load(User.self, csv: $1, allOrNothing: $2) },
  ReadableText(
    testDescription: "links as CSV", text: "followed_id,follower_id\n2,1\n\"3\",1\n\n4,2\n"
  ) { try $0.load(User.follows, csv: $1, allOrNothing: $2) },
  ReadableText(
    testDescription: "rows as JSON lines",
    text: """
      {"id":7,"handle":"a\\u0064\\\\","name":null,"joined":"2026-01-01"}

      {"joined":"@12.5","id":8,"handle":"gräce 🙂","name":"\\uD83D\\uDE42"}\r\n
      """
  ) { try $0.load(User.self, jsonLines: $1, allOrNothing: $2) },
  ReadableText(
    testDescription: "links as JSON lines",
    text: """
      {"follower_id":1,"followed_id":2}
      {"followed_id":3,"follower_id":1}

      {"follower_id": 2, "followed_id": 4}

      """
  ) { try $0.load(User.follows, jsonLines: $1, allOrNothing: $2) },
  ReadableText(
    testDescription: "an edge list", text: "# from to\n1\t2\n2 3\r\n\n-7 1 # ends\n9 9\n1 2\n12 -7"
  ) { graph, source, _ in try graph.load(User.follows, edgeList: source) { Feed.user($0) } },
]
