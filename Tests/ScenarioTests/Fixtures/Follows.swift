import Foundation
import Kith

/// Four users who follow each other, and one post of each.
enum Follows {
  struct User: Row {
    var id: Int
    var name: String

    static let table = Table(
      "users", Self.init, Column("id", \.id), Column("name", \.name).unique())

    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id",
      allowsSelfLinks: false)
    static let following = hasMany(through: follows)
    static let followers = hasMany(through: follows.inverse)
    static let mutes = Association(
      "mutes", from: User.self, "user_id", to: User.self, "muted_id", allowsSelfLinks: false)
    static let muted = hasMany(through: mutes)
    static let blocks = Association(
      "blocks", from: User.self, "user_id", to: User.self, "blocked_id", allowsSelfLinks: false)
    static let blocked = hasMany(through: blocks)
    static let blockedBy = hasMany(through: blocks.inverse)
    static let posts = hasMany(\Post.author)
  }

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
  }

  static let (john, susan, mary, david) = (1, 2, 3, 4)

  static func schema() throws -> Schema {
    try Schema {
      User.self
      Post.self
      User.follows
      User.mutes
      User.blocks
    }
  }

  /// A graph of people without posts; keys count from 1, in the order of the names.
  static func graph(_ names: [String], follows: [(Int, Int)]) throws -> Graph {
    var graph = Graph(try schema())
    try graph.insert(contentsOf: names.enumerated().map { User(id: $0 + 1, name: $1) })
    try graph.load(User.follows, follows, allOrNothing: true)
    return graph
  }

  /// john → susan, david; susan → mary; mary → david. Each has one post, whose key is its author's
  /// and whose second is its rank in time: john, david, mary, susan.
  static func graph() throws -> Graph {
    var graph = try graph(
      ["john", "susan", "mary", "david"],
      follows: [(john, susan), (john, david), (susan, mary), (mary, david)])
    try graph.insert(contentsOf: [
      post(john, by: john, at: 1), post(susan, by: susan, at: 4), post(mary, by: mary, at: 3),
      post(david, by: david, at: 2),
    ])
    return graph
  }

  static func post(_ id: Int, by author: Int, at second: Int) -> Post {
    Post(id: id, author: author, createdAt: Date(timeIntervalSince1970: Double(second)))
  }
}
