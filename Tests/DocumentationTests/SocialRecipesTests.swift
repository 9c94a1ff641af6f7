import Kith
import Testing

struct Subscription: Row {
  var reader: User.ID
  var writer: User.ID
  var createdAt: Date
  var id: Pair<User.ID, User.ID> { Pair(reader, writer) }

  static let table = Table(
    "subscriptions", Self.init,
    Column("reader_id", \.reader, references: User.self, onDelete: .cascade),
    Column("writer_id", \.writer, references: User.self, onDelete: .cascade),
    Column("created_at", \.createdAt)
  )
  .primaryKey(\.reader, \.writer)
  .index(\.writer, orderedBy: \.createdAt)
}

extension User {
  static let incoming = hasMany(\Subscription.writer)
  static let readers = hasMany(User.self, through: \Subscription.writer, \.reader)
}

@Suite struct `The article of social recipes` {
  // 2 and 3 follow 4, and 2 follows 5; 1 and 2 follow each other, and so do 2 and 5.
  private static let follows = [(1, 2), (1, 3), (2, 1), (2, 4), (3, 4), (2, 5), (5, 2)]

  @Test func `shows a feed with own posts`() throws {
    let graph = try Network.graph(users: 5, follows: Self.follows, posts: 10)
    let me = graph[User.self, 1]
    let feed = me.following.union(me).posts.sorted(by: \.createdAt, .descending)
    let newest = feed.page(size: 20)
    #expect(try newest.rows.map(\.id) == [8, 7, 6, 3, 2, 1])
  }

  @Test func `shows mutual friends`() throws {
    let graph = try Network.graph(users: 5, follows: Self.follows)
    let (me, you) = (graph[User.self, 1], graph[User.self, 5])
    let friends = me.following.intersection(me.followers)
    let others = you.following.intersection(you.followers)
    let common = friends.intersection(others)
    #expect(friends.ids == [2])
    #expect(common.ids == [2])
  }

  @Test func `shows who to follow, with the reason`() throws {
    let graph = try Network.graph(users: 5, follows: Self.follows)
    let me = graph[User.self, 1]
    let suggestions = me.following.following
      .subtracting(me.following).excluding(1)
      .ranked().prefix(10)
    let reasons = suggestions.map { suggestion in
      let known = me.following.intersection(graph[suggestion.row].followers).map(\.handle)
      return "\(suggestion.row.handle), followed by \(known.joined(separator: " and "))"
    }
    #expect(reasons == ["user4, followed by user2 and user3", "user5, followed by user2"])
  }

  @Test func `shows the followers you know`() throws {
    let friends = 3...16
    let graph = try Network.graph(users: 16, follows: friends.flatMap { [(1, $0), ($0, 2)] })
    let (me, star) = (graph[User.self, 1], graph[User.self, 2])
    let known = me.following.intersection(star.followers)
    let (shown, rest) = known.summary(showing: 2)
    let line = "Followed by \(shown.map(\.handle).joined(separator: ", ")) and \(rest) others"
    let firstPage = known.page(size: 10)
    let secondPage = known.page(size: 10, after: firstPage.next)
    #expect(line == "Followed by user3, user4 and 12 others")
    #expect(try firstPage.rows.map(\.id) == Array(3...12))
    #expect(try secondPage.rows.map(\.id) == Array(13...16))
  }

  @Test func `hides who is muted or blocked`() throws {
    var graph = try Network.graph(users: 6, follows: Self.follows + [(2, 6), (6, 1)], posts: 6)
    try graph.append(3, to: User.muting, of: 1)
    try graph.append(1, to: User.blocking, of: 6)
    let me = graph[User.self, 1]
    let blocked = me.blocking.union(me.blockedBy)
    let hidden = blocked.union(me.muting)
    let quiet = me.following.subtracting(hidden).posts.sorted(by: \.createdAt, .descending)
    let proposals = me.following.following
      .subtracting(me.following).excluding(1).subtracting(hidden)
      .ranked().prefix(10)
    let followers = me.followers.subtracting(blocked)
    let followerCount = followers.count
    #expect(quiet.ids == [2])
    #expect(proposals.map(\.id) == [4, 5])
    #expect(followers.ids == [2])
    #expect(followerCount == 1)
  }

  @Test func `shows the newest followers first, and those of a week`() throws {
    func day(_ number: Int) -> Date { Date(timeIntervalSince1970: Double(number) * 86_400) }
    var graph = Graph(
      try Schema {
        User.self
        Subscription.self
      })
    for id in 1...5 { try graph.insert(User(id: id, handle: "user\(id)", name: nil)) }
    for reader in 2...5 {
      try graph.insert(Subscription(reader: reader, writer: 1, createdAt: day(reader)))
    }
    let (monday, sunday) = (day(3), day(5))
    let me = graph[User.self, 1]
    let latest = me.incoming.sorted(by: \.createdAt, .descending)
    let lastWeek = latest.filter(\.createdAt >= monday && \.createdAt < sunday)
    let readerIDs = lastWeek.select(\.reader)
    #expect(latest.map(\.reader) == [5, 4, 3, 2])
    #expect(readerIDs == [4, 3])
    #expect(lastWeek.explain().contains("index ix_subscriptions_writer_id_created_at"))
    #expect(me.readers.count == 4)
  }

  @Test func `shows who shares what`() throws {
    var graph = try Network.graph(users: 4)
    for id in ["a", "b", "c"] { try graph.insert(Club(id: id, title: id)) }
    for (user, club) in [(1, "a"), (2, "a"), (2, "b"), (4, "b"), (4, "a"), (3, "c")] {
      try graph.insert(Membership(user: user, club: club, role: .member))
    }
    let (me, you) = (graph[User.self, 1], graph[User.self, 4])
    let peers = me.clubs.members.excluding(1).ranked().prefix(10)
    let shared = me.clubs.intersection(you.clubs)
    #expect(peers.map(\.id) == [2, 4])
    #expect(shared.ids == ["a"])
    var together: [Pair<User.ID, User.ID>: Int] = [:]
    graph.join(User.clubs.members).forEach { one, other in
      if one < other { together[Pair(one, other), default: 0] += 1 }
    }
    #expect(together == [Pair(1, 2): 1, Pair(1, 4): 1, Pair(2, 4): 2])
  }
}
