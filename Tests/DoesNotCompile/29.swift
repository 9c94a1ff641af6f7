// expect: missing arguments for parameters 'to', #5 in call
// An association table with a foreign key to one of its sides only.
import Kith

struct User: Row {
  var id: Int
  static let table = Table("users", Self.init, Column("id", \.id))
  static let follows = Association("follows", from: User.self, "follower_id")
}
