import Kith

struct User: Row {
  var id: Int
  var handle: String
  var name: String?

  static let table = Table(
    "users", Self.init,
    Column("id", \.id),
    Column("handle", \.handle).unique(),
    Column("name", \.name))
}

struct Post: Row {
  var id: Int
  var author: User.ID
  var text: String
  var createdAt: Date

  static let table = Table(
    "posts", Self.init,
    Column("id", \.id),
    Column("author_id", \.author, references: User.self, onDelete: .cascade),
    Column("text", \.text).maxLength(280).check("not_empty") { !$0.isEmpty },
    Column("created_at", \.createdAt)
  )
  .index(\.author, orderedBy: \.createdAt)
}

extension User {
  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id",
    allowsSelfLinks: false)
  static let following = hasMany(through: follows)
  static let followers = hasMany(through: follows.inverse)
  static let posts = hasMany(\Post.author)
}

extension Post {
  static let writer = belongsTo(User.self, \.author)
}
