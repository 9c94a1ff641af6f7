import Kith

/// Users with addresses, orders of items, and keywords of items: SQLAlchemy's standard fixture.
enum Users {
  struct User: Row {
    var id: Int
    var name: String

    static let table = Table("users", Self.init, Column("id", \.id), Column("name", \.name))

    static let addresses = hasMany(\Address.user)
    static let orders = hasMany(\Order.user)
  }

  struct Address: Row {
    var id: Int
    var user: User.ID
    var email: String

    static let table = Table(
      "addresses", Self.init,
      Column("id", \.id),
      Column("user_id", \.user, references: User.self, onDelete: .cascade),
      Column("email", \.email))

    static let owner = belongsTo(User.self, \.user)
  }

  struct Order: Row {
    var id: Int
    var user: User.ID
    var address: Address.ID?

    static let table = Table(
      "orders", Self.init,
      Column("id", \.id),
      Column("user_id", \.user, references: User.self),
      Column("address_id", \.address, references: Address.self))

    static let destination = belongsTo(Address.self, \.address)
    static let positions = Association(
      "order_items", from: Order.self, "order_id", to: Item.self, "item_id")
    static let items = hasMany(through: positions)
  }

  struct Item: Row {
    var id: Int
    var text: String

    static let table = Table("items", Self.init, Column("id", \.id), Column("text", \.text))

    static let labels = Association(
      "item_keywords", from: Item.self, "item_id", to: Keyword.self, "keyword_id")
    static let keywords = hasMany(through: labels)
  }

  struct Keyword: Row {
    var id: Int
    var name: String

    static let table = Table("keywords", Self.init, Column("id", \.id), Column("name", \.name))
  }

  static func schema() throws -> Schema {
    try Schema {
      User.self
      Address.self
      Order.self
      Item.self
      Keyword.self
      Order.positions
      Item.labels
    }
  }

  static func graph() throws -> Graph {
    try graph(Graph(schema()))
  }

  /// A graph of the schema with the rows inserted.
  static func graph(_ empty: Graph) throws -> Graph {
    var graph = empty
    try graph.insert(contentsOf: [
      User(id: 7, name: "jack"), User(id: 8, name: "ed"), User(id: 9, name: "fred"),
      User(id: 10, name: "chuck"),
    ])
    try graph.insert(contentsOf: [
      Address(id: 1, user: 7, email: "jack@bean.com"),
      Address(id: 2, user: 8, email: "ed@wood.com"),
      Address(id: 3, user: 8, email: "ed@bettyboop.com"),
      Address(id: 4, user: 8, email: "ed@lala.com"),
      Address(id: 5, user: 9, email: "fred@fred.com"),
    ])
    try graph.insert(contentsOf: [
      Order(id: 1, user: 7, address: 1), Order(id: 2, user: 9, address: 4),
      Order(id: 3, user: 7, address: 1), Order(id: 4, user: 9, address: 4),
      Order(id: 5, user: 7, address: nil),
    ])
    try graph.insert(contentsOf: (1...5).map { Item(id: $0, text: "item \($0)") })
    let names = ["blue", "red", "green", "big", "small", "round", "square"]
    try graph.insert(contentsOf: names.enumerated().map { Keyword(id: $0 + 1, name: $1) })
    try graph.load(Order.positions, positions, allOrNothing: true)
    try graph.load(Item.labels, labels, allOrNothing: true)
    return graph
  }

  /// Order and item.
  private static let positions = [
    (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 3), (3, 4), (3, 5), (4, 1), (4, 5), (5, 5),
  ]
  /// Item and keyword.
  private static let labels = [
    (1, 2), (1, 4), (1, 6), (2, 2), (2, 5), (2, 7), (3, 3), (3, 4), (3, 6),
  ]
}
