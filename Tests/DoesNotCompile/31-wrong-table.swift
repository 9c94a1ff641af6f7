// expect: cannot convert value of type 'Key<Item, Int>' to expected argument type 'Key<Label, Int>'
// The key of a row of another table as the end of a link; keys that have types of their own tell.
import Kith

struct Item: Row {
  var id: Key<Item, Int>
  static let table = Table("items", Self.init, Column("id", \.id))
  static let itemLabels = Association(
    "item_labels", from: Item.self, "item_id", to: Label.self, "label_id")
  static let labels = hasMany(through: itemLabels)
}

struct Label: Row {
  var id: Key<Label, Int>
  static let table = Table("labels", Self.init, Column("id", \.id))
}

func link(_ item: Item, in graph: inout Graph) throws {
  try graph.append(item.id, to: Item.labels, of: item.id)
}
