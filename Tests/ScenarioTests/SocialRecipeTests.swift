import Kith
import Testing

/// What social programs ask for, each composed of a few calls; every test is a recipe to copy.
@Suite struct `Recipes for social programs` {
  private typealias User = Follows.User

  // ada and grace follow linus; everybody but linus follows barbara.
  private static let names = ["me", "ada", "grace", "linus", "barbara", "ken"]
  private static let (me, ada, grace, linus, barbara, ken) = (1, 2, 3, 4, 5, 6)
  private static let follows = [
    (me, ada), (me, grace), (ada, linus), (grace, linus), (ada, me), (ken, me),
    (ada, barbara), (grace, barbara), (ken, barbara), (ken, grace), (linus, me),
  ]

  private static func graph() throws -> Graph {
    try Follows.graph(names, follows: follows)
  }

  @Test func `a feed with one's own posts, page by page`() throws {
    var graph = try Self.graph()
    let authors = [Self.ada, Self.me, Self.ken, Self.grace, Self.ada, Self.me]
    try graph.insert(
      contentsOf: authors.enumerated().map { Follows.post($0 + 1, by: $1, at: $0) })
    let me = graph[User.self, Self.me]
    let feed = me.following.union(me).posts.sorted(by: \.createdAt, .descending)
    let first = feed.page(size: 3)
    #expect(try first.rows.map(\.id) == [6, 5, 4])
    let second = feed.page(size: 3, after: first.next)
    #expect(try second.rows.map(\.id) == [2, 1])
    #expect(second.next == nil)
  }

  @Test func `mutual friends: who follow each other, and friends in common`() throws {
    var graph = try Self.graph()
    func friends(_ id: User.ID) -> Query<User> {
      graph[User.self, id].following.intersection(graph[User.self, id].followers)
    }
    #expect(friends(Self.me).map(\.name) == ["ada"])
    try graph.append(Self.ken, to: User.following, of: Self.me)
    try graph.append(Self.ada, to: User.following, of: Self.ken)
    try graph.append(Self.ken, to: User.following, of: Self.ada)
    #expect(friends(Self.me).intersection(friends(Self.ken)).map(\.name) == ["ada"])
  }

  @Test func `who to follow, with the reason`() throws {
    let graph = try Self.graph()
    let me = graph[User.self, Self.me]
    let suggestions = me.following.following.subtracting(me.following).excluding(Self.me)
      .ranked().prefix(10)
    let reasons = suggestions.map { suggestion in
      let known = me.following.intersection(graph[suggestion.row].followers).map(\.name)
      return "\(suggestion.row.name): followed by \(known.joined(separator: " and "))"
    }
    #expect(
      reasons == ["linus: followed by ada and grace", "barbara: followed by ada and grace"])
  }

  @Test func `followers you know, and how many others`() throws {
    let graph = try Follows.graph(
      ["me", "star"] + (3...16).map { "friend \($0)" },
      follows: (3...16).flatMap { [(1, $0), ($0, 2)] })
    let known = graph[User.self, 1].following.intersection(graph[User.self, 2].followers)
    let (shown, others) = known.summary(showing: 2)
    let text = shown.map(\.name).joined(separator: ", ")
    #expect(
      "followed by \(text) and \(others) others" == "followed by friend 3, friend 4 and 12 others")
    let page = known.page(size: 10)
    #expect(try page.rows.map(\.id) == Array(3...12))
    #expect(
      try known.page(size: 10, after: page.next).rows.map(\.id) == Array(13...16))
  }

  @Test func `who is muted or blocked is hidden`() throws {
    var graph = try Self.graph()
    for id in 1...6 { try graph.insert(Follows.post(id, by: id, at: id)) }
    try graph.append(Self.grace, to: User.muted, of: Self.me)
    try graph.append(Self.linus, to: User.blocked, of: Self.me)
    try graph.append(Self.me, to: User.blocked, of: Self.ken)
    let me = graph[User.self, Self.me]
    let blocked = me.blocked.union(me.blockedBy)
    // Whom one mutes is left out of the feed; a block hides people from each other everywhere.
    let feed = me.following.subtracting(blocked).subtracting(me.muted).posts
    #expect(feed.sorted(by: \.createdAt, .descending).map(\.author) == [Self.ada])
    let suggestions = me.following.following.subtracting(me.following).excluding(Self.me)
      .subtracting(blocked).subtracting(me.muted).ranked().prefix(10)
    #expect(suggestions.map(\.row.name) == ["barbara"])
    #expect(me.followers.count == 3)
    #expect(me.followers.subtracting(blocked).map(\.name) == ["ada"])
    #expect(me.followers.subtracting(blocked).count == 1)
  }

  @Test func `newest followers first, of a stretch of time`() throws {
    // Follows are made at seconds 1 to 6; 4 stops following and comes back.
    var graph = try Dated.graph(
      users: Array(1...6), follows: [(2, 1), (4, 1), (3, 1), (1, 2), (6, 1), (5, 1)])
    try graph.delete(Dated.Follow.self, Pair(4, 1))
    try graph.insert(Dated.Follow(follower: 4, followed: 1, createdAt: Dated.second(7)))
    let newest = graph[Dated.User.self, 1].incoming.sorted(by: \.createdAt, .descending)
    #expect(newest.map(\.follower) == [4, 5, 6, 3, 2])
    let stretch = newest.filter(\.createdAt >= Dated.second(3) && \.createdAt < Dated.second(7))
    #expect(stretch.map(\.follower) == [5, 6, 3])
    #expect(try stretch.page(size: 2).rows.map(\.follower) == [5, 6])
    #expect(graph[Dated.User.self, 1].followers.count == 5)
  }

  @Test func `classmates, and all pairs of students with the courses that they share`() throws {
    let graph = try Classes.graph(
      students: ["alice", "bob", "carol", "dave"], courses: ["math", "physics", "history"],
      enrolments: [(1, 1), (2, 1), (2, 2), (4, 2), (4, 1), (3, 3)])
    let mates = graph[Classes.Student.self, 4].courses.students.excluding(4).ranked()
    #expect(mates.map { "\($0.row.name) \($0.paths)" } == ["bob 2", "alice 1"])
    var shared: [Pair<Int, Int>: Int] = [:]
    graph.join(Classes.Student.courses.students).forEach { one, other in
      if one < other { shared[Pair(one, other), default: 0] += 1 }
    }
    #expect(shared == [Pair(1, 2): 1, Pair(1, 4): 1, Pair(2, 4): 2])
    let together = graph[Classes.Student.self, 2].courses
      .intersection(graph[Classes.Student.self, 4].courses)
    #expect(together.map(\.name) == ["math", "physics"])
  }
}
