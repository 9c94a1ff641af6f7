import Foundation
import Kith

extension Database {
  /// What a user wrote, for those who follow them.
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
}
