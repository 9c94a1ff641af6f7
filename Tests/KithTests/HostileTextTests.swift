import Foundation
import Kith
import Testing

/// Texts that mean something to a terminal, a log, a drawing or a spreadsheet.
private let hostile = [
  "\"", "\"\"", "\\", "\\\"", "\\n", "a\nb", "a\rb", "a\r\nb", "\0", "\u{1B}[31m", "\u{7}", "\t",
  "=1+1", "+1", "-1", "@sum", ",", ";", "|", " ", "'", "`", "-->", "->", "};", "{", "[label=x]",
  "//",
  "/*", "#", "<b>", "</script>", "%%", "$(rm)", "\u{FEFF}x", "\u{301}", "e\u{301}", "👩‍👧", "김", "",
  "a\u{85}b", "\u{9B}2J", "a\u{2028}b", "a\u{2029}b", "\u{202E}txt", "\u{2066}x", "\u{200F}x",
]

/// A row whose names and texts are all hostile.
private struct Quoted: Row, Equatable {
  var id: String
  var text: String?
  var next: String?

  static let table = Table(
    "\"table\"\n-> x;", Self.init,
    Column("\"id\",\n=id", \.id),
    Column("text;\"\r", \.text).maxLength(5).check("\"check\"\n") { $0 != "refused" },
    Column("}next{", \.next, references: Quoted.self))
  static let nexts = belongsTo(Quoted.self, \.next)

  static func graph() throws -> Graph {
    var graph = Graph(try Schema { Quoted.self })
    for (number, text) in hostile.enumerated() {
      let next = number == 0 ? nil : hostile[number - 1]
      try graph.insert(Quoted(id: text, text: String(text.prefix(5)), next: next))
    }
    return graph
  }
}

@Suite struct `Hostile text` {
  @Test(arguments: [",", ";", "\t", "="] as [Character])
  func `comes back from CSV, in names and in values`(separator: Character) throws {
    let graph = try Quoted.graph()
    var copy = Graph(graph.schema)
    let csv = graph[Quoted.self].csv(separator: separator)
    let report = try copy.load(
      Quoted.self, csv: TextSource(text: csv, name: "text"), separator: separator)
    #expect(report.rowsInserted == hostile.count)
    #expect(Array(copy[Quoted.self]) == Array(graph[Quoted.self]))
    #expect(copy.encoded() == graph.encoded())
  }

  @Test func `is no formula in CSV for spreadsheets`() throws {
    let graph = try Quoted.graph()
    var copy = Graph(graph.schema)
    let csv = graph[Quoted.self].csv(forSpreadsheets: true)
    try copy.load(Quoted.self, csv: TextSource(text: csv, name: "text"))
    let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n"]
    let guarded = hostile.map { text in
      text.unicodeScalars.first.map(starts.contains) == true ? "'" + text : text
    }
    #expect(guarded.count { $0.hasPrefix("'") } > 5)
    #expect(copy[Quoted.self].map(\.id) == guarded)
  }

  @Test func `comes back from JSON lines, in names and in values`() throws {
    let graph = try Quoted.graph()
    var copy = Graph(graph.schema)
    let lines = graph[Quoted.self].jsonLines()
    #expect(lines.utf8.count { $0 == UInt8(ascii: "\n") } == hostile.count)
    try copy.load(Quoted.self, jsonLines: TextSource(text: lines, name: "text"))
    #expect(copy.encoded() == graph.encoded())
  }

  @Test func `stays in its quotes in a drawing`() throws {
    let drawing = try Quoted.graph()[Quoted.self].dot(through: Quoted.nexts) { $0.text ?? "" }
    let lines = drawing.split(separator: "\n").map(Self.withoutQuoted)
    let count = hostile.count
    #expect(lines.first == "digraph ☐ {" && lines.last == "}")
    #expect(lines.dropFirst().prefix(count).allSatisfy { $0 == "  ☐ [label=☐];" })
    let links = lines.dropFirst(1 + count).dropLast()
    #expect(links.count == count - 1)
    #expect(links.allSatisfy { $0 == "  ☐ -> ☐;" })
  }

