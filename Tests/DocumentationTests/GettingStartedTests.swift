import Kith
import Testing

@Suite struct `Getting started` {
  @Test func `prints what the article shows`() throws {
    var printed: [String] = []
    func print(_ items: Any...) {
      printed.append(items.map { "\($0)" }.joined(separator: " "))
    }
    let schema = try Schema {
      User.self
      Post.self
      User.follows
    }
    let store = GraphStore(schema)
    try store.write { graph in
      try graph.insert(contentsOf: [
        User(id: 1, handle: "ada", name: "Ada Lovelace"),
        User(id: 2, handle: "grace", name: "Grace Hopper"),
        User(id: 3, handle: "edsger", name: nil),
        User(id: 4, handle: "barbara", name: nil),
      ])
      try graph.append(contentsOf: [2, 3], to: User.following, of: 1)
      try graph.append(contentsOf: [1, 4], to: User.following, of: 2)
      try graph.append(4, to: User.following, of: 3)

      let texts = [(2, "Found a moth."), (4, "Types!"), (3, "Simplicity."), (2, "Ships are safe.")]
      for (minute, (author, text)) in texts.enumerated() {
        let date = Date(timeIntervalSince1970: Double(minute) * 60)
        try graph.insert { Post(id: $0, author: author, text: text, createdAt: date) }
      }
    }
    let graph = store.snapshot
    let ada = graph[User.self, 1]
    print("follows", ada.following.map(\.handle))

    let feed = ada.following.posts.sorted(by: \.createdAt, .descending)
    let page = feed.page(size: 2)
    for post in try page.rows {
      let writer = try graph.require(User.self, post.author)
      print("\(writer.handle): \(post.text)")
    }
    print("and", feed.count - 2, "older")

    let suggestions = ada.following.following.subtracting(ada.following).excluding(1).ranked()
    for suggestion in suggestions.prefix(10) {
      print("follow \(suggestion.row.handle), as \(suggestion.paths) of yours do")
    }
    #expect(printed.joined(separator: "\n") == (try Catalogue.outputs("GettingStarted")[1]))
  }

  @Test func `has a first page`() throws {
    let graph = try Network.graph(users: 3, follows: [(1, 2), (1, 3)], posts: 30)
    let feed = graph[User.self, 1].following.posts.sorted(by: \.createdAt, .descending)
    let page = feed.page(size: 20)
    #expect(try page.rows.map(\.id) == (1...30).reversed().filter { $0 % 3 != 1 })
  }
}
