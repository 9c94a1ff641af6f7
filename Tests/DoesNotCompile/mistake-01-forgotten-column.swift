// expect: missing argument for parameter #3 in call
import Kith

struct Tag: Row {
  var id: Int
  var name: String
  var color: String
  static let table = Table("tags", Self.init, Column("id", \.id), Column("name", \.name))
}
