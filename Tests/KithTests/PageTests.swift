import Foundation
import Kith
import Testing

@Suite struct `A page` {
  /// Users 1…5, who all follow each other, and posts whose times have ties.
  private static func graph(posts: Int) throws -> Graph {
    let follows = (1...5).flatMap { a in (1...5).filter { $0 != a }.map { (a, $0) } }
    var graph = try Feed.graph(users: 5, follows: follows)
    for id in (1...posts).reversed() {
      try graph.insert(Feed.post(id, by: id % 5 + 1, at: id * 7 % 13))
    }
    return graph
  }

  /// The whole feed of user 1, newest first, ties by key, as a sort of everything gives it.
  private static func expected(_ graph: Graph) -> [Int] {
    graph[Post.self].filter { $0.author != 1 }.sorted {
      $0.createdAt == $1.createdAt ? $0.id < $1.id : $0.createdAt > $1.createdAt
    }.map(\.id)
  }

  @Test(arguments: 1...42)
  func `after another gives the whole feed, whatever the size`(size: Int) throws {
    let graph = try Self.graph(posts: 40)
    let feed = graph[User.self, 1].following.posts.sorted(by: \.createdAt, .descending)
    var seen: [Int] = []
    var cursor: Cursor?
    repeat {
      let page = feed.page(size: size, after: cursor)
      #expect(try page.rows.count <= size)
      seen += try page.rows.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(seen == Self.expected(graph))
    #expect(feed.map(\.id) == seen)
  }

  @Test(arguments: [1, 2, 3, 7, 32])
  func `before another goes back the same way`(size: Int) throws {
    let graph = try Self.graph(posts: 40)
    let feed = graph[User.self, 1].following.posts.sorted(by: \.createdAt, .descending)
    var pages: [[Int]] = []
    var page = feed.page(size: size)
    while true {
      pages.append(try page.rows.map(\.id))
      guard let next = page.next else { break }
      page = feed.page(size: size, after: next)
    }
    var back = [pages[pages.count - 1]]
    while let previous = page.previous {
      page = feed.page(size: size, before: previous)
      back.append(try page.rows.map(\.id))
    }
    #expect(back.reversed() == pages)
  }

  @Test func `starts at the place of any row, also of one that the query has not`() throws {
    var graph = try Self.graph(posts: 40)
    let all = graph[Post.self]
    let feed = graph[User.self, 1].following.posts
    for (query, order) in [
      (feed.sorted(by: \.createdAt, .descending), all.sorted(by: \.createdAt, .descending)),
      (feed.sorted(by: \.text), all.sorted(by: \.text)), (feed, all),
      (all.filter { $0.author == 3 }, all),
    ] {
      let (ids, places) = (Set(query.ids), order.ids)
      for (place, id) in places.enumerated() {
        let cursor = try #require(query.cursor(at: id))
        let later = places[(place + 1)...].filter(ids.contains).prefix(7)
        let earlier = places[..<place].filter(ids.contains).suffix(7)
        #expect(try query.page(size: 7, after: cursor).rows.map(\.id) == Array(later))
        #expect(try query.page(size: 7, before: cursor).rows.map(\.id) == Array(earlier))
      }
      let page = query.page(size: 3)
      #expect(try page.next == query.cursor(at: page.rows[2].id))
    }
    try graph.delete(Post.self, 7)
    #expect(graph[Post.self].cursor(at: 7) == nil)
  }

  @Test func `of a feed within some times is that of the feed filtered`() throws {
    let graph = try Self.graph(posts: 40)
    let feed = graph[User.self, 1].following.posts
    let date = { (second: Int) in Feed.start.addingTimeInterval(Double(second)) }
    func check(_ predicate: Kith.Predicate<Post>, _ accepts: (Int) -> Bool) throws {
      let expected = Self.expected(graph).filter { accepts($0 * 7 % 13) }
      // A filter before the sort and one after it are the same.
      let queries = [
        feed.filter(predicate).sorted(by: \.createdAt, .descending),
        feed.sorted(by: \.createdAt, .descending).filter(predicate),
      ]
      for query in queries {
        #expect(query.map(\.id) == expected)
        #expect(query.count == expected.count)
        #expect(query.explain().contains("recent-merge"))
        var paged: [Int] = []
        var page = query.page(size: 3)
        paged += try page.rows.map(\.id)
        while let next = page.next, paged.count <= expected.count {
          page = query.page(size: 3, after: next)
          paged += try page.rows.map(\.id)
        }
        #expect(paged == expected)
      }
      #expect(queries[0].page(size: 3).next == queries[1].page(size: 3).next)
    }
    for second in -1...14 {
      let time = date(second)
      try check(\.createdAt < time) { $0 < second }
      try check(\.createdAt <= time) { $0 <= second }
      try check(\.createdAt > time) { $0 > second }
      try check(\.createdAt >= time) { $0 >= second }
      try check(\.createdAt == time) { $0 == second }
      try check(\.createdAt != time) { $0 != second }
      try check(\.createdAt >= date(3) && \.createdAt < time) { $0 >= 3 && $0 < second }
      try check(!(\.createdAt <= time) || \.createdAt < date(9)) { $0 > second || $0 < 9 }
      try check(\.createdAt <= time && \.createdAt < time) { $0 < second }
      try check(\.createdAt < time && \.createdAt <= time) { $0 < second }
    }
  }

  @Test func `repeats and skips nothing when rows come and go in between`() throws {
    var graph = try Self.graph(posts: 40)
    var seen: [Int] = []
    let all = Self.expected(graph)
    var cursor: Cursor?
    for round in 0... {
      let page = graph[User.self, 1].following.posts
        .sorted(by: \.createdAt, .descending).page(size: 5, after: cursor)
      let rows = try page.rows
      seen += rows.map(\.id)
      cursor = page.next
      if cursor == nil { break }
      // The row at the cursor goes, and a newer one comes.
      try graph.delete(Post.self, try #require(rows.last).id)
      try graph.insert(Feed.post(1000 + round, by: 2, at: 100))
    }
    #expect(seen == all)
  }

  @Test func `works in ascending order, by text, and without an order`() throws {
    let graph = try Self.graph(posts: 12)
    func walk(_ query: Query<Post>) throws -> [Int] {
      var ids: [Int] = []
      var cursor: Cursor?
      repeat {
        let page = query.page(size: 5, after: cursor)
        ids += try page.rows.map(\.id)
        cursor = try page.next.map { try Cursor("\($0)") }
      } while cursor != nil
      return ids
    }
    let posts = graph[Post.self]
    #expect(try walk(posts) == (1...12).reversed())
    #expect(try walk(posts.sorted(by: \.text)) == [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(try walk(posts.sorted(by: \.createdAt)) == posts.sorted(by: \.createdAt).ids)
    #expect(try walk(posts.filter(\.author == 2).sorted(by: \.id)) == [1, 6, 11])
  }

  @Test func `refuses a cursor of another query or order, and a text that is none`() throws {
    let graph = try Self.graph(posts: 12)
    let feed = graph[User.self, 1].following.posts.sorted(by: \.createdAt, .descending)
    let cursor = try #require(feed.page(size: 3).next)
    #expect(try feed.page(size: 3, after: Cursor(cursor.description)).rows.count == 3)
    for other in [
      graph[User.self, 2].following.posts.sorted(by: \.createdAt, .descending),
      graph[User.self, 1].following.posts.sorted(by: \.createdAt),
      graph[User.self, 1].following.posts.sorted(by: \.id, .descending),
      graph[User.self, 1].following.posts,
    ] {
      let page = other.page(size: 3, after: cursor)
      #expect(throws: GraphError.invalidCursor(reason: "it belongs to another query or order")) {
        try page.rows
      }
      #expect(page.next == nil)
      #expect(throws: GraphError.self) { try other.page(size: 3, before: cursor).rows }
    }
    let text = cursor.description
    #expect(text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    for damaged in ["", "x", "ä", String(text.dropLast()), text + "AAAA", "AA" + text] {
      #expect(throws: GraphError.self) { try Cursor(damaged) }
    }
  }

