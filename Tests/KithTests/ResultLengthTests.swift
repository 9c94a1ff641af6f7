import Kith
import Testing

/// Results come from the stack, from the heap, from a run or from the leaves of a hub, by how long
/// they are. Nobody may notice.
@Suite struct `Results of every length` {
  /// 1 ← 2, 3, … 1200: more followers than fit into a page. 2 → 3, … 1200.
  static let followers = Array(2...1_200)
  static func graph() throws -> Graph {
    try Feed.graph(
      users: 1_200, follows: followers.map { ($0, 1) } + followers.dropFirst().map { (2, $0) })
  }
  /// An array of up to 1 KiB, which are 128 keys or 256 slots, is made on the stack.
  static let lengths = [0, 1, 2, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1_199, 5_000]

  @Test(arguments: lengths)
  func `are the first rows, from any row on`(length: Int) throws {
    let query = try Self.graph()[User.self, 1].followers
    for dropped in [0, 1, 300, 1_198, 1_199, 2_000] {
      let part = query.dropFirst(dropped).prefix(length)
      let expected: [Int] = Array(Self.followers.dropFirst(dropped).prefix(length))
      let rows: [Int] = part.map(\.id)
      #expect(part.ids == expected)
      #expect(rows == expected)
      #expect(part.count == expected.count)
      #expect(part.first?.id == expected.first)
      #expect(part.isEmpty == expected.isEmpty)
    }
  }

  @Test(arguments: [1, 127, 128, 129, 256, 257, 900])
  func `are all rows of a run`(length: Int) throws {
    let ids = Array(2...(length + 1))
    let graph = try Feed.graph(users: 1_000, follows: ids.map { (1, $0) })
    let query = graph[User.self, 1].following
    let (rows, shared): ([Int], Query<User>) = (query.map(\.id), query.intersection(query))
    #expect(query.ids == ids)
    #expect(rows == ids)
    #expect(shared.ids == ids)
    #expect(query.followers.ids == [1])
  }

  @Test func `are one row, or none`() throws {
    let graph = try Self.graph()
    #expect(graph[User.self, 1].followers.first?.id == 2)
    #expect(graph[User.self, 3].followers.first?.id == 2)
    #expect(try graph[User.self, 3].followers.one().id == 2)
    #expect(graph[User.self, 1].following.first == nil)
    #expect(graph[User.self, 99_999].followers.first == nil)
    #expect(graph[User.self, 99_999].followers.isEmpty)
    #expect(throws: GraphError.notFound(table: "users", key: "that the query asks for")) {
      try graph[User.self, 99_999].followers.one()
    }
    #expect(throws: GraphError.severalFound(table: "users")) {
      try graph[User.self, 1].followers.one()
    }
  }
}
