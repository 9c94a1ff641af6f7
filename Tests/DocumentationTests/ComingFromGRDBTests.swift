import Kith
import Testing

@Suite struct `Coming from GRDB` {
  @Test func `inserts under the next key`() throws {
    let store = try Network.store(users: 2, posts: 2)
    let post = try store.write { graph in
      try graph.insert { id in Post(id: id, author: 1, text: "Hello", createdAt: .now) }
    }
    #expect(post.id == 3)
    #expect(store.snapshot.find(Post.self, 3)?.text == "Hello")
  }

  @Test func `asks the same questions`() throws {
    let graph = try Network.graph(users: 2, posts: 30)
    let recent = graph[Post.self].filter(\.author == 1)
      .sorted(by: \.createdAt, .descending).prefix(10)
    let user = graph.find(User.self, 1)
    let usersWithPosts = graph[User.self].including(User.posts)
    let postCount = graph[User.self, 1].posts.count
    #expect(recent.ids == [29, 27, 25, 23, 21, 19, 17, 15, 13, 11])
    #expect(user?.handle == "user1")
    #expect(usersWithPosts.map(\.related.count) == [15, 15])
    #expect(postCount == 15)
  }

  @Test func `reads and writes`() throws {
    let store = try Network.store(users: 2, posts: 2)
    let total = store.read { graph in graph[Post.self].count }
    try store.write { graph in
      try graph.update(User.self, 1) { $0.name = "Ada" }
      try graph.upsert(User(id: 2, handle: "grace", name: "Grace"))
      try graph.delete(Post.self, 1)
    }
    #expect(total == 2)
    #expect(store.snapshot[User.self].map(\.name) == ["Ada", "Grace"])
    #expect(store.snapshot[Post.self].ids == [2])
  }

  @Test func `observes a value`() async throws {
    let store = try Network.store(users: 2, posts: 2)
    let drafts = [3, 4].map { Post(id: $0, author: 1, text: "post", createdAt: .now) }
    var values = store.observe { $0[User.self, 1].posts.count }.makeAsyncIterator()
    let present = await values.next()
    try await store.write { try $0.insert(contentsOf: drafts) }
    let later = await values.next()
    #expect(present == 1 && later == 3)
  }
}
