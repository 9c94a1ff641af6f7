import Foundation
import Kith
import Testing

/// Queries that differ in what they compare with, however little.
@Suite struct `A cursor of another query` {
  private struct Letter: Row {
    var id: Int
    var sent: Date
    var seal: [UInt8]
    var text: String
    var day: Date { sent }

    static let table = Table(
      "letters", Self.init, Column("id", \.id), Column("sent", \.sent), Column("seal", \.seal),
      Column("text", \.text))
    static let answers = Association("answers", from: Letter.self, "a", to: Letter.self, "b")
    static let answered = hasMany(through: answers)
  }

  private static let day = Date(timeIntervalSinceReferenceDate: 0)
  /// A quarter of a second later: written to the second, it is the same.
  private static let later = Date(timeIntervalSinceReferenceDate: 0.25)

  /// Predicates that all accept every row, and none of which is another.
  private static let predicates: [Kith.Predicate<Letter>] = [
    .isIn(\.sent, [day]), .isIn(\.sent, [day, later]), .isIn(\.sent, [day, day + 1]),
    .isIn(\.seal, [[0, 0]]), .isIn(\.seal, [[0, 0], [1, 0]]), .isIn(\.seal, [[0, 0], [0, 1]]),
    !(\.sent < day), !(\.sent > day), !(\.sent > later),
    \.sent == day || \.id == 7, \.sent == day || \.id == 8, \.sent <= later || \.id == 7,
    \.day == day, \.day < later, \.day < later + 0.25, .isIn(\.day, [day]),
    .isIn(\.day, [day, later]), .isIn(\.day, [day, later + 0.25]),
    .hasPrefix(\.text, ""), .hasPrefix(\.text, "a"), .contains(\.text, "a"),
    Letter.answered.contains(1), Letter.answered.contains(2),
    Letter.answered.contains(where: \.sent <= day),
    Letter.answered.contains(where: \.sent <= later), Letter.answered.count > 0,
    Letter.answered.count > 1, Letter.answered.count != 1,
  ]

  @Test func `is refused, whatever it compares with`() throws {
    var graph = Graph(
      try Schema {
        Letter.self
        Letter.answers
      })
    try graph.insert(
      contentsOf: [1, 2, 3].map { Letter(id: $0, sent: Self.day, seal: [0, 0], text: "ab") })
    try graph.load(Letter.answers, [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)])
    let queries = Self.predicates.map { graph[Letter.self].filter($0) }
    for (place, query) in queries.enumerated() {
      let cursor = try #require(query.page(size: 1).next, "\(query)")
      for (other, asked) in queries.enumerated() {
        let page = asked.page(size: 2, after: cursor)
        if place == other {
          #expect(try page.rows.map(\.id) == [2, 3])
        } else {
          #expect(throws: GraphError.self, "\(query), \(asked)") { try page.rows }
        }
      }
    }
  }
}
