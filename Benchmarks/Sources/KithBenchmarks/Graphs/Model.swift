import Kith

/// A user who follows others, and nothing else.
struct User: Row {
  var id: Int

  static let table = Table("users", Self.init, Column("id", \.id))

  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id", allowsSelfLinks: false)
  static let following = hasMany(through: follows)
  static let followers = hasMany(through: follows.inverse)

  static func store() throws -> GraphStore {
    GraphStore(
      try Schema {
        User.self
        User.follows
      })
  }

  static func whoToFollow(_ user: Int, _ graph: Graph, limit: Int) -> [Suggestion] {
    graph[User.self, user].following.following
      .subtracting(graph[User.self, user].following).excluding(user)
      .ranked().prefix(limit)
      .map { Suggestion(id: $0.id, paths: $0.paths) }
  }
}
