import Foundation
import Kith
import KithFixtures
import Testing

@Suite struct `CSV of a table` {
  @Test func `is read as it is written in the header`() throws {
    let graph = try users(
      """
      joined,handle,id,name
      2026-01-02T03:04:05Z,ada,1,"Lovelace, Ada"
      2001-01-01,민지,2,
      """)
    #expect(graph[User.self].map(\.handle) == ["ada", "민지"])
    #expect(graph[User.self].map(\.name) == ["Lovelace, Ada", nil])
    #expect(graph[User.self, 2].map(\.joined) == [Feed.start])
  }

  @Test func `fills a column that the header leaves out with its default`() throws {
    var graph = Graph(try Schema { Badge.self })
    try graph.load(Badge.self, csv: TextSource(text: "id\n1\n", name: "badges"))
    try graph.load(Badge.self, jsonLines: TextSource(text: "{\"id\": 2}\n", name: "badges"))
    try graph.load(Badge.self, csv: TextSource(text: "color,id\nred,3\n", name: "badges"))
    #expect(graph[Badge.self].map(\.color) == ["grey", "grey", "red"])
    #expect(graph[Badge.self].map(\.note) == [nil, nil, nil])
  }

  private struct Badge: Row {
    var id: Int
    var color: String
    var note: String?
    static let table = Table(
      "badges", Self.init, Column("id", \.id), Column("color", \.color).default("grey"),
      Column("note", \.note))
  }

  @Test func `reports what was read`() throws {
    var graph = Graph(try Feed.schema())
    let report = try graph.load(User.self, csv: source(header + "1,a,,2001-01-01\n"))
    #expect(figures(of: report, \.inserted, \.rowsInserted, \.lines) == [1, 1, 1])
  }

  @Test(arguments: [
    "id,handle,name,joined\n1,a,,2001-01-01\n2,b,,2001-01-01\n",
    "id,handle,name,joined\r\n1,a,,2001-01-01\r\n2,b,,2001-01-01\r\n",
    "id,handle,name,joined\r1,a,,2001-01-01\r2,b,,2001-01-01\r",
    "\u{FEFF}id,handle,name,joined\n1,a,,2001-01-01\n2,b,,2001-01-01",
    "\u{FEFF}\"id\",\"handle\",\"name\",\"joined\"\n1,\"a\",,2001-01-01\n2,b,,\"2001-01-01\"",
    "\n\r\nid,handle,name,joined\n\n1,a,,2001-01-01\r\n\r\n2,b,,2001-01-01\n\n",
    "id,handle,joined\n1,a,2001-01-01\n2,b,2001-01-01\n",
  ])
  func `has any line ends, a mark, blank lines, and no column that may be empty`(
    text: String
  ) throws {
    let expected = try users("id,handle,name,joined\n1,a,,2001-01-01\n2,b,,2001-01-01\n")
    try #require(expected[User.self].ids == [1, 2])
    for size in 1...64 {
      let graph = try users(text, chunkSize: size)
      #expect(graph[User.self].csv() == expected[User.self].csv(), "chunks of \(size)")
    }
  }

  @Test func `tells an empty text from none`() throws {
    let graph = try users(header + "1,\"\",\"\",2001-01-01\n2,b,,2001-01-01\n")
    #expect(graph[User.self].map(\.handle) == ["", "b"])
    #expect(graph[User.self].map(\.name) == ["", nil])
  }