  @Test func `stays in its quotes in a diagram`() throws {
    let lines = try Schema { Named.self }.mermaid.split(separator: "\n").map(Self.withoutQuoted)
    #expect(
      lines == [
        "erDiagram", "  ☐ {", "    text __id____id PK", "    text __next______x FK ☐", "  }",
        "  ☐ |o--o{ ☐ : ☐",
      ])
  }

  /// A line in which a box stands for each quoted text, or nil if one does not end.
  private static func withoutQuoted(_ line: Substring) -> String? {
    var result = ""
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\"" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      var isOver = false
      while !isOver, let inner = rest.popFirst() {
        if inner == "\\" { _ = rest.popFirst() }
        isOver = inner == "\""
      }
      if !isOver { return nil }
      result += "☐"
    }
    return result
  }

  @Test func `is shown as a literal that says what it is`() throws {
    func shown(_ text: String) -> String { "\(StoredValue.text(text))" }
    #expect(shown("a\"b\n") == #""a\"b\n""#)
    #expect(shown("a\u{202E}b\u{9B}") == #""a\u{202E}b\u{9B}""#)
    #expect(shown(#"\u{202E}"#) == #""\\u{202E}""#)
    #expect(shown("👩‍👧 김 é") == "\"👩‍👧 김 é\"")
    #expect(Set(hostile.map(shown)).count == hostile.count)
  }

  @Test func `breaks no line of a message, and turns none`() throws {
    for text in hostile {
      let errors = Self.errors(text)
      #expect(errors.count >= 8)
      for error in errors {
        #expect(Self.isOneLine("\(error)"), "\("\(error)".debugDescription)")
      }
    }
  }

  private static func isOneLine(_ text: String) -> Bool {
    !text.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: scalar.properties.isBidiControl
      }
    }
  }

  private static func errors(_ text: String) -> [any Error] {
    var errors: [any Error] = []
    func note(_ body: () throws -> Void) { do { try body() } catch { errors.append(error) } }
    note {
      var graph = Graph(try Schema { Tag.self })
      try graph.insert(Tag(id: text, text: nil, next: nil))
      try graph.insert(Tag(id: "next " + text, text: nil, next: text))
      note { try graph.insert(Tag(id: text, text: nil, next: nil)) }
      note { try graph.insert(Tag(id: "new", text: nil, next: "no " + text)) }
      note { try graph.insert(Tag(id: "new " + text, text: "refused", next: nil)) }
      note { try graph.insert(Tag(id: "new " + text, text: text + "too long", next: nil)) }
      note { _ = try graph.require(Tag.self, "no " + text) }
      note { _ = try graph.delete(Tag.self, text) }
      note { try graph.load(Tag.self, csv: TextSource(text: "x" + text, name: "text")) }
      note { try graph.load(Tag.self, csv: TextSource(text: "id\n" + text, name: "text")) }
      note { try graph.load(Tag.self, jsonLines: TextSource(text: "x" + text, name: "text")) }
      note { _ = try Cursor("x" + text) }
    }
    return errors
  }
}

/// A row whose names are tame, and whose values need not be.
private struct Tag: Row {
  var id: String
  var text: String?
  var next: String?

  static let table = Table(
    "tags", Self.init,
    Column("id", \.id),
    Column("text", \.text).maxLength(7).check("accepted") { $0 != "refused" },
    Column("next", \.next, references: Tag.self))
}

/// A row whose names would add to a diagram, if they could.
private struct Named: Row {
  var id: String
  var next: String?

  static let table = Table(
    "\" {\" a ||--o{ b : c", Self.init,
    Column("\"'id\", =id", \.id),
    Column("}{next\" -> \"x", \.next, references: Named.self))
}
