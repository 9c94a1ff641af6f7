import Kith
import Testing

@Suite struct `A schema` {
  @Test func `lists all that is wrong with it at once`() throws {
    let error = #expect(throws: GraphError.self) {
      try Schema {
        Faulty.self
        Faulty.self
        Orphan.self
        SameName.self
        Faulty.friends
        Orphan.users
      }
    }
    guard case .schemaFaults(let faults) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(
      faults == [
        "Faulty is listed twice",
        "orphans has no column for \\.id, and names no primaryKey(…)",
        "orphans.user_id refers to User, which is not listed",
        "orphans.faulty_id is set to nil on delete, but its column may not be empty",
        "an index of orphans names a property that is no column",
        "friends has two columns named a",
        "orphan_users links User, which is not listed",
        "two tables are named faulty",
        "faulty has two columns named number",
      ])
  }

  @Test func `says once that a table is missing, which an index is below`() throws {
    #expect(
      throws: GraphError.schemaFaults(["posts.author_id refers to User, which is not listed"])
    ) { try Schema { Post.self } }
  }

  @Test func `refuses an index in which one column stands twice`() throws {
    struct Echo: Row {
      var id: Int
      var pitch: Int
      static let table = Table(
        "echoes", Self.init, Column("id", \.id), Column("pitch", \.pitch)
      )
      .index(\.pitch, orderedBy: \.pitch)
    }
    #expect(
      throws: GraphError.schemaFaults([
        "ix_echoes_pitch_pitch is ordered by the column that keeps its rows apart"
      ])
    ) { try Schema { Echo.self } }
  }

  @Test func `refuses a primary key that may be nil`() throws {
    struct Draft: Row {
      var id: Int?
      static let table = Table("drafts", Self.init, Column("id", \.id))
    }
    let error = #expect(throws: GraphError.self) { try Schema { Draft.self } }
    let fault =
      "the primary key of drafts holds id, which may be nil: "
      + "let insert { id in … } give new rows their keys"
    #expect(error == .schemaFaults([fault]))
    #expect(error?.localizedDescription == "the schema is not valid: " + fault)
  }

  @Test func `refuses foreign keys that need each other`() throws {
    #expect(
      throws: GraphError.schemaFaults([
        "no first row could be inserted, because hens → eggs → hens need each other"
      ])
    ) {
      try Schema {
        Hen.self
        Egg.self
      }
    }
  }

  @Test func `allows a foreign key to the table itself`() throws {
    let schema = try Schema { Folder.self }
    var graph = Graph(schema)
    try graph.insert(Folder(id: 1, parent: 1))
    try graph.insert(Folder(id: 2, parent: 1))
    #expect(graph[Folder.self, 1].children.ids == [1, 2])
    #expect(
      throws: GraphError.missingReference(
        constraint: "fk_folders_parent_id_folders", table: "folders", key: "9")
    ) { try graph.insert(Folder(id: 3, parent: 9)) }
  }

  @Test func `may list its parts under conditions and in loops`() throws {
    let withPosts = true
    let schema = try Schema {
      User.self
      if withPosts { Post.self }
      for association in [User.follows, User.blocks] { association }
    }
    let graph = Graph(schema)
    #expect(graph.statistics.tables.map(\.name) == ["users", "posts", "follows", "blocks"])
  }
}

extension User {
  static let blocks = Association(
    "blocks", from: User.self, "blocker_id", to: User.self, "blocked_id", allowsSelfLinks: false)
  static let blocked = hasMany(through: blocks)
}

private struct Faulty: Row {
  var id: Int
  var number: String
  var count: Int

  static let table = Table(
    "faulty", Self.init,
    Column("id", \.id), Column("number", \.number), Column("number", \.count)
  )
  .index(\.number, orderedBy: \.count)

  static let friends = Association("friends", from: Faulty.self, "a", to: Faulty.self, "a")
}

private struct Orphan: Row {
  var name: String
  var user: User.ID
  var faulty: Faulty.ID
  var id: String { name + "!" }

  static let table = Table(
    "orphans", Self.init(name:user:faulty:),
    Column("name", \.other),
    Column("user_id", \.user, references: User.self),
    Column("faulty_id", \.faulty, references: Faulty.self, onDelete: .setNull)
  )
  .index(\.user, orderedBy: \.length)

