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

  /// Sizes and numbers of pages come from outside.
  @Test func `are pages of any size and number`() throws {
    let query = try Self.graph()[User.self, 1].followers
    for query in [query, query.sorted(by: \.handle), query.filter(\.id > 0)] {
      let page = query.page(size: .max)
      #expect(try page.rows.map(\.id) == query.ids && page.next == nil)
      let cursor = try #require(query.page(size: 1).next)
      #expect(try query.page(size: .max, after: cursor).rows.count == Self.followers.count - 1)
      #expect(try query.page(size: .max, before: cursor).rows.isEmpty)
      for (number, size) in [(0, 1), (.min, 0), (1, .min)] {
        let page = query.page(number: number, size: size)
        #expect(page.rows.map(\.id) == Array(query.ids.prefix(1)) && page.size == 1)
        #expect(page.number == 1 && page.previous == nil && page.next == 2)
      }
      #expect(try query.page(size: 0).rows.count == 1)
      #expect(try query.page(size: .min, after: cursor).rows.count == 1)
      for size in [1, 100, 5_000, Int.max] {
        let first = query.page(number: 1, size: size)
        #expect(first.rows.count == min(size, Self.followers.count))
        #expect(first.pageCount == max(1, (Self.followers.count + size / 2) / size))
        let last = query.page(number: .max, size: size)
        #expect(last.rows.isEmpty && last.next == nil && last.firstItem == 0)
        #expect(last.strip(edges: 1, before: 1, after: .max).first == 1)
        #expect(first.strip(edges: .max, before: .max, after: .max).count == first.pageCount)
        #expect(last.strip(edges: 0, before: .max, after: 0).count == first.pageCount)
      }
    }
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