  @Test func `has quotes for what a field can't hold otherwise`() throws {
    let graph = try users(header + "1,\"a \"\"b\"\"\r\n,c\",\" \",2001-01-01\n")
    let bytes = graph[User.self].map { Array($0.handle.utf8) }
    #expect(bytes == [Array("a \"b\"\r\n,c".utf8)])
    #expect(
      graph[User.self].csv()
        == "id,handle,name,joined\r\n1,\"a \"\"b\"\"\r\n,c\",\" \",2001-01-01T00:00:00Z\r\n")
  }

  @Test(arguments: [";", "\t", "|", " ", "."] as [Character])
  func `has the separator that is asked for`(separator: Character) throws {
    var graph = Graph(try Feed.schema())
    let mark = String(separator)
    try graph.insert(
      User(id: 1, handle: "a\(mark)b,c", name: nil, joined: Feed.start.addingTimeInterval(0.5)))
    let text = graph[User.self].csv(separator: separator)
    #expect(text.hasPrefix(["id", "handle", "name", "joined"].joined(separator: mark)))
    var copy = Graph(try Feed.schema())
    try copy.load(User.self, csv: source(text), separator: separator)
    #expect(copy[User.self].csv() == graph[User.self].csv())
  }

  @Test func `has one column, in which blank lines count for nothing`() throws {
    struct Word: Row {
      var id: String
      static let table = Table("words", Self.init, Column("id", \.id))
    }
    var graph = Graph(try Schema { Word.self })
    try graph.insert(contentsOf: ["b", "", "a"].map { Word(id: $0) })
    let text = graph[Word.self].csv()
    #expect(text == "id\r\nb\r\n\"\"\r\na\r\n")
    var copy = Graph(try Schema { Word.self })
    try copy.load(Word.self, csv: source(text.replacingOccurrences(of: "a", with: "\r\na\r\n")))
    #expect(copy[Word.self].map(\.id) == ["b", "", "a"])
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `gives the same rows back, whatever is in them`(seed: UInt64) throws {
    try Specimen.expectSameRows(seed: seed, from: { $0.csv() }) { graph, text throws in
      try graph.load(Specimen.self, csv: text)
    }
  }

  @Test func `has the rows of a query, in its order`() throws {
    let graph = try Feed.graph(users: 4, follows: [(1, 2), (1, 4)])
    let text = graph[User.self, 1].following.sorted(by: \.id, .descending).csv()
    #expect(
      text == "id,handle,name,joined\r\n"
        + "4,user4,Name 4,2001-01-01T00:00:04Z\r\n2,user2,Name 2,2001-01-01T00:00:02Z\r\n")
    #expect(graph[User.self, 9].csv() == "id,handle,name,joined\r\n")
  }

  @Test func `has the fields of every kind in their text forms`() throws {
    var graph = try Specimen.graph()
    try graph.load(
      Specimen.self,
      csv: source(
        """
        id,flag,tiny,wide,real,half,text,date,uuid,bytes,rank
        1,1,-128,18446744073709551615,-inf,1.5,x,@0.5,00000000-0000-0000-0000-00000000000a,AP8=,high
        2,false,+7,0,nan,1e3,x,1999-12-31 23:59:59.25+01:30,00000000-0000-0000-0000-00000000000A,"",low
        """))
    let rows = Array(graph[Specimen.self])
    #expect(rows.map(\.flag) == [true, false])
    #expect(rows.map(\.tiny) == [-128, 7])
    #expect(rows.map(\.wide) == [.max, 0])
    #expect(rows.map(\.real.isNaN) == [false, true])
    #expect(rows.map(\.half) == [1.5, 1000])
    #expect(rows.map(\.bytes) == [[0, 255], []])
    #expect(rows.map(\.date.timeIntervalSinceReferenceDate) == [0.5, -31_627_800.75])
    #expect(rows.map(\.rank) == [.high, .low])
  }
}

@Suite struct `CSV of an association table` {
  @Test func `names the two foreign keys`() throws {
    var graph = try Feed.graph(users: 3, follows: [])
    let report = try graph.load(
      User.follows, csv: source("followed_id,follower_id\n1,2\n3,2\n1,2\n"))
    #expect(figures(of: report, \.inserted, \.duplicates, \.lines) == [2, 1, 3])
    #expect(graph[User.self, 2].following.ids == [1, 3])
    #expect(graph.csv(User.follows) == "follower_id,followed_id\r\n2,1\r\n2,3\r\n")
    #expect(graph.csv(User.follows.inverse) == graph.csv(User.follows))
  }

