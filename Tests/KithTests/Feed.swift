import Foundation
import Kith

/// A graph over the README's tables: users with follows, and posts at given seconds.
enum Feed {
  static func schema() throws -> Schema {
    try Schema {
      User.self
      Post.self
      User.follows
    }
  }

  static let start = Date(timeIntervalSinceReferenceDate: 0)

  static func user(_ id: Int) -> User {
    User(
      id: id, handle: "user\(id)", name: id % 2 == 0 ? "Name \(id)" : nil,
      joined: start.addingTimeInterval(Double(id % 7)))
  }

  /// Users 1…users in order, follows as pairs.
  static func graph(users: Int, follows: [(Int, Int)]) throws -> Graph {
    var graph = Graph(try schema())
    if users > 0 { try graph.insert(contentsOf: (1...users).map { user($0) }) }
    try graph.load(User.follows, follows, allOrNothing: true)
    return graph
  }

  static func post(_ id: Int, by author: Int, at second: Int) -> Post {
    Post(
      id: id, author: author, text: "post \(id)",
      createdAt: start.addingTimeInterval(Double(second)))
  }
}
