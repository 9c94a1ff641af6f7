import Foundation
import Kith
import KithFixtures
import Testing

@Suite struct `Edge list` {
  @Test(arguments: accepted)
  func `reads each form of a line, from memory and from a file`(form: EdgeListForm) throws {
    #expect(outcome(of: TextSource(bytes: form.bytes, name: "memory")) == Outcome(form.links))
    try withFile(form.bytes) { url in
      #expect(outcome(of: TextSource(contentsOf: url)) == Outcome(form.links))
      #expect(outcome(of: TextSource(path: url.path())) == Outcome(form.links))
    }
  }

  @Test(arguments: accepted)
  func `reads the same wherever chunks end`(form: EdgeListForm) throws {
    try withFile(form.bytes) { url in
      for size in 1...form.bytes.count + 1 {
        let inMemory = TextSource(bytes: form.bytes, name: "memory", chunkSize: size)
        #expect(outcome(of: inMemory) == Outcome(form.links), "chunks of \(size)")
        let inFile = TextSource(contentsOf: url, chunkSize: size)
        #expect(outcome(of: inFile) == Outcome(form.links), "chunks of \(size)")
      }
    }
  }

  @Test func `reads a text of any size, and holds a chunk of it`() throws {
    let count = 200_000
    let text = (0..<count).map { "\($0 * 7)\t\(-$0)\n" }.joined()
    try #require(text.utf8.count > 2 << 20)
    try withFile(Array(text.utf8)) { url in
      var links = 0
      try TextSource(contentsOf: url).forEachLink { source, target in
        if (source, target) != (links * 7, -links) { Issue.record("line \(links + 1)") }
        links += 1
      }
      #expect(links == count)
    }
  }

  @Test func `reads again each time`() {
    let list = TextSource(bytes: Array("1 2\n".utf8), name: "memory")
    #expect(outcome(of: list) == Outcome([[1, 2]]))
    #expect(outcome(of: list) == Outcome([[1, 2]]))
  }
}

@Suite struct `Edge list that is damaged` {
  @Test(arguments: refused)
  func `says where a line is wrong, and what stands there`(fault: EdgeListBlunder) {
    let error = GraphError.unreadableInput(
      file: "list.tsv", line: fault.line, column: fault.column, found: fault.found,
      expected: fault.expected)
    for size in [1, 2, 3, 7, 4096, 1 << 20] {
      let list = TextSource(bytes: fault.bytes, name: "list.tsv", chunkSize: size)
      #expect(outcome(of: list).error == error, "chunks of \(size)")
    }
  }

  @Test func `calls the file by its path, in words`() throws {
    try withFile(Array("1 2\n3 x\n".utf8)) { url in
      let path = url.path()
      let error = outcome(of: TextSource(path: path)).error
      #expect(error?.description == "\(path):2:3: expected an integer, found x")
    }
  }

  @Test func `delivers the links before the fault, and none after it`() {
    let list = TextSource(bytes: Array("1 2\n3 4\n5\n6 7\n".utf8), name: "memory")
    #expect(outcome(of: list).links == [[1, 2], [3, 4]])
  }

  @Test func `is read as it stands, or refused, wherever it is cut off`() {
    for count in small.indices { expectModel(Array(small[..<count])) }
  }

