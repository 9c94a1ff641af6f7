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
        "orphans has no column for \\.id, and names no primaryKey(_:_:)",
        "ix_faulty_number_number is not below a foreign key: number has no references:",
        "orphans.user_id refers to User, which is not listed",
        "orphans.faulty_id is set to nil on delete, but its column may not be empty",
        "an index of orphans names a property that is no column",
        "friends has two columns named a",
        "orphan_users links User, which is not listed",
        "two tables are named faulty",
        "faulty has two columns named number",
      ])
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
