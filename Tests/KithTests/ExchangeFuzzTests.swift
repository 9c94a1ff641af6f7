import Foundation
import Kith
import KithFixtures
import Testing

/// Two texts, of which the second may be missing.
private struct Cell: Row {
  var id: String
  var note: String?
  static let table = Table("cells", Self.init, Column("id", \.id), Column("note", \.note))

  static func graph() throws -> Graph { Graph(try Schema { Cell.self }) }
}

/// What became of a text: the rows, bit by bit, and the report.
private struct Outcome: Equatable {
  var rows: [[[UInt8]?]] = []
  var report: LoadReport?
  var error: GraphError?

  init(_ load: (inout Graph) throws -> LoadReport) throws {
    var graph = try Cell.graph()
    do {
      report = try load(&graph)
    } catch let error as GraphError {
      self.error = error
    }
    rows = graph[Cell.self].map { [Array($0.id.utf8), $0.note.map { Array($0.utf8) }] }
  }
}

@Suite struct `Random CSV` {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `is read as it was meant, however it is written`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let mark = random.pick([",", ";", "\t"])
    let ends = [["\n"], ["\r"], ["\r\n"], ["\n", "\r\n"]].randomElement(using: &random) ?? ["\n"]
    var text = random.pick(["", "\u{FEFF}"]) + "id" + mark + "note" + random.pick(ends)
    var wanted: [[[UInt8]?]] = []
    for line in 0..<Int.random(in: 0...8, using: &random) {
      let id = "\(line)" + random.text()
      let note = Bool.random(using: &random) ? random.text() : nil
      wanted.append([Array(id.utf8), note.map { Array($0.utf8) }])
      text += random.written(id, mark) + mark + (note.map { random.written($0, mark) } ?? "")
      text += random.pick(ends)
    }
    for size in Array(1...16) + [1 << 20] {
      let outcome = try read(Array(text.utf8), Character(mark), chunkSize: size)
      #expect(outcome.rows == wanted && outcome.report?.refusedCount == 0, "chunks of \(size)")
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `is read the same wherever chunks end, whatever is wrong with it`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pieces = ["\"", "\"\"", ",", "\n", "\r", "\r\n", "a", "é", " ", "\u{FEFF}"]
    var bytes = Array((random.pick(["", "\u{FEFF}"]) + "note,id\r\n").utf8)
    for _ in 0..<Int.random(in: 0...60, using: &random) {
      bytes += Array(random.pick(pieces).utf8)
      if Int.random(in: 0..<30, using: &random) == 0 {
        bytes.append(.random(in: 128...255, using: &random))
      }
    }
    for allOrNothing in [true, false] {
      let whole = try read(bytes, ",", chunkSize: 1 << 20, allOrNothing)
      for size in 1...16 {
        let outcome = try read(bytes, ",", chunkSize: size, allOrNothing)
        #expect(outcome == whole, "chunks of \(size)")
      }
    }
  }

  private func read(
    _ bytes: [UInt8], _ separator: Character, chunkSize: Int, _ allOrNothing: Bool = false
  ) throws -> Outcome {
    let source = TextSource(bytes: bytes, name: "text", chunkSize: chunkSize)
    return try Outcome { graph in
      try graph.load(Cell.self, csv: source, separator: separator, allOrNothing: allOrNothing)
    }
  }
}

@Suite struct `Random JSON lines` {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `are read where Foundation reads them, and nowhere else`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let line = random.damaged(#"{"id":"\u00e9\n a","note":"b\\\"\uD83D\uDE42"}"#)
      // RFC 8259 has no comma before the end of an object; Foundation takes one.
      if line.filter({ $0 > 32 }).suffix(2) == Array(",}".utf8) { continue }
      let text = TextSource(bytes: line, name: "text", chunkSize: 7)
      let ours = try Outcome { graph in
        try graph.load(Cell.self, jsonLines: text)
      }
      let theirs = model(line)
      #expect((ours.error == nil) == (theirs != nil), "\(String(decoding: line, as: UTF8.self))")
      if let theirs { #expect(ours.rows == [theirs]) }
    }
  }

  /// What Foundation reads, if it fits the table.
  private func model(_ line: [UInt8]) -> [[UInt8]?]? {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
      let id = object["id"] as? String, Set(object.keys).isSubset(of: ["id", "note"])
    else { return nil }
    switch object["note"] {
    case nil, is NSNull: return [Array(id.utf8), nil]
    case let note as String: return [Array(id.utf8), Array(note.utf8)]
    default: return nil
    }
  }
}

extension SplitMix64 {
  fileprivate mutating func pick(_ choices: [String]) -> String {
    choices.randomElement(using: &self) ?? ""
  }

  fileprivate mutating func text() -> String {
    (0..<Int.random(in: 0...4, using: &self)).map { _ in
      pick(["a", "김", ",", ";", "\t", "\"", "\n", "\r", "\r\n", " ", "\\", "\u{301}", "\u{FEFF}"])
    }.joined()
  }

  /// A text as a field: in quotes where it must be, and elsewhere sometimes.
  fileprivate mutating func written(_ text: String, _ mark: String) -> String {
    let needsQuotes =
      text.isEmpty || text.utf8.contains { "\"\n\r\(mark)".utf8.contains($0) }
    guard needsQuotes || Bool.random(using: &self) else { return text }
    let inner = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(inner)\""
  }

  /// A text in which a few bytes are replaced, taken out or put in.
  fileprivate mutating func damaged(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    let awkward = Array("\"\\{}[]:,0-.eE+u dD8\t\r".utf8) + [0xC3, 0xFF, 0x1F]
    for _ in 0..<Int.random(in: 0...2, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &self)
      let byte = awkward.randomElement(using: &self) ?? 0
      switch Int.random(in: 0..<3, using: &self) {
      case 0: bytes[place] = byte
      case 1: bytes.remove(at: place)
      default: bytes.insert(byte, at: place)
      }
    }
    return bytes
  }
}