  @Test func `is read as it stands, or refused, whichever byte is replaced`() {
    for index in small.indices {
      var bytes = small
      for byte in UInt8.min...UInt8.max {
        bytes[index] = byte
        expectModel(bytes, chunkSize: 5)
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `agrees with a reader that splits, on random text`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<150 {
      let count = Int.random(in: 0...60, using: &random)
      // Now and then a piece that breaks a rule, among pieces that hardly ever do.
      var text = ""
      for _ in 0..<count {
        let pieces = Int.random(in: 0..<100, using: &random) == 0 ? badPieces : goodPieces
        text += pieces.randomElement(using: &random) ?? ""
      }
      let bytes = Array(text.utf8)
      expectModel(bytes, chunkSize: Int.random(in: 1...20, using: &random))
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `agrees with a reader that splits, on random bytes`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<150 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      expectModel(bytes, chunkSize: Int.random(in: 1...20, using: &random))
    }
  }
}

@Suite struct `Edge list with long lines` {
  @Test(arguments: [1 << 20, 4096, 1000, 19])
  func `may have lines of 4,096 bytes`(chunkSize: Int) {
    let bytes = line(ofBytes: 4096) + line(ofBytes: 4096, end: "\r") + line(ofBytes: 4096, end: "")
    let list = TextSource(bytes: bytes, name: "memory", chunkSize: chunkSize)
    #expect(outcome(of: list) == Outcome([[1, 2], [1, 2], [1, 2]]))
  }

  @Test(arguments: [1 << 20, 4096, 1000, 19])
  func `is refused when a line has one byte more`(chunkSize: Int) {
    let error = GraphError.unreadableInput(
      file: "memory", line: 2, column: 1, found: "1" + String(repeating: " ", count: 39) + "…",
      expected: "a line of at most 4,096 bytes")
    for tail in ["", "1 2\n", String(repeating: " ", count: 5000), " # no comment\n"] {
      let bytes = Array("1 2\n".utf8) + line(ofBytes: 4097).dropLast() + Array("\n\(tail)".utf8)
      let list = TextSource(bytes: bytes, name: "memory", chunkSize: chunkSize)
      #expect(outcome(of: list) == Outcome([[1, 2]], error))
    }
    let bytes = Array("1 2\n1 ".utf8) + Array(repeating: UInt8(ascii: " "), count: 10_000)
    let list = TextSource(bytes: bytes, name: "memory", chunkSize: chunkSize)
    #expect(outcome(of: list) == Outcome([[1, 2]], error))
  }

  @Test(arguments: [1 << 20, 4096, 1000, 7])
  func `may have comments of any length`(chunkSize: Int) {
    let filler = Array(repeating: UInt8(ascii: "x"), count: 50_000)
    let comment = Array("\t #".utf8) + filler
    let bytes = comment + Array("\n1 2\n".utf8) + comment + Array("\r\n3 4\n".utf8) + comment
    let list = TextSource(bytes: bytes, name: "memory", chunkSize: chunkSize)
    #expect(outcome(of: list) == Outcome([[1, 2], [3, 4]]))
    let damaged = TextSource(bytes: bytes + Array("\n5".utf8), name: "memory", chunkSize: chunkSize)
    #expect(
      outcome(of: damaged).error
        == .unreadableInput(
          file: "memory", line: 6, column: 2, found: "the end of the line",
          expected: "a second integer"))
  }

  @Test(arguments: [4095, 4096, 4097])
  func `takes a mark for a comment only within the first 4,096 bytes`(blanks: Int) {
    let bytes = Array(repeating: UInt8(ascii: " "), count: blanks) + Array("#\n1 2\n".utf8)
    for size in [1 << 20, 4096, 4097, 100, 19] {
      let result = outcome(of: TextSource(bytes: bytes, name: "memory", chunkSize: size))
      #expect(result == model(of: bytes, otherwise: result), "chunks of \(size)")
      #expect((result.error == nil) == (blanks < 4096))
    }
  }

  @Test func `is refused when it is binary, without a look for a line end`() {
    let bytes: [UInt8] = [0x1F, 0x8B, 0x08, 0x00] + Array(repeating: 0xFE, count: 3_000_000)
    let error = outcome(of: TextSource(bytes: bytes, name: "memory")).error
    #expect(
      error
        == .unreadableInput(
          file: "memory", line: 1, column: 1,
          found: #"\u{1F}\x8B\u{8}\u{0}"# + String(repeating: #"\xFE"#, count: 5) + "…",
          expected: "an integer"))
  }

  /// A line that links 1 to 2, with blanks that make up its length.
  private func line(ofBytes count: Int, end: String = "") -> [UInt8] {
    let blanks = Array(repeating: UInt8(ascii: " "), count: count - 2 - end.utf8.count)
    return Array("1".utf8) + blanks + Array("2\(end)\n".utf8)
  }
}

