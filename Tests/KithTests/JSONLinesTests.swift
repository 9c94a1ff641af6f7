import Foundation
import Kith
import KithFixtures
import Testing

@Suite struct `JSON lines of a table` {
  @Test(arguments: [
    #"{"id":1,"handle":"a","name":null,"joined":"2001-01-01"}"#,
    #"{"joined":"2001-01-01T00:00Z","handle":"a","id":1}"#,
    "\n \t\r\n" + #"  { "id" : 1 , "handle":"\u0061" ,"joined":"@0" } "# + "\r\n\n",
    "\u{FEFF}" + #"{"id":1,"handle":"a","joined":"2001-01-01"}"# + "\n",
    #"{"\u0069d":1,"handle":"a","joined":"2001-01-01"}"#,
  ])
  func `is read in every form, wherever chunks end`(text: String) throws {
    for size in 1...64 {
      let graph = try users(text, chunkSize: size)
      #expect(
        graph[User.self].jsonLines()
          == #"{"id":1,"handle":"a","name":null,"joined":"2001-01-01T00:00:00Z"}"# + "\n",
        "chunks of \(size)")
    }
  }

  @Test func `reports what was read`() throws {
    var graph = Graph(try Feed.schema())
    let report = try graph.load(
      User.self, jsonLines: source("\n" + #"{"id":1,"handle":"a","joined":"2001-01-01"}"#))
    #expect(figures(of: report, \.inserted, \.rowsInserted, \.lines) == [1, 1, 1])
  }

  @Test(arguments: [9_007_199_254_740_993, Int.max, .min, 0])
  func `keeps integers exact`(id: Int) throws {
    let graph = try users(#"{"id": \#(id), "handle":"a","joined":"2001-01-01"}"#)
    #expect(graph[User.self].ids == [id])
    #expect(graph[User.self].jsonLines().hasPrefix(#"{"id":\#(id),"#))
  }

  @Test func `has text with every escape`() throws {
    let text = #"\"\\\/\b\f\n\r\t\u0000\u00e9\uD83D\uDE42\u2028 김"#
    let graph = try users(#"{"id":1,"handle":"\#(text)","joined":"2001-01-01"}"#)
    let wanted = "\"\\/\u{8}\u{C}\n\r\t\0é🙂\u{2028} 김"
    let bytes = graph[User.self].map { Array($0.handle.utf8) }
    #expect(bytes == [Array(wanted.utf8)])
    let written = #""\"\\/\u0008\u000c\n\r\t\u0000é🙂"# + "\u{2028} 김\""
    #expect(graph[User.self].jsonLines().contains(written))
  }

  @Test func `has numbers that JSON does not know as text`() throws {
    var graph = try Specimen.graph()
    let rest = """
      "flag":true,"tiny":-1,"wide":18446744073709551615,"half":-1.5e-3,"text":"","date":"@inf",\
      "uuid":"00000000-0000-0000-0000-00000000000a","bytes":"AP8=","rank":"low"
      """
    try graph.load(
      Specimen.self, jsonLines: source(#"{"id":1,"real":"-inf",\#(rest)}"#))
    #expect(graph[Specimen.self].first?.real == -Double.infinity)
    #expect(graph[Specimen.self].map(\.wide) == [.max])
    #expect(graph[Specimen.self].map(\.bytes) == [[0, 255]])
    #expect(graph[Specimen.self].jsonLines().contains(#""real":"-inf""#))
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `gives the same rows back, whatever is in them`(seed: UInt64) throws {
    try Specimen.expectSameRows(seed: seed, from: { $0.jsonLines() }) { graph, text throws in
      try graph.load(Specimen.self, jsonLines: text)
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `is what Foundation reads`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var graph = try Specimen.graph()
    try graph.insert(Specimen.random(id: .max, using: &random))
    struct Line: Decodable {
      let id: Int
      let wide: UInt64
      let text: String
    }
    let line = try JSONDecoder().decode(
      Line.self, from: Data(graph[Specimen.self].jsonLines().utf8))
    let row = try graph.require(Specimen.self, .max)
    #expect(line.id == row.id)
    #expect(line.wide == row.wide)
    #expect(Array(line.text.utf8) == Array(row.text.utf8))
  }
}

@Suite struct `JSON lines of an association table` {
  @Test func `name the two foreign keys`() throws {
    var graph = try Feed.graph(users: 3, follows: [])
    let text = #"{"follower_id":1,"followed_id":3}"# + "\n" + #"{"followed_id":2,"follower_id":1}"#
    let report = try graph.load(User.follows, jsonLines: source(text))
    #expect(figures(of: report, \.inserted, \.duplicates, \.lines) == [2, 0, 2])
    #expect(graph[User.self, 1].following.ids == [2, 3])
    #expect(
      graph.jsonLines(User.follows)
        == #"{"follower_id":1,"followed_id":2}"# + "\n" + #"{"follower_id":1,"followed_id":3}"#
        + "\n")
  }

  @Test func `are refused without one of them`() throws {
    var graph = try Feed.graph(users: 3, follows: [])
    #expect(throws: unreadable(1, 1, "an object without followed_id", "an integer for followed_id"))
    {
      try graph.load(User.follows, jsonLines: source(#"{"follower_id":1}"#))
    }
  }
}

@Suite struct `JSON lines that are wrong` {
  @Test(arguments: jsonBlunders)
  func `are refused with the place and the cure`(blunder: Blunder) throws {
    for size in [1, 2, 3, 4, 5, 7, 64, 1 << 20] {
      var graph = Graph(try Feed.schema())
      let source = TextSource(bytes: blunder.bytes, name: "text", chunkSize: size)
      #expect(throws: blunder.error, "chunks of \(size)") {
        try graph.load(User.self, jsonLines: source)
      }
      #expect(graph[User.self].isEmpty)
    }
  }

  @Test func `are refused where a value does not fit its column`() throws {
    var graph = try Specimen.graph()
    func refuse(_ member: String, _ found: String, _ expected: String) {
      #expect(throws: unreadable(1, 5 + member.utf8.count, found, expected)) {
        try graph.load(Specimen.self, jsonLines: source(#"{"\#(member)":\#(found)}"#))
      }
    }
    refuse("tiny", "128", "a value that tiny can hold")
    refuse("rank", #""middle""#, "a value that rank can hold")
    refuse("flag", "1", "true or false for flag")
    refuse("wide", "-1", "an integer from 0 for wide")
    refuse("wide", "18446744073709551616", "an integer from 0 for wide")
    refuse("maybe_integer", "1.0", "an integer for maybe_integer")
    refuse("real", "1e999", "a number for real")
    refuse("real", #""infinity""#, "a number for real")
    refuse("text", "1", "text for text")
    refuse("uuid", #""1""#, "a UUID for uuid")
    refuse("bytes", #""A""#, "base64 for bytes")
    refuse("date", "0", "an ISO 8601 date for date")
  }

  @Test func `are passed over where that is asked for, and counted`() throws {
    let good = #"{"id":1,"handle":"a","joined":"2001-01-01"}"#
    let last = #"{"id":2,"handle":"b","joined":"2001-01-01"}"#
    let text = [good, "", "{", good, "[]", last].joined(separator: "\n")
    for size in 1...64 {
      var graph = Graph(try Feed.schema())
      let source = TextSource(bytes: Array(text.utf8), name: "text", chunkSize: size)
      let report = try graph.load(User.self, jsonLines: source, allOrNothing: false)
      #expect(graph[User.self].ids == [1, 2])
      #expect(figures(of: report, \.inserted, \.refusedCount, \.lines) == [2, 3, 5])
      #expect(report.refused.map(place) == [3, 4, 5])
    }
  }

  @Test func `are refused when they take more than 16 MiB`() throws {
    var graph = Graph(try Feed.schema())
    let long = String(repeating: "x", count: 16 << 20)
    let text = #"{"id":1,"handle":"\#(long)"}"# + "\n" + #"{"id":2,"handle":"b","joined":"@0"}"#
    let report = try graph.load(User.self, jsonLines: source(text), allOrNothing: false)
    #expect(graph[User.self].ids == [2])
    #expect(report.refused.map(place) == [1])
  }
}

private let jsonBlunders = [
  Blunder("[1]".utf8, 1, 1, "[1]", "an object"),
  Blunder("\nnull\n".utf8, 2, 1, "null", "an object"),
  Blunder("{".utf8, 1, 2, "the end of the line", "a name in quotes"),
  Blunder("{id:1}".utf8, 1, 2, "id:1}", "a name in quotes"),
  Blunder(#"{"id" 1}"#.utf8, 1, 7, "1}", "a colon"),
  Blunder(#"{"id":}"#.utf8, 1, 7, "}", "text, a number, true, false or null"),
  Blunder(#"{"id":01}"#.utf8, 1, 7, "01}", "text, a number, true, false or null"),
  Blunder(#"{"id":-01}"#.utf8, 1, 7, "-01}", "text, a number, true, false or null"),
  Blunder(#"{"id":+1}"#.utf8, 1, 7, "+1}", "text, a number, true, false or null"),
  Blunder(#"{"id":1.}"#.utf8, 1, 7, "1.}", "text, a number, true, false or null"),
  Blunder(#"{"id":.5}"#.utf8, 1, 7, ".5}", "text, a number, true, false or null"),
  Blunder(#"{"id":1e}"#.utf8, 1, 7, "1e}", "text, a number, true, false or null"),
  Blunder(#"{"id":-}"#.utf8, 1, 7, "-}", "text, a number, true, false or null"),
  Blunder(#"{"id":True}"#.utf8, 1, 7, "True}", "text, a number, true, false or null"),
  Blunder(#"{"id":nan}"#.utf8, 1, 7, "nan}", "text, a number, true, false or null"),
  Blunder(#"{"id":[1]}"#.utf8, 1, 7, "[1]}", "text, a number, true, false or null"),
  Blunder(#"{"id":{}}"#.utf8, 1, 7, "{}}", "text, a number, true, false or null"),
  Blunder(#"{"id":1"#.utf8, 1, 8, "the end of the line", "a comma or the end of the object"),
  Blunder(#"{"id":1,}"#.utf8, 1, 9, "}", "a name in quotes"),
  Blunder(#"{"id":1 "handle"}"#.utf8, 1, 9, #""handle"}"#, "a comma or the end of the object"),
  Blunder(#"{"id":1,"id":2}"#.utf8, 1, 9, #""id""#, "each column once"),
  Blunder(
    #"{"id":1,"nick":2}"#.utf8, 1, 9, #""nick""#, "one of the columns id, handle, name, joined"),
  Blunder(#"{"id":null}"#.utf8, 1, 7, "null", "an integer for id"),
  Blunder(#"{"id":"1"}"#.utf8, 1, 7, #""1""#, "an integer for id"),
  Blunder(#"{"id":1.0}"#.utf8, 1, 7, "1.0", "an integer for id"),
  Blunder(#"{"id":9223372036854775808}"#.utf8, 1, 7, "9223372036854775808", "an integer for id"),
  Blunder("{}".utf8, 1, 1, "an object without id", "an integer for id"),
  Blunder(#"{"handle":"a}"#.utf8, 1, 11, #""a}"#, "a quote that ends the text"),
  Blunder(#"{"handle":"\x"}"#.utf8, 1, 12, #"\\x"}"#, "an escape of JSON"),
  Blunder(#"{"handle":"\u12G4"}"#.utf8, 1, 12, #"\\u12G4"}"#, #"four hexadecimal digits after \u"#),
  Blunder(#"{"handle":"\uD800"}"#.utf8, 1, 12, #"\\uD800"}"#, "two halves of a surrogate pair"),
  Blunder(#"{"handle":"\uDC00"}"#.utf8, 1, 12, #"\\uDC00"}"#, "two halves of a surrogate pair"),
  Blunder("{\"handle\":\"\t\"}".utf8, 1, 12, #"\u{9}"}"#, "an escape for a control character"),
  Blunder(
    Array("\n{\"handle\":\"é\\n".utf8) + [0xFF, 0x22, 0x7D], 2, 16, #"\xFF""#, "UTF-8"),
  Blunder(#"{"handle":"\"#.utf8, 1, 12, #"\\"#, "an escape of JSON"),
  Blunder(
    #"{"id":1,"handle":"a","joined":"@0"} x"#.utf8, 1, 37, "x", "the end of the line"),
]

private func source(_ text: String) -> TextSource { TextSource(text: text, name: "text") }

private func users(_ text: String, chunkSize: Int = 1 << 20) throws -> Graph {
  var graph = Graph(try Feed.schema())
  try graph.load(
    User.self, jsonLines: TextSource(bytes: Array(text.utf8), name: "text", chunkSize: chunkSize))
  return graph
}
