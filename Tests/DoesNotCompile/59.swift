// expect: only a Link is edited: append to an association table's relationship
// A link across an association object, which must be made as a row that has all its columns.
import Kith

struct Item: Row {
  var id: Int
  static let table = Table("items", Self.init, Column("id", \.id))
  static let keywords = hasMany(Keyword.self, through: \Tagging.item, \.keyword)
}

struct Keyword: Row {
  var id: Int
  static let table = Table("keywords", Self.init, Column("id", \.id))
}

struct Tagging: Row {
  var id: Int
  var item: Item.ID
  var keyword: Keyword.ID
  static let table = Table(
    "taggings", Self.init,
    Column("id", \.id),
    Column("item_id", \.item, references: Item.self),
    Column("keyword_id", \.keyword, references: Keyword.self))
}

func tag(in graph: inout Graph) throws {
  try graph.append(1, to: Item.keywords, of: 1)
}
