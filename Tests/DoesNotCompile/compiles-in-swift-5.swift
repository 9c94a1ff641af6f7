// expect: no warning in Swift 5
import Foundation
import Kith

struct Note: Row {
  var id: Int
  var author: User.ID?
  var text: String
  static let table = Table(
    "notes", Self.init, Column("id", \.id),
    Column("author_id", \.author, references: User.self, onDelete: .setNull),
    Column("text", \.text).unique().check("not_empty") { !$0.isEmpty }
  ).index(\.author, orderedBy: \.text)
  static let writer = belongsTo(User.self, \.author)
}

func noWarning(_ lastWeek: Date, _ cursor: Cursor?) throws {
  let store = GraphStore(
    try Schema {
      User.self
      Post.self
      Note.self
      User.follows
    })
  try store.write { graph in
    try graph.insert(User(id: 1, handle: "ada", joined: .now))
    try graph.append(2, to: User.following, of: 1)
  }
  let graph = store.snapshot
  let page = graph[User.self, 1].following.posts.page(size: 20, after: cursor)
  print(try page.rows, graph[User.self].filter(\.joined > lastWeek).sorted(by: \.handle).ids)
}
