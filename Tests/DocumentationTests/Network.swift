import Foundation
import Kith

/// Graphs over all tables of the articles.
enum Network {
  static func schema() throws -> Schema {
    try Schema {
      User.self
      Post.self
      Comment.self
      Club.self
      Membership.self
      User.follows
      User.blocks
      User.mutes
      User.likes
    }
  }

  /// Users 1…users, `user1` and so on, of whom the even ones have names; follows; and posts 1…posts,
  /// a minute apart, of the users in turn.
  static func graph(users: Int, follows: [(Int, Int)] = [], posts: Int = 0) throws -> Graph {
    var graph = Graph(try schema())
    for id in 1...users {
      let name = id.isMultiple(of: 2) ? "Name \(id)" : nil
      try graph.insert(User(id: id, handle: "user\(id)", name: name))
    }
    try graph.load(User.follows, follows, allOrNothing: true)
    for id in stride(from: 1, through: posts, by: 1) {
      let date = Date(timeIntervalSince1970: Double(id) * 60)
      try graph.insert(
        Post(id: id, author: (id - 1) % users + 1, text: "post \(id)", createdAt: date))
    }
    return graph
  }

  /// A store that holds a graph of its own.
  static func store(users: Int, follows: [(Int, Int)] = [], posts: Int = 0) throws -> GraphStore {
    let graph = try graph(users: users, follows: follows, posts: posts)
    let store = GraphStore(graph.schema)
    try store.write { $0 = graph }
    return store
  }
}
