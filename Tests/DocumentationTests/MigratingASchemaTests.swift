import Foundation
import Kith
import Testing

/// The program as it was when the folder was made.
private enum Yesterday {
  struct User: Row {
    var id: Int
    var handle: String
    static let table = Table("users", Self.init, Column("id", \.id), Column("handle", \.handle))
    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id")
    static let following = hasMany(through: follows)
  }

  struct Biography: Row {
    var id: Int
    var text: String
    static let table = Table(
      "biographies", Self.init, Column("user_id", \.id, references: User.self, onDelete: .cascade),
      Column("text", \.text))
  }

  static func schema() throws -> Schema {
    try Schema {
      User.self
      Biography.self
      User.follows
    }
  }
}

/// The program as it is.
private enum Today {
  struct User: Row {
    var id: Int
    var handle: String
    var biography: String?

    static let table = Table(
      "users", Self.init,
      Column("id", \.id),
      Column("handle", \.handle),
      Column("biography", \.biography))

    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id")
    static let following = hasMany(through: follows)
  }

  static func schema() throws -> Schema {
    try Schema {
      User.self
      User.follows
    }
  }
}

extension Migration {
  static let m0001First = Migration(
    "0001_first",
    Schema.Difference(from: [], to: (try? Yesterday.schema().tables) ?? []))

  /// The biographies move into the users.
  static let m0002Biography = Migration("0002_biography") { tables in
    let biographies = try tables.rows(of: "biographies")
    let texts = Dictionary(
      uniqueKeysWithValues: biographies.map { ($0["user_id"], $0["text"]) })
    try tables.addColumn(.column("biography", .text, isNullable: true), to: "users") { user in
      texts[user["id"]] ?? .null
    }
    try tables.drop("biographies", losingData: true)
  } down: { tables in
    try tables.create(
      "biographies",
      columns: [
        .column("user_id", .integer),
        .column("text", .text),
      ],
      constraints: [
        .primaryKey("pk_biographies", "user_id"),
        .foreignKey(
          "fk_biographies_user_id_users", "user_id", references: "users", onDelete: .cascade),
      ])
    try tables.copy(from: "users", to: "biographies") { user in
      user["biography"] == .null ? nil : ["user_id": user["id"], "text": user["biography"]]
    }
    try tables.dropColumn("biography", from: "users", losingData: true)
  }
}

@Suite struct `The article on migrating a schema` {
  private static func makeYesterday(_ folder: URL) throws {
    let store = try GraphStore(try Yesterday.schema(), at: folder)
    try store.write { graph in
      try graph.insert(contentsOf: [
        Yesterday.User(id: 1, handle: "ada"), Yesterday.User(id: 2, handle: "grace"),
      ])
      try graph.insert(Yesterday.Biography(id: 1, text: "Wrote the first program."))
      try graph.append(2, to: Yesterday.User.following, of: 1)
    }
  }

  private static func expectToday(_ store: GraphStore) {
    let graph = store.snapshot
    #expect(graph[Today.User.self].map(\.biography) == ["Wrote the first program.", nil])
    #expect(graph[Today.User.self, 1].following.ids == [2])
  }

  /// Opens the folder as the article does.
  private static func open(_ folder: URL) throws -> GraphStore {
    let schema = try Today.schema()
    let migrations: [Migration] = [.m0001First, .m0002Biography]

    let store = try GraphStore(schema, at: folder, migrations: migrations)
    return store
  }

  @Test func `walks from a first folder to a changed one`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeYesterday(folder)
    do {
      let store = try Self.open(folder)
      try store.migrations.stamp("0001_first")

      let reports = try store.migrations.upgrade(isDryRun: true)
      #expect(
        reports.map(\.description) == [
          """
          up 0002_biography
            add column users.biography (text, may be empty): 2
            remove table biographies: 1
          """
        ])
      try store.migrations.upgrade()
      try store.migrations.check()
      Self.expectToday(store)
      try store.write { try $0.update(Today.User.self, 2) { $0.biography = "Found the bug." } }
      try store.migrations.downgrade(to: "-1")
      #expect(try store.migrations.current == ["0001_first"])
    }
    do {
      let store = try GraphStore(try Yesterday.schema(), at: folder)
      #expect(
        store.snapshot[Yesterday.Biography.self].map(\.text)
          == ["Wrote the first program.", "Found the bug."])
    }
  }

  @Test func `changes a primary key, and goes one by one`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeYesterday(folder)
    let change = Migration("0002_keys") { tables in
      let keys = Dictionary(
        uniqueKeysWithValues: try tables.rows(of: "users").map { user in
          (user["id"], StoredValue.uuid(UUID()))
        })
      try tables.changeColumn("id", of: "users", to: .column("id", .uuid)) { keys[$0] ?? .null }
      try tables.changeColumn("user_id", of: "biographies", to: .column("user_id", .uuid)) {
        keys[$0] ?? .null
      }
    }
    let look = Migration("0003_look") { tables in
      let users = try tables.rows(of: "users").map { $0["id"] }
      #expect(try tables.rows(of: "biographies").map { $0["user_id"] } == [users[0]])
      let links = try tables.rows(of: "follows").map { [$0["follower_id"], $0["followed_id"]] }
      #expect(links == [users])
      #expect(tables.schema.allSatisfy { $0.columns[0].kind == .uuid })
    }
    let store = try GraphStore(
      try Today.schema(), at: folder, migrations: [.m0001First, change, look])
    try store.migrations.stamp("0001_first")
    for entry in try store.migrations.history where !entry.isApplied {
      for report in try store.migrations.upgrade(to: .named(entry.name)) { print(report) }
    }
    #expect(try store.migrations.current == ["0003_look"])
  }

  @Test func `loses nothing when the process is killed`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeYesterday(folder)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path(percentEncoded: false) as String] in
      let store = try Self.open(URL(filePath: path))
      try store.migrations.stamp("0001_first")
      kill(getpid(), SIGKILL)
    }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path(percentEncoded: false) as String] in
      let store = try Self.open(URL(filePath: path))
      try store.migrations.upgrade()
      try store.write { try $0.insert(Today.User(id: 3, handle: "mary", biography: nil)) }
      try store.write { try $0.delete(Today.User.self, 3) }
      kill(getpid(), SIGKILL)
    }
    let store = try Self.open(folder)
    try store.migrations.check()
    Self.expectToday(store)
  }

  @Test func `drafts what differs`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.makeYesterday(folder)
    let schema = try Today.schema()
    let store = try GraphStore(schema, at: folder, migrations: [])

    for step in store.migrations.difference.operations { print(step) }

    let source = try store.migrations.draft("biography", losingData: true)
    #expect(
      store.migrations.difference.description == """
        remove table biographies
        add column users.biography (text, may be empty)
        """)
    #expect(source.contains("try tables.drop(\"biographies\", losingData: true)"))
    #expect(
      source.contains(
        "try tables.addColumn(.column(\"biography\", .text, isNullable: true), to: \"users\")"))
    #expect(throws: GraphError.self) { try store.migrations.draft("biography") }
  }
}
