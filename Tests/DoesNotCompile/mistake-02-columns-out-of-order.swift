// expect: cannot convert value of type 'KeyPath<Tag, String>' to expected argument type 'KeyPath<Tag, Int>'
import Kith

struct Tag: Row {
  var id: Int
  var name: String
  static let table = Table("tags", Self.init, Column("name", \.name), Column("id", \.id))
}
