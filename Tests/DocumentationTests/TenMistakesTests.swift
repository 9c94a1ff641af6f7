import Foundation
import Kith
import Testing

struct Person: Row {
  var id: Int
  var first: String
  var last: String

  static let table = Table(
    "people", Self.init,
    Column("id", \.id),
    Column("last", \.last),
    Column("first", \.first))
}

@Suite struct `Ten mistakes` {
  /// Whether the page shows the message of the error that a call threw.
  private func isShown<Success>(_ outcome: Result<Success, any Error>) throws -> Bool {
    guard case .failure(let error) = outcome else { return false }
    return try Catalogue.outputs("TenMistakes").contains("\(error)")
  }

  @Test func `show columns in another order than the properties`() throws {
    var graph = Graph(try Schema { Person.self })
    let insertion = Result { try graph.insert(Person(id: 1, first: "Ada", last: "Lovelace")) }
    #expect(try isShown(insertion))
  }

  @Test func `show a cursor of another query`() throws {
    let graph = try Network.graph(users: 4)
    let byHandle = graph[User.self].sorted(by: \.handle).page(size: 2)
    let byName = graph[User.self].sorted(by: \.name).page(size: 2, after: byHandle.next)
    let rows = Result { try byName.rows }
    #expect(try isShown(rows))
  }

  @Test func `show a table that is missing in the schema`() throws {
    var graph = Graph(try Schema { Person.self })
    let insertion = Result {
      try graph.insert(Post(id: 1, author: 1, text: "Hello", createdAt: .now))
    }
    #expect(try isShown(insertion))
  }

  @Test func `show a row that was deleted`() throws {
    var graph = try Network.graph(users: 3, follows: [(1, 2)])
    let ada = try graph.require(User.self, 1)
    try graph.delete(User.self, 1)
    let followed = graph[ada].following.count  // 0
    let update = Result { try graph.update(User.self, 1) { $0.handle = "countess" } }
    let link = Result { try graph.append(2, to: User.following, of: 1) }
    #expect(followed == 0)
    #expect(try isShown(update))
    #expect(try isShown(link))
  }

  /// `Tests/does-not-compile.sh` shows the snippets to the compiler.
  @Test func `show what the compiler refuses, and its words`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../DoesNotCompile").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("mistake-") && !$0.hasSuffix("control.swift") }.sorted()
    #expect(names.count == 8)
    let shown = try Catalogue.outputs("TenMistakes")
    for name in names {
      let snippet = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let lines = snippet.split(separator: "\n", maxSplits: 1)
      let message = lines[0].trimmingPrefix("// expect: ")
      #expect(shown.contains(String(message)), "\(name)")
      let code = lines[1].filter { !$0.isWhitespace }
      let isShown = shown.contains { code.contains($0.filter { !$0.isWhitespace }) }
      #expect(isShown || name.hasSuffix("of-a-named-type.swift"), "\(name)")
    }
  }
}
