import Kith

/// Users and their addresses, which stay when the user goes.
enum Addresses {
  struct User: Row {
    var id: Int
    var name: String

    static let table = Table("users", Self.init, Column("id", \.id), Column("name", \.name))
    static let addresses = hasMany(\Address.user)
  }

  struct Address: Row {
    var id: Int
    var user: User.ID?
    var email: String

    static let table = Table(
      "addresses", Self.init,
      Column("id", \.id),
      Column("user_id", \.user, references: User.self, onDelete: .setNull),
      Column("email", \.email))
    static let users = belongsTo(User.self, \.user)
  }

  /// jack has one address, ed three, fred one, chuck none.
  static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        User.self
        Address.self
      })
    try graph.insert(contentsOf: [
      User(id: 7, name: "jack"), User(id: 8, name: "ed"), User(id: 9, name: "fred"),
      User(id: 10, name: "chuck"),
    ])
    try graph.insert(contentsOf: [
      Address(id: 1, user: 7, email: "jack@bean"), Address(id: 2, user: 8, email: "ed@wood"),
      Address(id: 3, user: 8, email: "ed@bettyboop"), Address(id: 4, user: 8, email: "ed@lala"),
      Address(id: 5, user: 9, email: "fred@fred"),
    ])
    return graph
  }

  /// The users of the graph, and one more with addresses 11…16: a…f.
  static func graphWithSix() throws -> Graph {
    var graph = try graph()
    try graph.insert(User(id: 20, name: "six"))
    try graph.insert(
      contentsOf: zip(11..., ["a", "b", "c", "d", "e", "f"]).map {
        Address(id: $0, user: 20, email: $1)
      })
    return graph
  }
}
