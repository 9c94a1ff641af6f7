import Kith
import Testing

@Suite struct `Coming from SQLAlchemy` {
  @Test func `edits a collection`() throws {
    let store = try Network.store(users: 3)
    var report: [Bool] = []
    try store.write { graph in
      let isNew = try graph.append(2, to: User.following, of: 1)
      let wasThere = graph.remove(2, from: User.following, of: 1)
      try graph.replace(User.following, of: 1, with: [3])
      report = [isNew, wasThere]
    }
    #expect(report == [true, true])
    #expect(store.snapshot[User.self, 1].following.ids == [3])
  }

  @Test func `needs no savepoint for one call`() throws {
    let store = try Network.store(users: 3)
    try store.write { _ = try $0.update(User.self, 1) { $0.handle = "ada" } }
    try store.write { graph in
      try graph.insert(User(id: 7, handle: "alan", name: nil))
      try? graph.insert(User(id: 8, handle: "ada", name: nil))
    }
    #expect(store.snapshot[User.self].ids == [1, 2, 3, 7])
  }

  @Test func `asks the same questions`() throws {
    var graph = try Network.graph(users: 60, follows: [(1, 2), (3, 2), (3, 4)], posts: 2)
    try graph.update(User.self, 1) { $0.handle = "ada" }
    try graph.update(User.self, 2) { $0.handle = "grace" }
    let ada = try graph[User.self].filter(\.handle == "ada").one()
    let nameless = graph[User.self].filter(\.name == nil)
      .sorted(by: \.handle).dropFirst(20).prefix(10)
    let fans = graph[User.self].filter(User.following.contains(where: \.handle == "grace"))
    let hers = graph[Post.self].filter(Post.writer.contains(where: \.handle == "ada"))
    let writers = graph[User.self].filter(User.posts.count > 0)
    let count = graph[ada].following.count
    #expect(ada.id == 1)
    let all = graph[User.self].filter { $0.name == nil }.map(\.handle).sorted()
    let third: [String] = Array(all[20..<30])
    #expect(nameless.map(\.handle) == third)
    #expect(fans.ids == [1, 3])
    #expect(hers.ids == [1])
    #expect(writers.ids == [1, 2])
    #expect(count == 1)
    let usersWithPosts = graph[User.self].including(User.posts)  // [(row: User, related: [Post])]
    #expect(usersWithPosts.prefix(3).map { $0.related.map(\.id) } == [[1], [2], []])
  }

  @Test func `names constraints`() throws {
    let named = try Schema(naming: .init(foreignKey: "{table}_{columns}_fkey")) {
      User.self
      Post.self
    }
    let names = named.table("posts")?.constraints.map(\.name)
    #expect(
      names == [
        "pk_posts", "posts_author_id_fkey", "ck_posts_not_empty", "ck_posts_text_max_length",
      ])
  }

  @Test func `takes nil as Swift does`() throws {
    var graph = try Network.graph(users: 3)
    try graph.update(User.self, 1) { $0.name = "Ada Lovelace" }
    let others = graph[User.self].filter(\.name != "Ada Lovelace")  // includes those without a name
    let named = graph[User.self].filter(\.name != nil && \.name != "Ada Lovelace")  // as in SQL
    let later = graph[User.self].filter(\.name > "B")  // without those who have no name
    let notLater = graph[User.self].filter(!(\.name > "B"))  // with them
    #expect(others.ids == [2, 3])
    #expect(named.ids == [2])
    #expect(later.ids == [2])
    #expect(notLater.ids == [1, 3])
  }
}
