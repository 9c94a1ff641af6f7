import Foundation
import Testing

@Suite struct `The documentation` {
  @Test func `shows no Swift that these tests do not run`() throws {
    let sources = try Catalogue.sources()
    let articles = try Catalogue.articles()
    #expect(articles.count > 1)
    for article in articles {
      let blocks = article.blocks("swift")
      #expect(!blocks.isEmpty, "\(article.name) has no Swift to check")
      for block in blocks {
        let isFound = sources.contains { $0.contains(block) }
        #expect(isFound, "\(article.name) shows this, which no test has:\n\(block.text)")
      }
    }
  }

  @Test func `closes every block, and says of each which language it is in`() throws {
    let languages = ["swift", "python", "sql", "console", "text"]
    for article in try Catalogue.articles() {
      let fences = article.lines.filter { $0.hasPrefix("```") }
      #expect(fences.count.isMultiple(of: 2), "\(article.name) leaves a block open")
      for index in fences.indices {
        let fence = String(fences[index].dropFirst(3))
        let isSound = index.isMultiple(of: 2) ? languages.contains(fence) : fence.isEmpty
        #expect(isSound, "\(article.name) has a fence that ends in \"\(fence)\"")
      }
    }
  }
}

/// The articles, and the sources of the tests that run what they show.
enum Catalogue {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let folder =
    tests.appending(path: "../../Sources/Kith/Kith.docc").standardizedFileURL

  static func articles() throws -> [Article] {
    try files(in: folder, "md").map(Article.init)
  }

  static func sources() throws -> [Lines] {
    try files(in: tests, "swift").map { try Lines(contentsOf: $0) }
  }

  /// The outputs that an article shows.
  static func outputs(_ name: String) throws -> [String] {
    try Article(folder.appending(path: "\(name).md")).blocks("text").map(\.text)
  }

  private static func files(in folder: URL, _ ending: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == ending }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}

/// A page of the documentation.
struct Article {
  let name: String
  let lines: [String]

  init(_ url: URL) throws {
    name = url.lastPathComponent
    lines = try Lines(contentsOf: url).lines
  }

  /// The blocks in a language, in order.
  func blocks(_ language: String) -> [Lines] {
    var blocks: [Lines] = []
    var open: [String]?
    for line in lines {
      if line == "```", let block = open {
        blocks.append(Lines(lines: block))
        open = nil
      } else if line == "```\(language)" {
        open = []
      } else {
        open?.append(line)
      }
    }
    return blocks
  }
}

/// The lines of a text.
struct Lines {
  let lines: [String]
  var text: String { lines.joined(separator: "\n") }

  /// Whether the lines of another text stand here, one after the other, all of them indented by the
  /// same spaces.
  func contains(_ block: Lines) -> Bool {
    guard let first = block.lines.first, block.lines.count <= lines.count else { return false }
    return (0...(lines.count - block.lines.count)).contains { start in
      guard lines[start].hasSuffix(first) else { return false }
      let indent = lines[start].dropLast(first.count)
      return indent.allSatisfy { $0 == " " }
        && zip(lines[start...], block.lines).allSatisfy { line, wanted in
          wanted.isEmpty ? line.isEmpty : line == indent + wanted
        }
    }
  }
}

extension Lines {
  init(contentsOf url: URL) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