  @Test func `refuses a cursor of any other query, though it may have the same rows`() throws {
    var graph = Graph(
      try Schema {
        Person.self
        Letter.self
      })
    try graph.insert(contentsOf: [Person(id: 1), Person(id: 2)])
    for id in 1...6 { try graph.insert(Letter(id: id, sender: 1, receiver: 1)) }
    let letters = graph[Letter.self]
    let (some, others) = (graph[Letter.self, [1, 2, 3]], graph[Letter.self, [2, 3, 4]])
    let (sent, received) = (graph[Person.self, 1].sent, graph[Person.self, 1].received)
    let queries: [Query<Letter>] = [
      letters, some, others, sent, received, graph[Person.self].sent, graph[Person.self].received,
      graph[Person.self, [1, 2]].sent, sent.sender.sent, received.sender.sent, sent.receiver.sent,
      some.union(others), others.union(some), some.union(sent), some.union(received),
      some.intersection(others), sent.intersection(others), received.intersection(others),
      letters.subtracting(some), letters.subtracting(others), sent.subtracting(some),
      some.symmetricDifference(sent), others.symmetricDifference(sent),
      letters.filter(\.id > 1), letters.filter(\.id > 2), letters.filter(\.id >= 2),
      letters.filter(\.sender == 1), letters.filter(\.receiver == 1), sent.filter(\.id > 1),
      letters.filter(\.id > 1 && \.id < 6), letters.filter(\.id > 1 && \.id < 5),
      letters.filter(\.id > 1).filter(\.sender == 1), letters.filter(!(\.id > 5)),
      letters.filter(Letter.sender.contains(1)), letters.filter(Letter.receiver.contains(1)),
      letters.filter(Letter.sender.count == 1), letters.filter(Letter.sender.count >= 1),
      letters.sorted(by: \.sender), letters.sorted(by: \.sender, .descending),
      letters.sorted(by: \.receiver), letters.sorted(by: \.sender, .ascending, \.id, .descending),
      letters.prefix(4), letters.prefix(5), letters.dropFirst(1), letters.dropFirst(2),
      letters.dropFirst(1).prefix(4), sent.prefix(4),
    ]
    let cursors = try queries.map { try #require($0.page(size: 1).next) }
    for (number, query) in queries.enumerated() {
      for (other, cursor) in cursors.enumerated() {
        let page = query.page(size: 1, after: cursor)
        if other == number {
          #expect(try page.rows.count == 1)
        } else {
          #expect(throws: GraphError.invalidCursor(reason: "it belongs to another query or order"))
          {
            try page.rows
          }
        }
      }
    }
  }

  @Test func `survives as JSON, and every cut of its text is refused or harmless`() throws {
    let graph = try Self.graph(posts: 12)
    let query = graph[Post.self].sorted(by: \.text)
    let cursor = try #require(query.page(size: 3).next)
    let data = try JSONEncoder().encode([cursor])
    #expect(try JSONDecoder().decode([Cursor].self, from: data) == [cursor])
    let text = cursor.description
    for length in 0..<text.count {
      if let cut = try? Cursor(String(text.prefix(length))) {
        #expect(throws: GraphError.self) { try query.page(size: 3, after: cut).rows }
      }
    }
  }
}

private struct Person: Row {
  var id: Int

  static let table = Table("people", Self.init, Column("id", \.id))
  static let sent = hasMany(\Letter.sender)
  static let received = hasMany(\Letter.receiver)
}

private struct Letter: Row {
  var id: Int
  var sender: Int
  var receiver: Int

  static let table = Table(
    "letters", Self.init, Column("id", \.id),
    Column("sender_id", \.sender, references: Person.self),
    Column("receiver_id", \.receiver, references: Person.self))
  static let sender = belongsTo(Person.self, \.sender)
  static let receiver = belongsTo(Person.self, \.receiver)
}
