import Foundation
import Kith
import Testing

@Suite struct `The example` {
  @Test func `runs as it is written, and yields what its comments say`() throws {
    let values = try runExample()
    #expect(values.count == 5)
    let following = try #require(values[0] as? Query<User>)
    #expect(following.map(\.handle) == ["grace"])
    let recentFollowers = try #require(values[1] as? Query<User>)
    #expect(Array(recentFollowers).isEmpty)
    let feed = try #require(values[2] as? Page<Post>)
    #expect(try feed.rows.isEmpty && feed.next == nil && feed.previous == nil)
    let suggestions = try #require(values[3] as? [Ranked<User>])
    #expect(suggestions.isEmpty)
    let store = try #require(values[4] as? GraphStore)
    #expect(store.snapshot[User.self].ids == [1, 2])
  }

  @Test func `stands in the README word for word`() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let example = try String(contentsOf: tests.appending(path: "Example.swift"), encoding: .utf8)
    let readme = try String(
      contentsOf: tests.appending(path: "../../README.md").standardized, encoding: .utf8)
    let declarations = try part("declarations", of: example)
    let statements = try part("statements", of: example).map { String($0.dropFirst(2)) }
    let published = try #require(readme.split(separator: "```swift\n").dropFirst().first)
      .split(separator: "\n```")[0].split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    #expect(published == ["import Kith", ""] + declarations + [""] + statements)
  }

  private func part(_ name: String, of text: String) throws -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let begin = try #require(lines.firstIndex { $0.hasSuffix("// README: begin \(name)") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("// README: end \(name)") })
    return Array(lines[(begin + 1)..<end])
  }
}
