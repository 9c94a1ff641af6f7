import Kith
import Testing

@Suite struct `A social graph` {
  private typealias User = Follows.User
  private static let (john, susan, mary, david) = (
    Follows.john, Follows.susan, Follows.mary, Follows.david
  )

  @Test func `139: a feed shows what one follows and one's own`() throws {
    let graph = try Follows.graph()
    func feed(_ id: User.ID) -> [Int] {
      graph[User.self, id].following.union(graph[User.self, id])
        .posts.sorted(by: \.createdAt, .descending).map(\.author)
    }
    #expect(feed(Self.john) == [Self.susan, Self.david, Self.john])
    #expect(feed(Self.susan) == [Self.susan, Self.mary])
    #expect(feed(Self.mary) == [Self.mary, Self.david])
    #expect(feed(Self.david) == [Self.david])
    let others = graph[User.self, Self.john].following.posts.sorted(by: \.createdAt, .descending)
    #expect(others.map(\.author) == [Self.susan, Self.david])
  }

  @Test func `140: following and unfollowing a second time changes nothing`() throws {
    var graph = try Follows.graph()
    func counts() -> [Int] {
      [graph[User.self, Self.susan].following.count, graph[User.self, Self.john].followers.count]
    }
    #expect(counts() == [1, 0])
    #expect(try graph.append(Self.john, to: User.following, of: Self.susan))
    #expect(try !graph.append(Self.john, to: User.following, of: Self.susan))
    #expect(counts() == [2, 1])
    let removals = (0..<2).map { _ in graph.remove(Self.john, from: User.following, of: Self.susan)
    }
    #expect(removals == [true, false])
    #expect(counts() == [1, 0])
  }

  @Test func `142: followers one knows are some, and a number of others`() throws {
    var graph = try Follows.graph()
    func known() -> (shown: [User], others: Int) {
      graph[User.self, Self.john].following
        .intersection(graph[User.self, Self.david].followers).summary(showing: 2)
    }
    #expect(known().shown.isEmpty && known().others == 0)
    try graph.append(Self.david, to: User.following, of: Self.susan)
    #expect(known().shown.map(\.name) == ["susan"] && known().others == 0)
  }

  @Test func `142: the others can be paged`() throws {
    // 1 follows 2…15, who all follow 16; so does 17, whom 1 does not know.
    let friends = Array(2...15)
    let graph = try Follows.graph(
      (1...17).map { "user \($0)" },
      follows: friends.map { (1, $0) } + friends.map { ($0, 16) } + [(17, 16)])
    let known = graph[User.self, 1].following.intersection(graph[User.self, 16].followers)
    let summary = known.summary(showing: 2)
    #expect(summary.shown.map(\.id) == [2, 3] && summary.others == 12)
    #expect(known.dropFirst(2).ids == Array(4...15))
    var seen: [Int] = []
    var cursor: Cursor?
    repeat {
      let page = known.page(size: 5, after: cursor)
      seen += try page.rows.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(seen == friends)
  }

  @Test func `143: flags answer for many at once, in the order asked`() throws {
    var graph = try Follows.graph()
    func flags(_ ids: [User.ID]) -> [[Bool]] {
      graph.flags(of: Self.john, on: ids, through: User.following).map {
        [$0.follows, $0.isFollowedBy]
      }
    }
    #expect(
      flags([Self.susan, Self.mary, Self.david]) == [
        [true, false], [false, false], [true, false],
      ])
    try graph.append(Self.john, to: User.following, of: Self.mary)
    #expect(
      flags([Self.mary, 99, Self.susan]) == [[false, true], [false, false], [true, false]])
  }

  @Test(arguments: [(Follows.john, Follows.susan), (Follows.susan, Follows.john)])
  func `145: two who follow each other are friends until either stops`(one: Int, other: Int) throws
  {
    var graph = try Follows.graph()
    func friends(_ id: User.ID) -> [Int] {
      graph[User.self, id].following.intersection(graph[User.self, id].followers).ids
    }
    #expect(friends(one).isEmpty && friends(other).isEmpty)
    try graph.append(Self.john, to: User.following, of: Self.susan)
    #expect(friends(one) == [other] && friends(other) == [one])
    graph.remove(other, from: User.following, of: one)
    #expect(friends(one).isEmpty && friends(other).isEmpty)
  }

  @Test func `146: links with a time are listed newest first, united and intersected`() throws {
    // 1 follows 20 and 30; 20, 21 and 22 follow 1, in this order.
    let graph = try Dated.graph(
      users: [1, 20, 21, 22, 30], follows: [(1, 20), (1, 30), (20, 1), (21, 1), (22, 1)])
    let me = graph[Dated.User.self, 1]
    #expect(
      me.incoming.sorted(by: \.createdAt, .descending).map(\.follower) == [22, 21, 20])
    #expect(me.following.intersection(me.followers).ids == [20])
    #expect(me.followers.subtracting(me.following).sorted(by: \.id, .descending).ids == [22, 21])
    // A union of people has no one time of a link, so the newest are those with the largest keys.
    let union = me.following.union(me.followers).sorted(by: \.id, .descending)
    let first = union.page(size: 2)
    #expect(try first.rows.map(\.id) == [30, 22])
    let second = union.page(size: 2, after: first.next)
    #expect(try second.rows.map(\.id) == [21, 20])
    #expect(second.next == nil)
  }

  @Test func `148: students who share courses are found, with how many`() throws {
    let graph = try Classes.graph()
    func mates(_ id: Int) -> [String] {
      graph[Classes.Student.self, id].courses.students.excluding(id).ranked()
        .map { "\($0.row.name) \($0.paths)" }
    }
    #expect(mates(1) == ["bob 1"])
    #expect(mates(2) == ["alice 1"])
    #expect(mates(3).isEmpty)
  }
}