  var other: Bool { true }
  var length: Int { name.count }

  init(name: Bool, user: Int, faulty: Int) {
    self.name = "\(name)"
    self.user = user
    self.faulty = faulty
  }

  static let users = Association("orphan_users", from: Orphan.self, "o", to: User.self, "u")
}

private struct SameName: Row {
  var id: Int
  static let table = Table("faulty", Self.init, Column("id", \.id))
}

private struct Hen: Row {
  var id: Int
  var egg: Int
  static let table = Table(
    "hens", Self.init, Column("id", \.id), Column("egg_id", \.egg, references: Egg.self))
}

private struct Egg: Row {
  var id: Int
  var hen: Int
  static let table = Table(
    "eggs", Self.init, Column("id", \.id), Column("hen_id", \.hen, references: Hen.self))
}

private struct Folder: Row {
  var id: Int
  var parent: Int
  static let table = Table(
    "folders", Self.init,
    Column("id", \.id), Column("parent_id", \.parent, references: Folder.self))
  static let children = hasMany(\Folder.parent)
}

@Suite struct `A table whose declaration is wrong` {
  @Test func `is found by its first rows when columns of one type are exchanged`() throws {
    var graph = Graph(try Schema { Exchanged.self })
    #expect(
      throws: GraphError.schemaFaults([
        "exchanged does not come back from its columns: last was \"Lovelace\" and became \"Ada\". "
          + "List the columns in the order of the initializer's parameters"
      ])
    ) { try graph.insert(Exchanged(id: 1, first: "Ada", last: "Lovelace")) }
    #expect(graph[Exchanged.self].isEmpty)
  }

  @Test func `is found by its first row when the primary key is not the id`() throws {
    var graph = Graph(try Schema { Misnamed.self })
    #expect(
      throws: GraphError.schemaFaults([
        "the id of misnamed is 1, and its primary key columns store 2: name the columns that make "
          + "up the id with primaryKey(…)"
      ])
    ) { try graph.insert(Misnamed(number: 2)) }
  }

  @Test func `is not found by a write to a table that the schema lacks`() throws {
    var graph = Graph(try School.schema())
    let missing = GraphError.schemaFaults([
      "User is not in this store's schema: list User.self in Schema { }"
    ])
    #expect(throws: missing) { try graph.insert(Feed.user(1)) }
    #expect(throws: missing) { try graph.upsert(Feed.user(1)) }
    #expect(throws: missing) { try graph.update(User.self, 1) { $0.name = nil } }
    #expect(throws: missing) { try graph.delete(User.self, 1) }
    #expect(throws: missing) { try graph.require(User.self, 1) }
    let unlisted = GraphError.schemaFaults([
      "follows is not in this store's schema: list it in Schema { }"
    ])
    #expect(throws: unlisted) { try graph.append(1, to: User.following, of: 2) }
    #expect(throws: unlisted) { try graph.load(User.follows, [(1, 2)]) }
  }

  @Test func `stops a walk over a foreign key that it lacks, and says why`() async throws {
    let unlisted = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Graph(try Schema { Site.self })[Site.self, 1].pages.count }
    let renewed = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Graph(try Schema { Renewed.self })[Renewed.self, 1].children.count }
    let undeclared = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Graph(try Schema { Site.self })[Site.self, 1].visits.count }
    #if DEBUG
      let reasons = [unlisted, renewed, undeclared].map {
        String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self)
      }
      #expect(
        reasons[0].contains(
          "Page, with its site_id, is not in this store's schema: list Page.self in Schema { }"))
      #expect(
        reasons[1].contains(
          "parent_id of Renewed is not the one in this store's schema: make Renewed.table a "
            + "static let"))
      #expect(
        reasons[2].contains(
          "which is no column with references: Site.self, is no relationship: declare the column "
            + "with references:"))
    #endif
  }

  private struct Exchanged: Row {
    var id: Int
    var first: String
    var last: String
    static let table = Table(
      "exchanged", Self.init, Column("id", \.id), Column("last", \.last), Column("first", \.first))
  }

  private struct Misnamed: Row {
    var number: Int
    var id: Int { number - 1 }
    static let table = Table("misnamed", Self.init, Column("number", \.number))
  }
}

