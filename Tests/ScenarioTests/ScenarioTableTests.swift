import Foundation
import Testing

/// The table of the README, against the tests that it lists.
@Suite struct `The table of scenarios` {
  /// The scenarios of sections 4.2 to 4.10.
  private static let numbers = [
    1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29, 31, 32, 34, 35, 37,
    38, 40, 41, 43, 44, 46, 47, 49, 50, 52, 53, 55, 56, 58, 59, 61, 62, 64, 65, 67, 68, 70, 71,
    73, 74, 76, 77, 79, 80, 82, 83, 85, 86, 88, 89, 91, 92, 94, 95, 97, 98, 100, 101, 103, 104,
    106, 107, 109, 110, 112, 113, 115, 116, 118, 119, 121, 122, 124, 125, 127, 128, 130, 131, 133,
    134, 136, 137, 139, 140, 142, 143, 145, 146, 148, 149, 151, 152, 154, 155, 157, 158, 160, 161,
    163, 164, 166, 167, 169, 170, 172, 173, 175, 176,
  ]

  /// A line of the table, or a test that cites a scenario.
  private struct Citation: Hashable {
    let number: Int
    let file: String
    let name: String
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// The lines `| 1 | ManyToManyTests | links made … |`.
  private static func listed() throws -> [Citation] {
    let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
    return try readme.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let number = cells.first.flatMap({ Int($0) }) else { return nil }
      try #require(cells.count == 3, "a line of the table has three cells: \(line)")
      return Citation(number: number, file: cells[1], name: cells[2])
    }
  }

  /// The tests whose names start with a number, and the snippets whose file names do.
  private static func cited() throws -> [Citation] {
    var citations: [Citation] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where file.hasSuffix(".swift") {
      let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for test in source.matches(of: #/func `(\d+): ([^`]+)`\(|@Test\("(\d+): ([^"]+)"/#) {
        let number = (test.1 ?? test.3).flatMap { Int($0) }
        let name = test.2 ?? test.4
        citations.append(
          Citation(
            number: try #require(number), file: String(file.dropLast(".swift".count)),
            name: String(try #require(name))))
      }
    }
    return citations
  }

  @Test func `lists the tests that there are, and no others`() throws {
    let listed = Set(try Self.listed().filter { $0.file.hasSuffix("Tests") })
    let cited = Set(try Self.cited())
    #expect(cited.subtracting(listed).isEmpty, "these tests are not in the table")
    #expect(listed.subtracting(cited).isEmpty, "the table lists tests that there are not")
  }

  @Test func `lists the snippets that do not compile, and no others`() throws {
    let names = Set(try Self.listed().map(\.file).filter { $0.hasPrefix("DoesNotCompile/") })
    let path = Self.folder.appending(path: "../DoesNotCompile").standardizedFileURL.path
    let snippets = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !$0.hasPrefix("compiles") && $0 != "Model" && !$0.hasPrefix("mistake-") }
    #expect(names == Set(snippets.map { "DoesNotCompile/\($0)" }))
    for line in try Self.listed() where names.contains(line.file) {
      let snippet = line.file.dropFirst("DoesNotCompile/".count)
      #expect(snippet.prefix { $0.isNumber } == "\(line.number)")
    }
  }

  @Test func `says of every other line why there is no test`() throws {
    for line in try Self.listed() where !line.file.hasSuffix("Tests") {
      #expect(line.file.hasPrefix("DoesNotCompile/") || line.file == "none")
      #expect(!line.name.isEmpty)
    }
  }

  @Test func `leaves no scenario of sections 4.2 to 4.5 out`() throws {
    let listed = Set(try Self.listed().map(\.number))
    #expect(Self.numbers.filter { !listed.contains($0) } == [])
  }
}