  @Test func `is the same whichever way it is walked`() throws {
    var graph = try Feed.graph(users: 3, follows: [])
    try graph.load(User.follows.inverse, csv: source("follower_id,followed_id\n1,2\n"))
    #expect(graph[User.self, 1].following.ids == [2])
  }

  @Test func `is refused where a row is missing, or is linked to itself`() throws {
    var graph = try Feed.graph(users: 2, follows: [])
    let text = "follower_id,followed_id\n1,2\n1,9\n2,2\n8,1\n2,1\n"
    let missing = GraphError.missingReference(
      constraint: "fk_follows_followed_id_users", table: "follows", key: "9")
    #expect(throws: GraphError.refusedInput(file: "text", line: 3, column: 1, reason: missing)) {
      try graph.load(User.follows, csv: source(text))
    }
    #expect(graph.csv(User.follows) == "follower_id,followed_id\r\n")
    #expect(
      throws: GraphError.refusedInput(
        file: "text", line: 2, column: 1,
        reason: .failedCheck(
          constraint: "ck_follows_no_self_links", table: "follows", key: "2"))
    ) {
      try graph.load(User.follows, csv: source("follower_id,followed_id\n2,2\n"))
    }
    let report = try graph.load(User.follows, csv: source(text), allOrNothing: false)
    #expect(
      figures(of: report, \.inserted, \.selfLinks, \.refusedCount, \.lines) == [2, 1, 2, 5])
    #expect(
      report.refused.first == .refusedInput(file: "text", line: 3, column: 1, reason: missing))
  }

  @Test func `is refused without a key`() throws {
    var graph = try Feed.graph(users: 2, follows: [])
    #expect(
      throws: unreadable(
        1, 12, "the end of the header", "the column followed_id, which must have a value")
    ) {
      try graph.load(User.follows, csv: source("follower_id\n1\n"))
    }
  }
}

@Suite struct `CSV that is wrong` {
  @Test(arguments: csvBlunders)
  func `is refused with the place and the cure`(blunder: Blunder) throws {
    for size in [1, 2, 3, 4, 5, 7, 64, 1 << 20] {
      var graph = Graph(try Feed.schema())
      let source = TextSource(bytes: blunder.bytes, name: "text", chunkSize: size)
      #expect(throws: blunder.error, "chunks of \(size)") { try graph.load(User.self, csv: source) }
      #expect(graph[User.self].isEmpty)
    }
  }