@Suite struct `Edge list in a file` {
  @Test func `is looked for when it is read, not before`() throws {
    let list = TextSource(path: "/nowhere/edges.tsv")
    #expect(
      outcome(of: list).error
        == .unreadableFile(file: "/nowhere/edges.tsv", reason: "there is no such file"))
  }

  @Test(arguments: ["edges\0.tsv", "edges.tsv/more", String(repeating: "x", count: 300)])
  func `is refused when it can't be opened`(name: String) throws {
    try withFile([]) { url in
      let path = url.path() + name
      guard case .unreadableFile(path, _) = outcome(of: TextSource(path: path)).error else {
        Issue.record("\(path) was read")
        return
      }
    }
  }

  @Test func `is refused when it is a directory`() {
    let directory = FileManager.default.temporaryDirectory
    let list = TextSource(contentsOf: directory)
    #expect(
      outcome(of: list).error
        == .unreadableFile(file: list.name, reason: "it is a directory, not a file"))
  }

  @Test func `is refused when the URL is that of a web page`() throws {
    let url = try #require(URL(string: "https://example.org/etc/hosts"))
    #expect(
      outcome(of: TextSource(contentsOf: url)).error
        == .unreadableFile(
          file: "https://example.org/etc/hosts", reason: "the URL is not that of a file"))
  }

  #if os(Linux)
    @Test func `is refused when reading fails`() {
      // The first page of a process is never mapped, so this file opens, and its first read fails.
      let path = "/proc/self/mem"
      #expect(
        outcome(of: TextSource(path: path)).error
          == .unreadableFile(
            file: path, reason: "the device reports an input or output error"))
    }

    @Test func `may have a size that nobody knows`() throws {
      var seen: [(bytesRead: Int, bytesInAll: Int?, links: Int)] = []
      try TextSource(path: "/dev/null").forEachLink(progress: { seen.append($0) }) { _, _ in }
      #expect(seen.map(\.bytesInAll) == [nil])
    }
  #endif

  @Test func `is read through a symbolic link`() throws {
    try withFile(Array("1 2\n".utf8)) { url in
      let link = url.appendingPathExtension("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: url)
      defer { try? FileManager.default.removeItem(at: link) }
      var seen: [(bytesRead: Int, bytesInAll: Int?, links: Int)] = []
      try TextSource(contentsOf: link).forEachLink(progress: { seen.append($0) }) { _, _ in }
      #expect(seen.map(\.bytesInAll) == [4])
    }
  }

  @Test func `has the path as its name, also with blanks in it`() {
    let url = URL(filePath: "/tmp/my graph.tsv")
    #expect(TextSource(contentsOf: url).name == "/tmp/my graph.tsv")
    #expect(TextSource(path: "my graph.tsv").name == "my graph.tsv")
  }
}

@Suite struct `Edge list progress` {
  let bytes = Array("1 2\n3 4\n5 6".utf8)

  @Test func `is told after each chunk, and at the end`() throws {
    try withFile(bytes) { url in
      for list in [
        TextSource(bytes: bytes, name: "memory", chunkSize: 4),
        TextSource(contentsOf: url, chunkSize: 4),
      ] {
        var seen: [(bytesRead: Int, bytesInAll: Int?, links: Int)] = []
        try list.forEachLink(progress: { seen.append($0) }) { _, _ in }
        #expect(seen.map(\.bytesRead) == [4, 8, 11])
        #expect(seen.map(\.bytesInAll) == [11, 11, 11])
        #expect(seen.map(\.links) == [1, 2, 3])
      }
    }
  }

  @Test func `is told once for an empty list`() throws {
    var seen: [(bytesRead: Int, bytesInAll: Int?, links: Int)] = []
    try TextSource(bytes: [], name: "memory").forEachLink(progress: { seen.append($0) }) { _, _ in }
    #expect(seen.map(\.bytesRead) == [0])
  }

