import Kith

/// Users whose names are their keys, the items that they share, and their addresses.
enum NaturalKeys {
  struct User: Row {
    var id: String
    var fullName: String

    static let table = Table(
      "users", Self.init, Column("username", \.id), Column("full_name", \.fullName))
    static let addresses = hasMany(\Address.user)
    static let items = hasMany(through: Item.itemUsers.inverse)
  }

  struct Item: Row {
    var id: Int

    static let table = Table("items", Self.init, Column("id", \.id))
    static let itemUsers = Association(
      "item_users", from: Item.self, "item_id", to: User.self, "username")
    static let users = hasMany(through: itemUsers)
  }

  struct Address: Row {
    var id: Int
    var user: User.ID

    static let table = Table(
      "addresses", Self.init,
      Column("id", \.id),
      Column("username", \.user, references: User.self))
  }

  /// jack has item 1; fred and jack share item 2; fred has address 1.
  static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        User.self
        Item.self
        Address.self
        Item.itemUsers
      })
    try graph.insert(contentsOf: [
      User(id: "jack", fullName: "Jack B."), User(id: "fred", fullName: "Fred F."),
    ])
    try graph.insert(contentsOf: [Item(id: 1), Item(id: 2)])
    try graph.insert(Address(id: 1, user: "fred"))
    try graph.load(
      Item.itemUsers, [(1, "jack"), (2, "fred"), (2, "jack")], allOrNothing: true)
    return graph
  }
}
