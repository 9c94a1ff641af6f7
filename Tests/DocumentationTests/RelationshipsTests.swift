import Kith
import Testing

extension User {
  static let blocks = Association(
    "blocks", from: User.self, "blocker_id", to: User.self, "blocked_id",
    allowsSelfLinks: false)
  static let blocking = hasMany(through: blocks)
  static let blockedBy = hasMany(through: blocks.inverse)

  static let mutes = Association(
    "mutes", from: User.self, "muter_id", to: User.self, "muted_id", allowsSelfLinks: false)
  static let muting = hasMany(through: mutes)

  static let likes = Association("likes", from: User.self, "user_id", to: Post.self, "post_id")
  static let liked = hasMany(through: likes)
}

extension Post {
  static let likers = hasMany(through: User.likes.inverse)
}

struct Comment: Row {
  var id: Int
  var post: Post.ID
  var parent: Comment.ID?
  var text: String

  static let table = Table(
    "comments", Self.init,
    Column("id", \.id),
    Column("post_id", \.post, references: Post.self, onDelete: .cascade),
    Column("parent_id", \.parent, references: Comment.self, onDelete: .cascade),
    Column("text", \.text))

  static let answers = hasMany(\Comment.parent)
  static let answered = belongsTo(Comment.self, \.parent)
}

extension Post {
  static let comments = hasMany(\Comment.post)
}

struct Club: Row {
  var id: String
  var title: String

  static let table = Table("clubs", Self.init, Column("id", \.id), Column("title", \.title))
}

enum Role: String, ColumnValue {
  case member, admin
}

struct Membership: Row {
  var user: User.ID
  var club: Club.ID
  var role: Role
  var id: Pair<User.ID, Club.ID> { Pair(user, club) }

  static let table = Table(
    "memberships", Self.init,
    Column("user_id", \.user, references: User.self, onDelete: .cascade),
    Column("club_id", \.club, references: Club.self, onDelete: .cascade),
    Column("role", \.role)
  )
  .primaryKey(\.user, \.club)

  static let holder = belongsTo(User.self, \.user)
}

extension User {
  static let memberships = hasMany(\Membership.user)
  static let clubs = hasMany(Club.self, through: \Membership.user, \.club)
}

extension Club {
  static let memberships = hasMany(\Membership.club)
  static let members = User.clubs.inverse
}

extension Query<Club> {
  var admins: Query<User> {
    self.memberships.filter(\.role == .admin).holder
  }
}

func reached(
  from id: User.ID, along way: some Traversal<User, User>, in graph: Graph
) -> [User.ID] {
  graph[User.self, id].hop(way).ids
}

@Suite struct `The article on relationships` {
  @Test func `edits from either side`() throws {
    var graph = try Network.graph(users: 4)
    let empty = graph
    try graph.append(2, to: User.following, of: 1)  // true: the link is new
    try graph.append(1, to: User.followers, of: 2)  // false: it is the same link
    graph.remove(1, from: User.followers, of: 2)  // true: there was one
    graph.remove(2, from: User.following, of: 1)  // false: there is none any more
    try graph.replace(User.following, of: 1, with: [3, 4])  // exactly these
    #expect(graph[User.self, 1].following.ids == [3, 4])
    var other = empty
    #expect(try other.append(2, to: User.following, of: 1) == true)
    #expect(try other.append(1, to: User.followers, of: 2) == false)
    #expect(other.remove(1, from: User.followers, of: 2) == true)
    #expect(other.remove(2, from: User.following, of: 1) == false)
    try graph.append(2, to: User.following.inverse, of: 3)
    #expect(graph[User.self, 3].followers.ids == [1, 2])
  }