  @Test func `stops the reading by an error`() {
    let list = TextSource(bytes: bytes, name: "memory", chunkSize: 4)
    var links = 0
    #expect(throws: CancellationError.self) {
      try list.forEachLink(progress: { _ in throw CancellationError() }) { _, _ in links += 1 }
    }
    #expect(links == 1)
  }

  @Test func `is not needed by a body that stops the reading`() {
    var links = 0
    #expect(throws: CancellationError.self) {
      try TextSource(bytes: bytes, name: "memory").forEachLink { source, _ in
        if source == 3 { throw CancellationError() }
        links += 1
      }
    }
    #expect(links == 1)
  }
}

// MARK: - What is read, and what is not

/// A text that is accepted, and its links.
struct EdgeListForm: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let links: [[Int]]
  var testDescription: String { name }

  init(_ name: String, _ text: String, _ links: [[Int]]) {
    self.name = name
    self.bytes = Array(text.utf8)
    self.links = links
  }
}

private let accepted = [
  EdgeListForm("tabs", "1\t2\n3\t4\n", [[1, 2], [3, 4]]),
  EdgeListForm("spaces", "1 2\n3    4\n", [[1, 2], [3, 4]]),
  EdgeListForm("tabs and spaces in any number", "1 \t\t 2\n3\t \t4\n", [[1, 2], [3, 4]]),
  EdgeListForm("blanks around", "  1 2\n\t3 4 \t\n", [[1, 2], [3, 4]]),
  EdgeListForm("comments", "# a 1 2\n1 2\n#\n \t# b\n3 4\n#c", [[1, 2], [3, 4]]),
  EdgeListForm("comments of any bytes", "# \0\r\u{7F} é 🙂 \u{2028}\n1 2\n", [[1, 2]]),
  EdgeListForm("Windows line ends", "# a\r\n1 2\r\n\r\n 3 4 \r\n", [[1, 2], [3, 4]]),
  EdgeListForm("Windows line ends, the last one half", "1 2\r\n3 4\r", [[1, 2], [3, 4]]),
  EdgeListForm("blank lines", "\n\n1 2\n \n\t\n3 4\n\n", [[1, 2], [3, 4]]),
  EdgeListForm("no last line end", "1 2\n3 4", [[1, 2], [3, 4]]),
  EdgeListForm("no last line end after blanks", "1 2\n3 4  ", [[1, 2], [3, 4]]),
  EdgeListForm("a byte order mark", "\u{FEFF}1 2\n", [[1, 2]]),
  EdgeListForm("a byte order mark before a comment", "\u{FEFF}# a\n1 2\n", [[1, 2]]),
  EdgeListForm("a byte order mark and nothing else", "\u{FEFF}", []),
  EdgeListForm("ids far apart", "9000000000 7\n12\t0\n", [[9_000_000_000, 7], [12, 0]]),
  EdgeListForm("ids below zero", "-1 -23\n4\t-5\n", [[-1, -23], [4, -5]]),
  EdgeListForm("leading zeros", "007 -0\n0000000000000000000000005 1\n", [[7, 0], [5, 1]]),
  EdgeListForm("the largest and the smallest", "\(Int.max) \(Int.min)\n", [[.max, .min]]),
  EdgeListForm("eighteen digits", "\(Int.max / 10)\t\(Int.min / 10)", [[.max / 10, .min / 10]]),
  EdgeListForm("nineteen digits", "\(Int.max - 1)\t\(Int.min + 1)", [[.max - 1, .min + 1]]),
  EdgeListForm("links that repeat, and lead back", "1 2\n1 2\n2 1\n", [[1, 2], [1, 2], [2, 1]]),
  EdgeListForm("a link from a row to itself", "3 3\n", [[3, 3]]),
  EdgeListForm("nothing", "", []),
  EdgeListForm("comments only", "# a\n# b\n", []),
  EdgeListForm("blank lines only", "\n \r\n\t", []),
]

