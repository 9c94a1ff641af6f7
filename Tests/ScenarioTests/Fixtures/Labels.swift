import Kith

/// Items with labels, linked by a plain association table; and badges, which link one to one.
enum Labels {
  struct Item: Row {
    var id: Int

    static let table = Table("items", Self.init, Column("id", \.id))
    static let itemLabels = Association(
      "item_labels", from: Item.self, "item_id", to: Label.self, "label_id")
    static let labels = hasMany(through: itemLabels)
    static let badge = hasMany(Label.self, through: \Badge.item, \.label)
  }

  struct Label: Row {
    var id: Int
    var name: String

    static let table = Table(
      "labels", Self.init, Column("id", \.id), Column("name", \.name))
    static let items = hasMany(through: Item.itemLabels.inverse)
  }

  /// One label of one item: neither has another.
  struct Badge: Row {
    var item: Item.ID
    var label: Label.ID
    var id: Pair<Item.ID, Label.ID> { Pair(item, label) }

    static let table = Table(
      "badges", Self.init,
      Column("item_id", \.item, references: Item.self, onDelete: .cascade).unique(),
      Column("label_id", \.label, references: Label.self, onDelete: .cascade).unique()
    )
    .primaryKey(\.item, \.label)
  }

  /// Items 1 and 2, labels 1…3, and the links given.
  static func graph(_ links: [(Int, Int)] = []) throws -> Graph {
    var graph = Graph(
      try Schema {
        Item.self
        Label.self
        Badge.self
        Item.itemLabels
      })
    try graph.insert(contentsOf: [Item(id: 1), Item(id: 2)])
    try graph.insert(contentsOf: [
      Label(id: 1, name: "red"), Label(id: 2, name: "green"), Label(id: 3, name: "blue"),
    ])
    try graph.load(Item.itemLabels, links, allOrNothing: true)
    return graph
  }
}

extension Query<Labels.Item> {
  /// The labels in the order in which they are always shown.
  var labelsByName: Query<Labels.Label> { self.labels.sorted(by: \.name) }
}