  @Test func `walks a foreign key to its own table`() throws {
    var graph = try Network.graph(users: 2, posts: 2)
    for (id, parent) in [(1, nil), (2, 1), (3, 2), (4, 1), (5, nil)] {
      try graph.insert(Comment(id: id, post: 1, parent: parent, text: "\(id)"))
    }
    #expect(graph[Comment.self, 1].answers.ids == [2, 4])
    #expect(graph[Comment.self, 3].answered.ids == [2])
    #expect(graph[Comment.self, 1].reachable(through: Comment.answers).ids == [2, 3, 4])
    #expect(graph[Post.self, 1].comments.count == 5)
    try graph.update(Post.self, 2) { $0.author = 1 }
    #expect(graph[User.self, 1].posts.comments.count == 5)
    #expect(graph[User.self, 1].posts.ids == [1, 2])
  }

  @Test func `composes by name and by value`() throws {
    // 1 → 2, 3; 1 likes 2, 3 likes 1 and 3; user n wrote post n.
    var graph = try Network.graph(users: 3, follows: [(1, 2), (1, 3)], posts: 3)
    try graph.load(User.likes, [(1, 2), (3, 1), (3, 3)])
    let authorsOfLikes = graph[User.self, 1].liked.writer  // Query<User>
    let feed = User.following.posts  // Relationship<User, Post>
    let readers = feed.inverse  // Relationship<Post, User>
    let liking = User.following.hop(User.liked)  // Relationship<User, Post>
    let likedByFriends = graph[User.self, 1].hop(liking)  // Query<Post>
    #expect(authorsOfLikes.ids == [2])
    #expect(graph[User.self, 1].hop(feed).ids == [2, 3])
    #expect(graph[Post.self, 3].hop(readers).ids == [1])
    #expect(likedByFriends.ids == [1, 3])
    #expect(graph[User.self, 1].hop(User.posts.inverse.inverse).ids == [1])
  }

  @Test func `takes relationships as parameters`() throws {
    let graph = try Network.graph(users: 3, follows: [(1, 2), (3, 1), (2, 3)])
    let followed = reached(from: 1, along: User.following, in: graph)
    let twice = reached(from: 1, along: User.following.following, in: graph)
    #expect(followed == [2] && twice == [3])
    let ways: [Relationship<User, User>] = [
      User.following.relationship,
      User.following.following,
    ]
    #expect(ways.map { graph[User.self, 1].hop($0).ids } == [followed, twice])
  }

  @Test func `walks to association objects and across them`() throws {
    var graph = try Network.graph(users: 3)
    try graph.insert(contentsOf: [Club(id: "swift", title: "Swift"), Club(id: "c", title: "C")])
    try graph.insert(contentsOf: [
      Membership(user: 1, club: "swift", role: .admin),
      Membership(user: 2, club: "swift", role: .member),
      Membership(user: 3, club: "c", role: .admin),
    ])
    let admins = graph[Club.self, "swift"].memberships.filter(\.role == .admin).holder
    let fellows = graph[User.self, 1].clubs.members.excluding(1)
    let roles = graph[User.self, 1].clubs.memberships.map { "\($0.user) \($0.role)" }
    let mine = graph.find(Membership.self, Pair(1, "swift"))  // the object of one link
    #expect(admins.ids == [1])
    #expect(fellows.ids == [2])
    #expect(roles == ["1 admin", "2 member"])
    #expect(mine?.role == .admin)

    let leaders = graph[User.self, 2].clubs.admins.sorted(by: \.handle)
    #expect(leaders.ids == [1])
  }

  @Test func `asks about links`() throws {
    var graph = try Network.graph(users: 3, follows: [(1, 2), (3, 2)], posts: 3)
    try graph.load(User.likes, [(1, 2), (3, 1)])
    let follows = graph.contains(2, in: User.following, of: 1)  // Bool
    let followerCount = graph[User.self, 2].followers.count  // O(1)
    let popular = graph[User.self].filter(User.followers.count >= 2)
    let fans = graph[User.self].filter(User.liked.contains(where: \.author == 2))
    let byFollowers = graph[User.self].sorted(by: User.followers.count, .descending)
    #expect(follows && followerCount == 2)
    #expect(popular.ids == [2])
    #expect(fans.ids == [1])
    #expect(byFollowers.ids == [2, 1, 3])
  }
}