@Suite struct `A naming convention` {
  private struct Odd: Row {
    var id: Int
    static let table = Table("{columns}", Self.init, Column("id", \.id))
  }

  @Test func `takes names as they are, if they have braces too`() throws {
    let schema = try Schema { Odd.self }
    #expect(schema.table("{columns}")?.constraints.map(\.name) == ["pk_{columns}"])
  }

  @Test func `names every constraint and index, in errors and in reflection`() throws {
    let naming = Schema.Naming(
      primaryKey: "{table}_pkey", unique: "{table}_{columns}_key",
      foreignKey: "{table}_{columns}_fkey", check: "{table}_{name}_check",
      index: "{table}_{columns}_idx")
    let schema = try Schema(naming: naming) {
      User.self
      Post.self
      User.follows
    }
    let users = try #require(schema.table("users"))
    #expect(users.constraints.map(\.name) == ["users_pkey", "users_handle_key"])
    #expect(users.indexes.map(\.name) == ["users_joined_idx"])
    let posts = try #require(schema.table("posts"))
    #expect(
      posts.constraints.map(\.name) == [
        "posts_pkey", "posts_author_id_fkey", "posts_not_empty_check",
      ])
    #expect(posts.indexes.map(\.name) == ["posts_author_id_created_at_idx"])
    #expect(posts.constraints[1].target == "users")
    #expect(posts.constraints[1].onDelete == .cascade)
    let follows = try #require(schema.table("follows"))
    #expect(follows.isAssociation)
    #expect(
      follows.constraints.map(\.name) == [
        "follows_pkey", "follows_follower_id_fkey", "follows_followed_id_fkey",
        "follows_no_self_links_check",
      ])
    var graph = Graph(schema)
    try graph.insert(Feed.user(1))
    #expect(
      throws: GraphError.duplicateKey(constraint: "users_pkey", table: "users", key: "1")
    ) { try graph.insert(Feed.user(1)) }
    #expect(
      throws: GraphError.failedCheck(
        constraint: "follows_no_self_links_check", table: "follows", key: "1")
    ) { try graph.append(1, to: User.following, of: 1) }
  }

  @Test func `is refused when it can't tell names apart, or holds what nobody fills in`() throws {
    #expect(
      throws: GraphError.schemaFaults([
        "the naming convention \"{tabel}\" may hold {table}, {columns}, {target} and {name}, and "
          + "nothing else in braces",
        "users has two constraints or indexes named same",
      ])
    ) {
      try Schema(naming: .init(primaryKey: "{tabel}", unique: "same", index: "same")) {
        User.self
      }
    }
  }
}

