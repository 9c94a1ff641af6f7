import Foundation
import Kith

/// A user of the network.
struct User: Row {
  var id: Int

  static let table = Table("users", Self.init, Column("id", \.id))

  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id", allowsSelfLinks: false)
  static let following = hasMany(through: follows)
  static let followers = hasMany(through: follows.inverse)
  static let posts = hasMany(\Post.author)
}

/// A post of a user.
struct Post: Row {
  var id: Int
  var author: User.ID
  var createdAt: Date

  static let table = Table(
    "posts", Self.init,
    Column("id", \.id),
    Column("author_id", \.author, references: User.self, onDelete: .cascade),
    Column("created_at", \.createdAt)
  )
  .index(\.author, orderedBy: \.createdAt)

  /// The posts that stand for real ones: the same on every run.
  ///
  /// Post k, from 0, of the i-th of n users, from 0 by ascending id, has id k · n + i + 1, and is created that many
  /// seconds after 2026 began.
  static func generated(for users: [User.ID], perUser count: Int) -> some Sequence<Post> {
    (0..<count).lazy.flatMap { round in
      users.indices.lazy.map { index in
        let id = round * users.count + index + 1
        return Post(
          id: id, author: users[index], createdAt: newYear.addingTimeInterval(Double(id)))
      }
    }
  }

  /// 2026-01-01T00:00:00Z.
  private static let newYear = Date(timeIntervalSince1970: 1_767_225_600)
}
