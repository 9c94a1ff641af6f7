// What the snippets of mistakes are about.

import Kith

struct User: Row {
  var id: Int
  var handle: String
  var joined: Date
  static let table = Table(
    "users", Self.init, Column("id", \.id), Column("handle", \.handle), Column("joined", \.joined))
  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id")
  static let following = hasMany(through: follows)
  static let posts = hasMany(\Post.author)
}

struct Post: Row {
  var id: UUID
  var author: User.ID
  static let table = Table(
    "posts", Self.init, Column("id", \.id),
    Column("author_id", \.author, references: User.self, onDelete: .cascade))
}
