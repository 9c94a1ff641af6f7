import Foundation
import Kith

/// People whose follows carry the time at which they were made, as association objects.
enum Dated {
  struct User: Row {
    var id: Int

    static let table = Table("users", Self.init, Column("id", \.id))

    static let outgoing = hasMany(\Follow.follower)
    static let incoming = hasMany(\Follow.followed)
    static let following = hasMany(User.self, through: \Follow.follower, \.followed)
    static let followers = following.inverse
  }

  struct Follow: Row {
    var follower: User.ID
    var followed: User.ID
    var createdAt: Date
    var id: Pair<User.ID, User.ID> { Pair(follower, followed) }

    static let table = Table(
      "follows", Self.init,
      Column("follower_id", \.follower, references: User.self, onDelete: .cascade),
      Column("followed_id", \.followed, references: User.self, onDelete: .cascade),
      Column("created_at", \.createdAt)
    )
    .primaryKey(\.follower, \.followed)
    .index(\.followed, orderedBy: \.createdAt)
  }

  /// A graph whose follows are made one a second, in the order given, from second 1.
  static func graph(users: [Int], follows: [(Int, Int)]) throws -> Graph {
    let schema = try Schema {
      User.self
      Follow.self
    }
    var graph = Graph(schema)
    try graph.insert(contentsOf: users.map { User(id: $0) })
    try graph.insert(
      contentsOf: follows.enumerated().map { index, pair in
        Follow(follower: pair.0, followed: pair.1, createdAt: second(index + 1))
      })
    return graph
  }

  static func second(_ number: Int) -> Date { Date(timeIntervalSince1970: Double(number)) }
}
