// expect: 'nil' is not compatible with expected argument type 'Int'
// A link to nothing.
import Kith

struct User: Row {
  var id: Int
  static let table = Table("users", Self.init, Column("id", \.id))
  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id")
  static let following = hasMany(through: follows)
}

func link(in graph: inout Graph) throws {
  try graph.append(nil, to: User.following, of: 1)
}