/// A text that is refused, and its first fault.
struct EdgeListBlunder: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let line: Int
  let column: Int
  let found: String
  let expected: String
  var testDescription: String { "\(line):\(column): \(found)" }

  init(
    _ bytes: some Sequence<UInt8>, _ line: Int, _ column: Int, _ found: String, _ expected: String
  ) {
    self.bytes = Array(bytes)
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }
}

private let anyInt = "an integer from -9223372036854775808 to 9223372036854775807"

private func forty(_ text: String) -> String { String(repeating: text, count: 40) }

private let refused = [
  EdgeListBlunder("from to\n1 2\n".utf8, 1, 1, "from", "an integer"),
  EdgeListBlunder("# a\n\n1 2\n 3 b5 \n4 5\n".utf8, 4, 4, "b5", "an integer"),
  EdgeListBlunder("1,2\n".utf8, 1, 1, "1,2", "an integer"),
  EdgeListBlunder("1 2\n1 2x\n".utf8, 2, 3, "2x", "an integer"),
  EdgeListBlunder("1 2.0\n".utf8, 1, 3, "2.0", "an integer"),
  EdgeListBlunder("+1 2\n".utf8, 1, 1, "+1", "an integer"),
  EdgeListBlunder("- 2\n".utf8, 1, 1, "-", "an integer"),
  EdgeListBlunder("1 --2\n".utf8, 1, 3, "--2", "an integer"),
  EdgeListBlunder("1 2-\n".utf8, 1, 3, "2-", "an integer"),
  EdgeListBlunder("1 -".utf8, 1, 3, "-", "an integer"),
  EdgeListBlunder("1 # 2\n".utf8, 1, 3, "#", "an integer"),
  EdgeListBlunder("1 2\n7\n".utf8, 2, 2, "the end of the line", "a second integer"),
  EdgeListBlunder("7 \t\r\n1 2\n".utf8, 1, 4, "the end of the line", "a second integer"),
  EdgeListBlunder("1 2\n7".utf8, 2, 2, "the end of the line", "a second integer"),
  EdgeListBlunder("1 2 3\n".utf8, 1, 5, "3", "the end of the line"),
  EdgeListBlunder("1 2\r\n1\t2\t0.5 6\r\n".utf8, 2, 5, "0.5", "the end of the line"),
  EdgeListBlunder("1 2 # a\n".utf8, 1, 5, "#", "the end of the line"),
  EdgeListBlunder("9223372036854775808 1\n".utf8, 1, 1, "9223372036854775808", anyInt),
  EdgeListBlunder("1 -9223372036854775809\n".utf8, 1, 3, "-9223372036854775809", anyInt),
  EdgeListBlunder("1 99999999999999999999999".utf8, 1, 3, "99999999999999999999999", anyInt),
  EdgeListBlunder("1 \(forty("9"))99\n".utf8, 1, 3, forty("9") + "…", anyInt),
  EdgeListBlunder("\(forty("é")) 2".utf8, 1, 1, forty("é"), "an integer"),
  EdgeListBlunder("1 \(forty("🙂"))🙂".utf8, 1, 3, forty("🙂") + "…", "an integer"),
  EdgeListBlunder("1 2\r3 4\n".utf8, 1, 3, #"2\u{D}3"#, "an integer"),
  EdgeListBlunder("1 2\r\r\n".utf8, 1, 3, #"2\u{D}"#, "an integer"),
  EdgeListBlunder("1 2\0\n".utf8, 1, 3, #"2\u{0}"#, "an integer"),
  EdgeListBlunder("\u{1B}[31m 2\n".utf8, 1, 1, #"\u{1B}[31m"#, "an integer"),
  EdgeListBlunder("1\u{A0}2\n".utf8, 1, 1, #"1\u{A0}2"#, "an integer"),
  EdgeListBlunder("1 \u{202E}2\n".utf8, 1, 3, #"\u{202E}2"#, "an integer"),
  EdgeListBlunder(#"1 \n"#.utf8, 1, 3, #"\\n"#, "an integer"),
  EdgeListBlunder("1 ٣\n".utf8, 1, 3, "٣", "an integer"),
  EdgeListBlunder("\u{FEFF}x 2\n".utf8, 1, 4, "x", "an integer"),
  EdgeListBlunder("1 2\n\u{FEFF}3 4\n".utf8, 2, 1, #"\u{FEFF}3"#, "an integer"),
  EdgeListBlunder([0xEF, 0xBB], 1, 1, #"\xEF\xBB"#, "an integer"),
  EdgeListBlunder([0xFF, 0xFE, 0x31, 0x00, 0x20, 0x00], 1, 1, #"\xFF\xFE1\u{0}"#, "an integer"),
  EdgeListBlunder([0x31, 0x20, 0xC3, 0x28, 0xF0, 0x9F], 1, 3, #"\xC3(\xF0\x9F"#, "an integer"),
]

// MARK: - The model

/// What a list delivered, and how its reading ended.
private struct Outcome: Equatable {
  var links: [[Int]]
  var error: GraphError?

  init(_ links: [[Int]], _ error: GraphError? = nil) {
    self.links = links
    self.error = error
  }
}

private func outcome(of list: TextSource) -> Outcome {
  var result = Outcome([])
  do {
    try list.forEachLink { result.links.append([$0, $1]) }
  } catch {
    result.error = error as? GraphError
    if result.error == nil { Issue.record("\(error) is no GraphError") }
  }
  return result
}

/// Reads by splitting.
///
/// Where it fails, it has the error of another reader, if that names the same line.
private func model(of bytes: [UInt8], otherwise other: Outcome) -> Outcome {
  var result = Outcome([])
  let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  for (index, line) in lines.enumerated() {
    var text = line[...]
    if index == 0, text.starts(with: "\u{FEFF}".utf8) { text = text.dropFirst(3) }
    if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
    let fields = text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    if let mark = fields.first, mark.first == UInt8(ascii: "#"),
      mark.startIndex - line.startIndex < 4096
    {
      continue
    }
    let numbers = fields.compactMap { field in
      field.first == UInt8(ascii: "+") ? nil : Int(String(decoding: field, as: UTF8.self))
    }
    if fields.isEmpty, line.count <= 4096 { continue }
    if fields.count == 2, numbers.count == 2, line.count <= 4096 {
      result.links.append(numbers)
    } else {
      let fault = GraphError.unreadableFile(file: "model", reason: "line \(index + 1)")
      if case .unreadableInput(_, index + 1, _, _, _) = other.error {
        result.error = other.error
      } else {
        result.error = fault
      }
      return result
    }
  }
  return result
}

/// Expects that bytes are read as the model does, in one chunk and in many.
private func expectModel(
  _ bytes: [UInt8], chunkSize: Int = 3, at location: SourceLocation = #_sourceLocation
) {
  let result = outcome(of: TextSource(bytes: bytes, name: "memory"))
  let wanted = model(of: bytes, otherwise: result)
  let inChunks = outcome(of: TextSource(bytes: bytes, name: "memory", chunkSize: chunkSize))
  if result != wanted || inChunks != wanted {
    Issue.record(
      "\(bytes), chunks of \(chunkSize): \(result), \(inChunks), not \(wanted)",
      sourceLocation: location)
  }
}

/// A text with everything in it that a line may have.
private let small = Array(
  "\u{FEFF}# a\r\n12 -3\n\n \t4\t\t5 \r\n #b\n9223372036854775807 0\n6 7".utf8)

private let goodPieces = [
  "1 2\n", "3\t4\r\n", "\n", "-5  6 \n", "# a b\n", " \t", "\(Int.max) \(Int.min)\n", "#\r\n",
]
private let badPieces = [
  "1", "-", " ", "#", "x", "\r", "\0", "é", "+1 2\n", "99999999999999999999 1\n", "8 9",
  "\u{FEFF}",
]

/// Runs a body with a file that holds these bytes, and removes it afterwards.
private func withFile(_ bytes: [UInt8], _ body: (URL) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).tsv")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url)
}