@Suite struct `A schema at run time` {
  @Test func `shows tables, columns and the rules of columns`() throws {
    let schema = try Schema { Listing.self }
    let table = try #require(schema.table("listings"))
    #expect(table.columns.map(\.name) == ["id", "title", "price", "seller_id"])
    #expect(table.columns.map(\.kind) == [.integer, .text, .real, .integer])
    #expect(table.columns.map(\.isNullable) == [false, false, true, true])
    #expect(table.column("title")?.maxLength == 5)
    #expect(table.column("title")?.defaultValue == .text("new"))
    #expect(
      table.constraints.map(\.name) == [
        "pk_listings", "uq_listings_title_price", "fk_listings_seller_id_listings",
        "ck_listings_cheap", "ck_listings_title_max_length",
      ])
    #expect(table.indexes.map(\.name) == ["ix_listings_price"])
    #expect(Graph(schema).schema.tables == schema.tables)
  }

  @Test func `is drawn for Mermaid`() throws {
    let schema = try Schema {
      User.self
      Post.self
      User.follows
    }
    #expect(
      schema.mermaid == """
        erDiagram
          users {
            integer id PK
            text handle UK
            text name "may be empty"
            date joined
          }
          posts {
            integer id PK
            integer author_id FK
            text text
            date created_at
          }
          users ||--o{ posts : author_id
          users }o--o{ users : follows

        """)
  }

  @Test func `refuses values that are too long, and rows that break a rule`() throws {
    var graph = Graph(try Schema { Listing.self })
    // Five characters, of several scalars each.
    try graph.insert(Listing(id: 1, title: "가나다라마", price: 1, seller: nil))
    #expect(
      throws: GraphError.valueTooLong(
        constraint: "ck_listings_title_max_length", table: "listings", key: "title of 2", limit: 5)
    ) { try graph.insert(Listing(id: 2, title: "abcdef", price: 1, seller: nil)) }
    #expect(
      throws: GraphError.failedCheck(constraint: "ck_listings_cheap", table: "listings", key: "2")
    ) { try graph.insert(Listing(id: 2, title: "a", price: 11, seller: nil)) }
    #expect(
      throws: GraphError.duplicateKey(
        constraint: "uq_listings_title_price", table: "listings", key: "(\"가나다라마\", 1.0)")
    ) { try graph.insert(Listing(id: 2, title: "가나다라마", price: 1, seller: nil)) }
    // A missing part is never taken.
    try graph.insert(Listing(id: 2, title: "a", price: nil, seller: nil))
    try graph.insert(Listing(id: 3, title: "a", price: nil, seller: 3))
    #expect(graph[Listing.self].count == 3)
    try graph.validate()
  }

  @Test func `keeps keys of three and four columns`() throws {
    var graph = Graph(
      try Schema {
        Cell.self; Block.self
      })
    try graph.insert(Cell(x: 1, y: 2, z: 3, name: "a"))
    try graph.insert(Cell(x: 1, y: 3, z: 2, name: "b"))
    #expect(graph.find(Cell.self, Pair(1, Pair(3, 2)))?.name == "b")
    let found = graph[Cell.self].filter(\.x == 1 && \.y == 2 && \.z == 3)
    #expect(found.map(\.name) == ["a"])
    #expect(found.explain().contains("index pk_cells"))
    #expect(
      throws: GraphError.duplicateKey(
        constraint: "pk_cells", table: "cells", key: "(1, (2, 3))")
    ) { try graph.insert(Cell(x: 1, y: 2, z: 3, name: "c")) }
    try graph.insert(Block(a: 1, b: 2, c: 3, d: 4))
    #expect(graph.find(Block.self, Pair(1, Pair(2, Pair(3, 4)))) != nil)
  }

  private struct Listing: Row {
    var id: Int
    var title: String
    var price: Double?
    var seller: Int?
    static let table = Table(
      "listings", Self.init, Column("id", \.id),
      Column("title", \.title).maxLength(5).default("new"), Column("price", \.price),
      Column("seller_id", \.seller, references: Listing.self, onDelete: .setNull)
    )
    .unique(\.title, \.price).index(\.price).check("cheap") { $0.price ?? 0 < 10 }
  }

  private struct Cell: Row {
    var x: Int
    var y: Int
    var z: Int
    var name: String
    var id: Pair<Int, Pair<Int, Int>> { Pair(x, Pair(y, z)) }
    static let table = Table(
      "cells", Self.init, Column("x", \.x), Column("y", \.y), Column("z", \.z),
      Column("name", \.name)
    )
    .primaryKey(\.x, \.y, \.z)
  }

  private struct Block: Row {
    var a: Int
    var b: Int
    var c: Int
    var d: Int
    var id: Pair<Int, Pair<Int, Pair<Int, Int>>> { Pair(a, Pair(b, Pair(c, d))) }
    static let table = Table(
      "blocks", Self.init, Column("a", \.a), Column("b", \.b), Column("c", \.c), Column("d", \.d)
    )
    .primaryKey(\.a, \.b, \.c, \.d)
  }
}

private struct Site: Row {
  var id: Int
  static let table = Table("sites", Self.init, Column("id", \.id))
  static let pages = hasMany(\Page.site)
  static let visits = hasMany(\Page.visits)
}

private struct Page: Row {
  var id: Int
  var site: Site.ID
  var visits: Int
  static let table = Table(
    "pages", Self.init, Column("id", \.id), Column("site_id", \.site, references: Site.self),
    Column("visits", \.visits))
}

/// A row whose table is another one each time that it is asked for.
private struct Renewed: Row {
  var id: Int
  var parent: Renewed.ID?
  static var table: Table<Renewed> {
    Table(
      "renewed", Self.init, Column("id", \.id),
      Column("parent_id", \.parent, references: Renewed.self))
  }
  static let children = hasMany(\Renewed.parent)
}
