import Kith

/// Items and keywords, with an association object between them that carries a text; a keyword may
/// have a language.
enum Items {
  struct Item: Row {
    var id: Int
    var name: String

    static let table = Table("items", Self.init, Column("id", \.id), Column("name", \.name))
    static let taggings = hasMany(\Tagging.item)
    static let keywords = hasMany(Keyword.self, through: \Tagging.item, \.keyword)
  }

  struct Keyword: Row {
    var id: Int
    var name: String
    var language: Language.ID?

    static let table = Table(
      "keywords", Self.init,
      Column("id", \.id),
      Column("name", \.name),
      Column("language_id", \.language, references: Language.self, onDelete: .setNull))
    static let items = Item.keywords.inverse
    static let languages = belongsTo(Language.self, \.language)
  }

  struct Tagging: Row {
    var item: Item.ID
    var keyword: Keyword.ID
    var data: String
    var id: Pair<Item.ID, Keyword.ID> { Pair(item, keyword) }

    static let table = Table(
      "taggings", Self.init,
      Column("item_id", \.item, references: Item.self, onDelete: .cascade),
      Column("keyword_id", \.keyword, references: Keyword.self, onDelete: .cascade),
      Column("data", \.data)
    )
    .primaryKey(\.item, \.keyword)
    static let keywords = belongsTo(Keyword.self, \.keyword)
  }

  struct Language: Row {
    var id: String

    static let table = Table("languages", Self.init, Column("id", \.id))
  }

  static func schema() throws -> Schema {
    try Schema {
      Item.self
      Keyword.self
      Tagging.self
      Language.self
    }
  }

  /// Tags item 1 red and blue, and item 2 green.
  static func fill(_ graph: inout Graph) throws {
    try graph.insert(contentsOf: [Item(id: 1, name: "one"), Item(id: 2, name: "two")])
    try graph.insert(contentsOf: [Language(id: "en"), Language(id: "fr")])
    try graph.insert(contentsOf: [
      Keyword(id: 1, name: "blue", language: "en"), Keyword(id: 2, name: "red", language: "en"),
      Keyword(id: 3, name: "green", language: nil),
    ])
    try graph.insert(contentsOf: [
      Tagging(item: 1, keyword: 2, data: "red_assoc"),
      Tagging(item: 1, keyword: 1, data: "blue_assoc"),
      Tagging(item: 2, keyword: 3, data: "green_assoc"),
    ])
  }

  static func graph() throws -> Graph {
    var graph = Graph(try schema())
    try fill(&graph)
    return graph
  }
}
