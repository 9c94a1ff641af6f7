// expect: missing arguments for parameters #3, #5 in call
// An association table for two rows of one table, without a word on which column is which end.
import Kith

struct User: Row {
  var id: Int
  static let table = Table("users", Self.init, Column("id", \.id))
  static let follows = Association("follows", from: User.self, to: User.self)
}