  @Test func `is refused where a row breaks a rule`() throws {
    var graph = try Feed.graph(users: 2, follows: [])
    let before = graph[User.self].csv()
    let error = GraphError.refusedInput(
      file: "text", line: 4, column: 1,
      reason: .duplicateKey(constraint: "uq_users_handle", table: "users", key: "\"user1\""))
    #expect(throws: error) {
      try graph.load(
        User.self, csv: source(header + "7,\"a\nb\",,2001-01-01\n8,user1,,2001-01-01\n"))
    }
    #expect(graph[User.self].csv() == before)
  }

  @Test func `is passed over where that is asked for, and counted`() throws {
    let text =
      header + "1,a,,2001-01-01\nx,b,,2001-01-01\n1,c,,2001-01-01\n2,d\"d,,2001-01-01\n3,e\n"
      + "4,f,,2001-01-01,5\n5,\"g\"g,\"x\ny\",2001-01-01\n6,h,,2001-01-01\n7,\"i,,2001-01-01\n8,j,,"
    for size in 1...64 {
      var graph = Graph(try Feed.schema())
      let report = try graph.load(
        User.self, csv: TextSource(bytes: Array(text.utf8), name: "text", chunkSize: size),
        allOrNothing: false)
      #expect(graph[User.self].ids == [1, 6])
      #expect(figures(of: report, \.inserted, \.rowsInserted, \.lines) == [2, 2, 9])
      #expect(report.refusedCount == 7)
      #expect(report.refused.map(place) == [3, 4, 5, 6, 7, 8, 11])
    }
  }

  @Test func `is reported a hundred times at most`() throws {
    var graph = Graph(try Feed.schema())
    let text = header + String(repeating: "x,a,,2001-01-01\n", count: 250)
    let report = try graph.load(User.self, csv: source(text), allOrNothing: false)
    #expect(figures(of: report, \.refused.count, \.refusedCount, \.lines) == [100, 250, 250])
  }

  @Test func `is refused with its header, even where the rest may be passed over`() throws {
    var graph = Graph(try Feed.schema())
    #expect(throws: unreadable(1, 1, "nonsense", knownColumns)) {
      try graph.load(User.self, csv: source("nonsense\n"), allOrNothing: false)
    }
    #expect(throws: unreadable(1, 1, "the end of the text", "a header")) {
      try graph.load(User.self, csv: source(""), allOrNothing: false)
    }
  }

  @Test(arguments: ["", "\""])
  func `is refused when a record takes more than 16 MiB`(quote: String) throws {
    var graph = Graph(try Feed.schema())
    let long = quote + String(repeating: "x", count: 16 << 20) + quote
    let text = header + "1,\(long),,2001-01-01\n2,b,,2001-01-01\n"
    let report = try graph.load(User.self, csv: source(text), allOrNothing: false)
    #expect(graph[User.self].ids == [2])
    guard case .unreadableInput(_, 2, 1, _, "a record of at most 16 MiB") = report.refused.first
    else {
      Issue.record("\(report.refused)")
      return
    }
  }

  @Test func `is refused when there is no such file`() throws {
    var graph = Graph(try Feed.schema())
    #expect(
      throws: GraphError.unreadableFile(file: "/nowhere/a.csv", reason: "there is no such file")
    ) {
      try graph.load(User.self, csv: TextSource(path: "/nowhere/a.csv"))
    }
  }

  #if os(Linux) || os(macOS)
    @Test func `has no column of composites`() async throws {
      await #expect(processExitsWith: .failure) {
        struct Knot: Row {
          var id: Pair<Int, Int>
          static let table = Table("knots", Self.init, Column("id", \.id))
        }
        _ = Graph(try Schema { Knot.self })[Knot.self].csv()
      }
    }

    @Test func `has no separator that is a quote, a line end or no ASCII`() async throws {
      for separator in ["\"", "\n", "\r\n", "，"] as [Character] {
        await #expect(processExitsWith: .failure) { [separator = String(separator) as String] in
          let graph = try Feed.graph(users: 1, follows: [])
          _ = graph[User.self].csv(separator: separator.first ?? ",")
        }
      }
    }
  #endif
}

// MARK: - Blunders

/// A text that is refused, and the error.
struct Blunder: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let error: GraphError
  var testDescription: String { "\(error)" }

  init(
    _ bytes: some Sequence<UInt8>, _ line: Int, _ column: Int, _ found: String, _ expected: String
  ) {
    self.bytes = Array(bytes)
    error = unreadable(line, column, found, expected)
  }
}

func unreadable(_ line: Int, _ column: Int, _ found: String, _ expected: String) -> GraphError {
  .unreadableInput(file: "text", line: line, column: column, found: found, expected: expected)
}

/// Some of the numbers of a report.
func figures(of report: LoadReport, _ figures: KeyPath<LoadReport, Int>...) -> [Int] {
  figures.map { report[keyPath: $0] }
}

/// The line of an error.
func place(of error: GraphError) -> Int {
  switch error {
  case .unreadableInput(_, let line, _, _, _), .refusedInput(_, let line, _, _): line
  default: 0
  }
}

