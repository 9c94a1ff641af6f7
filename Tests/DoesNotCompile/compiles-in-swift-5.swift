// expect: no warning in Swift 5
import Foundation
import Kith

struct User: Row {
  var id: Int
  var handle: String
  var name: String?
  var joined: Date

  static let table = Table(
    "users", Self.init,
    Column("id", \.id),
    Column("handle", \.handle).unique(),
    Column("name", \.name),
    Column("joined", \.joined).indexed())
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
    Column("text", \.text).check("not_empty") { !$0.isEmpty },
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

func example(lastWeek: Date, cursor: Cursor?) throws {
  let schema = try Schema {
    User.self
    Post.self
    User.follows
  }
  let store = GraphStore(schema)

  try store.write { graph in
    try graph.insert(User(id: 1, handle: "ada", name: nil, joined: .now))
    try graph.insert(User(id: 2, handle: "grace", name: "Grace", joined: .now))
    try graph.append(2, to: User.following, of: 1)
  }

  let graph = store.snapshot
  let page = graph[User.self, 1].following.posts
    .sorted(by: \.createdAt, .descending).page(size: 20, after: cursor)
  print(try page.rows)
  print(graph[User.self, 1].followers.filter(\.joined > lastWeek).sorted(by: \.handle).ids)
}
