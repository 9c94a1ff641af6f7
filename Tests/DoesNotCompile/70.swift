// expect: requires that 'String' conform to 'Row'
// A proxy to a column that is no relationship.
import Kith

struct Item: Row {
  var id: Int
  static let table = Table("items", Self.init, Column("id", \.id))
  static let data = hasMany(String.self, through: \Tagging.item, \.data)
}

struct Tagging: Row {
  var id: Int
  var item: Item.ID
  var data: String
  static let table = Table(
    "taggings", Self.init,
    Column("id", \.id),
    Column("item_id", \.item, references: Item.self),
    Column("data", \.data))
}