private let header = "id,handle,name,joined\n"
private let knownColumns = "one of the columns id, handle, name, joined"

private let csvBlunders =
  [
    Blunder("".utf8, 1, 1, "the end of the text", "a header"),
    Blunder("\u{FEFF}\n\n".utf8, 1, 1, "the end of the text", "a header"),
    Blunder("id,nick\n".utf8, 1, 4, "nick", knownColumns),
    Blunder("\u{FEFF}no\n".utf8, 1, 4, "no", knownColumns),
    Blunder("id,,handle\n".utf8, 1, 4, "nothing", knownColumns),
    Blunder("id,handle,id\n".utf8, 1, 11, "id", "each column once"),
    Blunder(
      "id,handle,name\n".utf8, 1, 15, "the end of the header",
      "the column joined, which must have a value"),
    Blunder(
      (header + "1,a,,2001-01-01,\n").utf8, 2, 17, "nothing",
      "the end of the record, after 4 fields"),
    Blunder(
      (header + "1,a,,2001-01-01,x,y\n").utf8, 2, 17, "x,y", "the end of the record, after 4 fields"
    ),
    Blunder((header + "1,a\n").utf8, 2, 4, "the end of the record", "text for name"),
    Blunder((header + "1,\"a\nb\"").utf8, 3, 3, "the end of the record", "text for name"),
    Blunder((header + "1,\"a\r\nb\",\"\r\",x").utf8, 4, 3, "x", "an ISO 8601 date for joined"),
    Blunder((header + "1,\"a").utf8, 2, 3, "\"a", "a quote that ends the field"),
    Blunder((header + "1,\"\"\"").utf8, 2, 3, "\"\"\"", "a quote that ends the field"),
    Blunder(
      (header + "1,a\"b,").utf8, 2, 3, "a\"b", "quotes around a field that has a quote in it"),
    Blunder(
      (header + "1,\"a\"b,,\n").utf8, 2, 3, "\"a\"b,,", "nothing after the quote that ends a field"),
    Blunder(
      (header + "1,\"a\" ,,").utf8, 2, 3, "\"a\" ,,", "nothing after the quote that ends a field"),
    Blunder((header + "1,,,2001-01-01").utf8, 2, 3, "nothing", "text for handle"),
    Blunder((header + "one,a,,2001-01-01").utf8, 2, 1, "one", "an integer for id"),
    Blunder((header + " 1,a,,2001-01-01").utf8, 2, 1, " 1", "an integer for id"),
    Blunder((header + "\"\",a,,2001-01-01").utf8, 2, 1, "\"\"", "an integer for id"),
    Blunder(
      (header + "9223372036854775808,a,,").utf8, 2, 1, "9223372036854775808", "an integer for id"),
    Blunder(Array((header + "1,é").utf8) + [0xC3, 0x28], 2, 5, #"\xC3("#, "UTF-8"),
    Blunder(Array((header + "1,\"\"\"\n").utf8) + [0xFF, 0x22], 3, 1, #"\xFF""#, "UTF-8"),
  ]
  + [
    "2001-02-29", "2001-13-01", "2001-1-1", "2001-01-01T24:00", "2001-01-01T1:00", "2001-01-01T",
    "2001-01-01T00:00:60", "2001-01-01T00:00:00.Z", "2001-01-01T00:00+1", "2001-01-01Z", "@", "@x",
    "20010101", "+001-01-01", "2001-01-01T00:00:00Zz",
  ].map {
    Blunder((header + "1,a,,\($0)").utf8, 2, 6, $0, "an ISO 8601 date for joined")
  }

private func source(_ text: String) -> TextSource { TextSource(text: text, name: "text") }

private func users(_ text: String, chunkSize: Int = 1 << 20) throws -> Graph {
  var graph = Graph(try Feed.schema())
  try graph.load(
    User.self, csv: TextSource(bytes: Array(text.utf8), name: "text", chunkSize: chunkSize))
  return graph
}
