import Kith
import Testing

@Suite struct `Numbered pages` {
  private static func items(_ count: Int) throws -> Query<Users.Item> {
    var graph = Graph(try Users.schema())
    try graph.insert(contentsOf: (0..<count).map { Users.Item(id: $0 + 1, text: "item") })
    return graph[Users.Item.self]
  }

  @Test func `127: a page knows how many there are and which are beside it`() throws {
    let items = try Self.items(150)
    let first = items.page(number: 1, size: 10)
    #expect(first.total == 150 && first.pageCount == 15)
    #expect(first.previous == nil && first.next == 2)
    #expect(first.strip() == [1, 2, 3, 4, 5, nil, 14, 15])
    let last = items.page(number: 15, size: 10)
    #expect(last.previous == 14 && last.next == nil)
    #expect(last.rows.map(\.id) == Array(141...150))
    #expect(
      items.page(number: 7, size: 10).strip(edges: 1, before: 1, after: 1) == [
        1, nil, 6, 7, 8, nil, 15,
      ])
  }

  @Test func `128: a page knows which items it shows`() throws {
    let items = try Self.items(145)
    let first = items.page(number: 1, size: 10)
    #expect([first.firstItem, first.lastItem] == [1, 10])
    let last = items.page(number: 15, size: 10)
    #expect([last.firstItem, last.lastItem] == [141, 145])
    #expect(last.pageCount == 15)
    let none = try Self.items(0).page(number: 1, size: 10)
    #expect([none.firstItem, none.lastItem, none.pageCount] == [0, 0, 0])
    #expect(none.next == nil && none.previous == nil)
    #expect(none.strip().isEmpty)
  }

  @Test func `130: a page that is too large is cut, and the next as well`() throws {
    let items = try Self.items(150)
    let page = items.page(number: 1, size: 100, maxSize: 50)
    #expect(page.size == 50 && page.rows.count == 50 && page.pageCount == 3)
    let next = items.page(number: try #require(page.next), size: page.size, maxSize: 50)
    #expect(next.size == 50 && next.firstItem == 51)
    #expect(items.page(number: 1, size: 20, maxSize: 50).size == 20)
  }

  @Test func `131: the total is not counted when it is not wanted`() throws {
    let items = try Self.items(150)
    let page = items.page(number: 2, size: 10, counting: false)
    #expect(page.total == nil && page.pageCount == nil)
    #expect(page.next == 3 && page.previous == 1)
    #expect(items.page(number: 15, size: 10, counting: false).next == nil)
  }

  @Test func `133: what must be there and is not is an error`() throws {
    let graph = try Users.graph()
    #expect(try graph.require(Users.User.self, 8).name == "ed")
    // Differs: the message is made of the table and the key, not handed in.
    let missing = GraphError.notFound(table: "users", key: "12")
    #expect(throws: missing) { try graph.require(Users.User.self, 12) }
    #expect("\(missing)" == "users holds no row 12")
    let users = graph[Users.User.self]
    let none = GraphError.notFound(table: "users", key: "that the query asks for")
    #expect(try users.sorted(by: \.name).prefix(1).one().name == "chuck")
    #expect(throws: none) { try users.filter(\.id > 10).prefix(1).one() }
    #expect(throws: none) { try users.filter(\.id > 10).one() }
    #expect(throws: GraphError.severalFound(table: "users")) { try users.one() }
    #expect(try users.filter(\.id > 10).oneOrNil() == nil)
  }
}

@Suite struct `Pages after a cursor` {
  private typealias Post = Follows.Post

  private static let count = 11

  /// Posts of one author, whose keys do not ascend and whose times are shared by up to four.
  private static func graph() throws -> Graph {
    var graph = try Follows.graph(["ada"], follows: [])
    let keys = (1...count).map { $0 * 7 % 12 }
    try graph.insert(contentsOf: keys.map { Follows.post($0, by: 1, at: $0 % 3) })
    return graph
  }

