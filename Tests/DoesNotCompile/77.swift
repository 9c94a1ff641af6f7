// expect: 'KeyPath<Post, Key<User, Int>>' to expected argument type 'KeyPath<Post, Key<Post, Int>>'
// The one writer of a post, declared as if a post had many; keys that have types of their own tell.
import Kith

struct User: Row {
  var id: Key<User, Int>
  static let table = Table("users", Self.init, Column("id", \.id))
}

struct Post: Row {
  var id: Key<Post, Int>
  var author: User.ID
  static let table = Table(
    "posts", Self.init, Column("id", \.id), Column("author_id", \.author, references: User.self))
  static let writers = hasMany(\Post.author)
}
