import Kith
import Testing

@Suite struct `The article on feeds` {
  /// 1 → 2, 3, 4; 2 → 1; 3 → 2. User n mod 4 wrote post n, for twelve posts.
  private func network() throws -> Graph {
    try Network.graph(
      users: 4, follows: [(1, 2), (1, 3), (1, 4), (2, 1), (3, 2)], posts: 12)
  }

  @Test func `pages a feed, and follows its cursors`() throws {
    var lines: [String] = []
    let graph = try network()
    let me = graph[User.self, 1]
    let feed = me.following.posts.sorted(by: \.createdAt, .descending)
    let page = feed.page(size: 3)
    let newest = try page.rows
    #expect(newest.map(\.id) == [12, 11, 10])
    #expect(feed.explain().contains("recent-merge"))
    let second = feed.page(size: 3, after: page.next)
    let back = second.previous.map { feed.page(size: 3, before: $0) }
    #expect(try second.rows.map(\.id) == [8, 7, 6])
    #expect(try back?.rows.map(\.id) == [12, 11, 10])
    #expect(page.previous == nil && back?.previous == nil)
    let text = page.next.map { "\($0)" } ?? ""  // letters, digits, - and _
    let third = try feed.page(size: 3, after: Cursor(text)).rows
    #expect(third.map(\.id) == [8, 7, 6])
    #expect(throws: GraphError.self) { try Cursor("no cursor") }
    let seen = 10
    let newer = try feed.cursor(at: seen).map { try feed.page(size: 20, before: $0).rows }
    #expect(newer?.map(\.id) == [12, 11])
    let fresh = me.following.posts.filter(\.createdAt > newest[2].createdAt).count
    #expect(fresh == 2)
    let others = graph[User.self, 2].following.posts.sorted(by: \.createdAt, .descending)
    #expect(throws: GraphError.self) { try others.page(size: 3, after: page.next).rows }
    var changed = graph
    changed.remove(2, from: User.following, of: 1)
    let later = changed[User.self, 1].following.posts.sorted(by: \.createdAt, .descending)
    #expect(try later.page(size: 3, after: page.next).rows.map(\.id) == [8, 7, 4])
    let recent = graph[Post.self].filter(\.id > 3).sorted(by: \.createdAt)
    let moved = graph[Post.self].filter(\.id > 2).sorted(by: \.createdAt)
    #expect(throws: GraphError.self) {
      try moved.page(size: 3, after: recent.page(size: 3).next).rows
    }
    let newestThree = me.following.including(User.posts) {
      $0.sorted(by: \.createdAt, .descending).prefix(3)
    }
    for (author, posts) in newestThree {
      lines.append("\(author.handle): \(posts.map(\.id))")
    }
    #expect(lines == ["user2: [10, 6, 2]", "user3: [11, 7, 3]", "user4: [12, 8, 4]"])
  }

  @Test func `leaves out the muted and the blocked`() throws {
    var graph = try network()
    try graph.append(3, to: User.muting, of: 1)
    try graph.append(1, to: User.blocking, of: 4)
    try graph.load(User.likes, [(3, 5), (4, 5), (4, 10), (4, 12)])
    let me = graph[User.self, 1]
    let authors = me.following.union(me)
      .subtracting(me.muting)
      .subtracting(me.blocking.union(me.blockedBy))
    let quietFeed = authors.posts.sorted(by: \.createdAt, .descending)
    #expect(authors.ids == [1, 2])
    #expect(quietFeed.ids == [10, 9, 6, 5, 2, 1])
    #expect(quietFeed.explain().contains("recent-merge"))
    let likedFeed = authors.posts.filter(Post.likers.count >= 1)
      .sorted(by: \.createdAt, .descending)
    #expect(likedFeed.ids == [10, 5])
    #expect(likedFeed.explain().contains("recent-merge"))
    let newest = likedFeed.prefix(20)
    let likes = graph[Post.self, newest.map(\.id)].counts(of: Post.likers)
    #expect(likes.map { [$0.row.id, $0.count] } == [[5, 2], [10, 1]])
  }

  @Test func `numbers pages`() throws {
    let graph = try Network.graph(users: 4, posts: 8)
    let numbered = graph[Post.self].sorted(by: \.id).page(number: 2, size: 3)
    let caption = "\(numbered.firstItem) to \(numbered.lastItem) of \(numbered.total ?? 0)"
    #expect(numbered.rows.map(\.id) == [4, 5, 6])
    #expect(caption == "4 to 6 of 8")
    let strip = graph[Post.self].page(number: 4, size: 1).strip(edges: 1, before: 1, after: 1)
    // [1, nil, 3, 4, 5, nil, 8]
    #expect(strip == [1, nil, 3, 4, 5, nil, 8])
    #expect(graph[Post.self].page(number: 9, size: 3).rows.isEmpty)
  }

  @Test func `tells what stands around a feed`() throws {
    var lines: [String] = []
    let graph = try Network.graph(
      users: 5, follows: [(1, 2), (3, 2), (4, 2), (5, 2), (2, 1), (1, 3)])
    let (shown, others) = graph[User.self, 2].followers.sorted(by: \.handle).summary(showing: 2)
    let sentence = "\(shown.map(\.handle).joined(separator: ", ")) and \(others) others"
    #expect(sentence == "user1, user3 and 2 others")
    let flags = graph.flags(of: 1, on: [2, 3, 4], through: User.following)
    for flag in flags where flag.follows && flag.isFollowedBy {
      lines.append("friends with \(flag.id)")
    }
    #expect(lines == ["friends with 2"])
    let pairs = graph[User.self].select(\.id, \.handle)  // [(Int, String)]
    #expect(pairs.map(\.0) == [1, 2, 3, 4, 5] && pairs[4].1 == "user5")
  }
}
