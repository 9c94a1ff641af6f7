import Foundation
import Kith
import KithFixtures
import Testing

/// What becomes of a cursor when rows are numbered anew, and when rows that its query names come or go.
@Suite struct `A cursor that is kept` {
  private struct Note: Row {
    var id: Int
    var text: String

    static let table = Table("notes", Self.init, Column("id", \.id), Column("text", \.text))
    static let replies = Association("replies", from: Note.self, "to", to: Note.self, "from")
    static let answers = hasMany(through: replies)
  }

  private func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Note.self
        Note.replies
      })
    try graph.insert(contentsOf: (1...9).map { Note(id: $0, text: "\(10 - $0)") })
    try graph.load(Note.replies, (2...9).map { (1, $0) })
    return graph
  }

  /// Queries in order of insertion, and what they yield behind the row 3.
  private static let unsorted: [(name: String, query: @Sendable (Graph) -> Query<Note>)] = [
    ("all", { $0[Note.self] }),
    ("a run", { $0[Note.self, 1].answers }),
    ("several", { $0[Note.self, 1...9] }),
    ("a filter", { $0[Note.self].filter(\.id > 0) }),
  ]

  private func rest(
    _ query: (Graph) -> Query<Note>, _ graph: Graph, _ cursor: Cursor?
  ) throws -> [Int] {
    try query(graph).page(size: 20, after: Cursor("\(#require(cursor))")).rows.map(\.id)
  }

  private func cursor(behind id: Int, _ query: Query<Note>) throws -> Cursor {
    let count = try #require(query.ids.firstIndex(of: id)) + 1
    return try #require(query.page(size: count).next)
  }

  @Test func `goes on when rows were numbered anew in their order`() throws {
    for (name, query) in Self.unsorted {
      var before = try graph()
      let cursor = try cursor(behind: 3, query(before))
      try before.delete(Note.self, 2)
      #expect(try rest(query, before, cursor) == Array(4...9), "\(name)")
      var compacted = before
      try compacted.compact()
      #expect(try rest(query, compacted, cursor) == Array(4...9), "\(name), compacted")
      try compacted.delete(Note.self, 5)
      try compacted.compact()
      #expect(try rest(query, compacted, cursor) == [4, 6, 7, 8, 9], "\(name), compacted twice")
      let decoded = try Graph(before.schema, decoding: before.encoded())
      #expect(try rest(query, decoded, cursor) == Array(4...9), "\(name), decoded")
      let back = try query(decoded).page(size: 20, before: cursor).rows.map(\.id)
      #expect(back == query(decoded).ids.filter { $0 < 3 }, "\(name), backwards")
    }
  }

  @Test func `is refused when rows were numbered anew and its own has gone`() throws {
    for (name, query) in Self.unsorted {
      var graph = try graph()
      let cursor = try cursor(behind: 3, query(graph))
      try graph.delete(Note.self, 3)
      #expect(try rest(query, graph, cursor) == Array(4...9), "\(name)")
      try graph.compact()
      #expect(
        throws: GraphError.invalidCursor(
          reason: "rows have been numbered anew, and its own has gone"), "\(name)"
      ) { try rest(query, graph, cursor) }
    }
  }

  @Test func `is refused when rows were put in another order, unless it is sorted`() throws {
    for (name, query) in Self.unsorted {
      var graph = try graph()
      let cursor = try cursor(behind: 3, query(graph))
      let sorted = { (graph: Graph) in query(graph).sorted(by: \.text) }
      let place = try self.cursor(behind: 4, sorted(graph))
      let expected = try rest(sorted, graph, place)
      try graph.compact(along: Note.answers)
      let newer = try #require(query(graph).page(size: 2).next)
      for _ in 1...2 {
        #expect(
          throws: GraphError.invalidCursor(reason: "rows have been put in another order since"),
          "\(name)"
        ) { try rest(query, graph, cursor) }
        #expect(try rest(query, graph, newer) == Array(query(graph).ids.dropFirst(2)), "\(name)")
        #expect(try rest(sorted, graph, place) == expected, "\(name)")
        try graph.compact()
      }
    }
  }

  @Test func `goes on when a row that is named by its key comes or goes or has another`() throws {
    let queries: [@Sendable (Graph) -> Query<Note>] = [
      { $0[Note.self].excluding(6).sorted(by: \.text) },
      { $0[Note.self].excluding(6, 99, 99).sorted(by: \.text) },
      { $0[Note.self, [9, 8, 7, 6, 5, 99]].sorted(by: \.text) },
      { $0[Note.self].subtracting($0[Note.self, 6]).sorted(by: \.text) },
      { $0[Note.self].subtracting($0[Note.self, 99]).sorted(by: \.text) },
    ]
    for (number, query) in queries.enumerated() {
      var graph = try graph()
      let cursor = try cursor(behind: 8, query(graph))
      func expectRest() throws {
        let expected = query(graph).ids.drop { $0 != 8 }.dropFirst()
        #expect(try rest(query, graph, cursor) == Array(expected), "query \(number)")
      }
      try expectRest()
      try graph.delete(Note.self, 6)
      try expectRest()
      try graph.insert(Note(id: 99, text: "5a"))
      try expectRest()
      try graph.update(Note.self, 99) { $0.id = 6 }
      try expectRest()
      try graph.compact(along: Note.answers)
      try expectRest()
    }
    // Other keys are another query, and so are some of them.
    let graph = try graph()
    let cursor = graph[Note.self, [7, 8, 99]].page(size: 1).next
    for keys in [[7, 8], [7, 8, 98], [7, 99], [7, 8, 9, 99]] {
      #expect(throws: GraphError.self, "\(keys)") {
        try graph[Note.self, keys].page(size: 1, after: cursor).rows
      }
    }
  }

  @Test func `has a text however long the values are`() throws {
    var graph = try graph()
    let long = String(repeating: "가나다", count: 200_000)
    try graph.insert(contentsOf: [Note(id: 10, text: "\u{0}" + long), Note(id: 11, text: long)])
    let query = { (graph: Graph) in graph[Note.self].sorted(by: \.text) }
    let cursor = query(graph).page(size: 1).next
    #expect(try rest(query, graph, cursor).count == 10)
  }

  /// Queries in an order by values.
  private static let sorted: [(name: String, query: @Sendable (Graph) -> Query<Note>)] = [
    ("by key", { $0[Note.self].sorted(by: \.id) }),
    ("by text", { $0[Note.self].sorted(by: \.text, .descending) }),
    ("a run by text", { $0[Note.self, 1].answers.sorted(by: \.text) }),
    ("by count", { $0[Note.self].sorted(by: Note.answers.count, .descending) }),
  ]

  @Test func `leads back from a page whose rows have gone to the page before`() throws {
    for (name, query) in Self.unsorted + Self.sorted {
      var graph = try graph()
      let all = query(graph).ids
      let second = try #require(query(graph).page(size: 3).next)
      try graph.delete(graph[Note.self, all[3...]])
      let empty = query(graph).page(size: 3, after: second)
      #expect(try empty.rows.isEmpty && empty.next == nil, "\(name)")
      let back = try Cursor("\(#require(empty.previous))")
      let first = query(graph).page(size: 3, before: back)
      #expect(try first.rows.map(\.id) == Array(all[..<3]) && first.previous == nil, "\(name)")
      #expect(try query(graph).page(size: 2, before: back).rows.map(\.id) == Array(all[1..<3]))
      // The row at which the page began may go as well.
      try graph.delete(Note.self, all[2])
      let rest = query(graph).page(size: 3, before: back)
      #expect(try rest.rows.map(\.id) == Array(all[..<2]), "\(name)")
      try graph.delete(graph[Note.self, all[..<2]])
      let none = query(graph).page(size: 3, before: back)
      #expect(try none.rows.isEmpty && none.next == second, "\(name)")
    }
  }

  @Test func `leads on from a page whose rows have gone to the page after`() throws {
    for (name, query) in Self.unsorted + Self.sorted {
      var graph = try graph()
      let all = query(graph).ids
      let last = query(graph).page(
        size: 3, after: query(graph).page(size: all.count - 3).next)
      let shown = try last.rows.map(\.id)
      #expect(shown == Array(all.suffix(3)), "\(name)")
      try graph.delete(graph[Note.self, all.dropLast(3)])
      let empty = query(graph).page(size: 3, before: try #require(last.previous))
      #expect(try empty.rows.isEmpty && empty.previous == nil, "\(name)")
      let on = try Cursor("\(#require(empty.next))")
      #expect(try query(graph).page(size: 9, after: on).rows.map(\.id) == shown, "\(name)")
    }
  }
}
