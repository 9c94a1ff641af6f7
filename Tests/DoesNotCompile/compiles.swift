// expect: success
// What the other snippets do wrong, done right: this one compiles, or none of them says anything.
import Kith

struct User: Row {
  var id: Key<User, Int>
  static let table = Table("users", Self.init, Column("id", \.id))
  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id")
  static let following = hasMany(through: follows)
  static let posts = hasMany(\Post.author)
  static let likedPosts = hasMany(Post.self, through: \Like.user, \.post)
}

struct Post: Row {
  var id: Key<Post, Int>
  var author: User.ID
  static let table = Table(
    "posts", Self.init, Column("id", \.id), Column("author_id", \.author, references: User.self))
  static let writers = belongsTo(User.self, \.author)
}

struct Like: Row {
  var id: Int
  var user: User.ID
  var post: Post.ID
  static let table = Table(
    "likes", Self.init,
    Column("id", \.id),
    Column("user_id", \.user, references: User.self),
    Column("post_id", \.post, references: Post.self))
}

func link(_ user: User, in graph: inout Graph) throws {
  try graph.append(user.id, to: User.following, of: 1)
  try graph.insert(Like(id: 1, user: user.id, post: 1))
}