  /// The same rows in every order, each with the keys that a plain sort gives.
  private static func orders() throws -> [(query: Query<Post>, keys: [Int])] {
    let graph = try graph()
    let posts = graph[Post.self]
    func keys(_ comesFirst: (Post, Post) -> Bool) -> [Int] {
      posts.sorted(by: comesFirst).map(\.id)
    }
    return [
      (posts, (1...count).map { $0 * 7 % 12 }),
      (posts.sorted(by: \.id, .descending), (1...count).reversed()),
      (posts.sorted(by: \.createdAt), keys { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }),
      (
        posts.sorted(by: \.createdAt, .descending),
        keys { ($1.createdAt, $0.id) < ($0.createdAt, $1.id) }
      ),
      (
        posts.sorted(by: \.createdAt, .descending, \.id, .descending),
        keys { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
      ),
      (
        graph[Follows.User.self, 1].posts.sorted(by: \.createdAt, .descending),
        keys { ($1.createdAt, $0.id) < ($0.createdAt, $1.id) }
      ),
      (
        posts.filter(\.id > 3).sorted(by: \.createdAt),
        keys { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.filter { $0 > 3 }
      ),
    ]
  }

  @Test(arguments: 1...(count + 1))
  func `134: pages of any size make up the whole list`(size: Int) throws {
    for (query, keys) in try Self.orders() {
      var pages: [[Int]] = []
      var cursor: Cursor?
      repeat {
        let page = query.page(size: size, after: cursor)
        pages.append(try page.rows.map(\.id))
        cursor = page.next
      } while cursor != nil
      #expect(pages.flatMap(\.self) == keys)
      #expect(pages.dropLast().allSatisfy { $0.count == size })
      #expect(pages.count == (keys.count + size - 1) / size)
    }
  }

  @Test func `136: a cursor is refused by another query or order, and survives as text`() throws {
    let graph = try Self.graph()
    let posts = graph[Post.self]
    let query = posts.sorted(by: \.createdAt)
    let cursor = try #require(query.page(size: 4).next)
    let others = [
      posts, posts.sorted(by: \.createdAt, .descending), posts.sorted(by: \.id),
      posts.filter(\.id > 3).sorted(by: \.createdAt),
      posts.sorted(by: \.createdAt, .ascending, \.author),
      graph[Follows.User.self, 1].posts.sorted(by: \.createdAt),
    ]
    for other in others {
      let page = other.page(size: 4, after: cursor)
      #expect(throws: GraphError.invalidCursor(reason: "it belongs to another query or order")) {
        try page.rows
      }
    }
    #expect(throws: GraphError.invalidCursor(reason: "its text is damaged")) {
      try Cursor("not a cursor")
    }
    let text = try Cursor("\(cursor)")
    #expect(text == cursor)
    // The rows of a store that was filled anew, as after a restart.
    let again = try Self.graph()[Post.self].sorted(by: \.createdAt)
    #expect(try again.page(size: 4, after: text).rows.map(\.id) == Array(query.ids[4..<8]))
  }

  @Test func `136: a cursor of a table whose column has another name is refused`() throws {
    func cursor() throws -> Cursor? {
      var graph = Graph(try Schema { Users.Item.self })
      try graph.insert(contentsOf: [Users.Item(id: 1, text: "a"), Users.Item(id: 2, text: "b")])
      return graph[Users.Item.self].sorted(by: \.text).page(size: 1).next
    }
    var graph = Graph(try Schema { RenamedItem.self })
    try graph.insert(contentsOf: [RenamedItem(id: 1, text: "a"), RenamedItem(id: 2, text: "b")])
    let page = graph[RenamedItem.self].sorted(by: \.text).page(size: 1, after: try cursor())
    #expect(throws: GraphError.invalidCursor(reason: "it belongs to another query or order")) {
      try page.rows
    }
  }

  @Test(arguments: 1...(count + 1))
  func `137: pages before any place come in the same order`(size: Int) throws {
    for (query, keys) in try Self.orders() {
      for index in keys.indices.dropFirst() {
        // A cursor is the place of a row: that of the last row of a page, and of the first.
        let place = try #require(query.page(size: index).next)
        let before = query.page(size: size, before: place)
        #expect(try before.rows.map(\.id) == keys[..<(index - 1)].suffix(size))
        #expect((before.previous == nil) == (index - 1 <= size))
        let after = query.page(size: size, after: place)
        let back = query.page(size: size, before: try #require(after.previous))
        #expect(try back.rows.map(\.id) == keys[..<index].suffix(size))
      }
    }
  }
}

/// The same table as `Users.Item` after its second column was renamed.
private struct RenamedItem: Row {
  var id: Int
  var text: String

  static let table = Table("items", Self.init, Column("id", \.id), Column("title", \.text))
}
