import Foundation
import Kith
import Testing

@Suite struct `The draft of a migration` {
  private static let message = """
    Everything that a draft can say, under a message so long that neither the comment nor the name
    has room for all of it
    """

  private static func schema() throws -> Schema {
    try Schema {
      Reader.self
      Book.self
      Loan.self
      Reader.favourites
    }
  }

  /// Opens a folder that has had the first migration, with those that are given.
  private static func withStore(
    _ migrations: Migration..., body: (GraphStore) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try GraphStore(schema(), at: folder, migrations: [Self.start] + migrations)
    try store.migrations.upgrade(to: "0001_start")
    try body(store)
  }

  @Test func `is Swift, word for word what is compiled here`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "DraftedMigrations.swift")
    let compiled = try String(contentsOf: file, encoding: .utf8)
    try Self.withStore { store throws in
      #expect(try store.migrations.draft(Self.message, losingData: true) == compiled)
      let name = try store.migrations.draftName(Self.message)
      #expect(name == "0002_everything_that_a_draft_can_say_under_a_message_so_long")
    }
  }

  @Test func `leads to the schema and back, when it is done`() throws {
    let drafted = Migration.m0002EverythingThatADraftCanSayUnderAMessageSoLong
    try Self.withStore(drafted) { store throws in
      let before = store.migrations.storedSchema
      try store.migrations.upgrade()
      try store.migrations.check()
      #expect(Array(store.snapshot[Reader.self]) == [Reader.ada, Reader.grace])
      try store.migrations.downgrade(to: "-1")
      #expect(Schema.Difference(from: store.migrations.storedSchema, to: before).isEmpty)
      try store.migrations.upgrade()
      #expect(Array(store.snapshot[Reader.self]) == [Reader.ada, Reader.grace])
    }
  }

  @Test func `loses only what it was told to lose`() throws {
    try Self.withStore { store throws in
      #expect(
        throws: GraphError.migrationRefused(
          migration: "0002_less",
          reasons: [
            "remove table shelves: the rows of shelves are lost, 1 of them: say losingData: true to "
              + "allow it"
          ])
      ) { try store.migrations.draft("less") }
    }
    let emptied = Migration("0002_emptied") { tables throws in
      try tables.delete(from: "shelves") { _ in true }
      try tables.backfill("people") { $0["shoe"] = .null }
    }
    try Self.withStore(emptied) { store throws in
      try store.migrations.upgrade()
      let draft = try store.migrations.draft("less")
      #expect(draft.contains("    try tables.drop(\"shelves\")\n"))
      #expect(draft.contains("    try tables.dropColumn(\"shoe\", from: \"readers\")\n"))
    }
  }

  @Test func `says where a text is too long for a line`() throws {
    struct Slogan: Row {
      var id: Int
      var text: String
      static let table = Table(
        "slogans", Self.init, Column("id", \.id),
        Column("text", \.text).default(String(repeating: "on ", count: 40)))
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try GraphStore(try Schema { Slogan.self }, at: folder, migrations: [])
    let draft = try store.migrations.draft("slogans")
    #expect(draft.contains("    // swift-format-ignore\n    try tables.create(\n"))
    #expect(draft.contains("    try tables.drop(\"slogans\", losingData: true)\n"))
  }

  // MARK: The tables before

  private static let start = Migration("0001_start") { tables throws in
    try tables.create(
      "people",
      columns: [
        .column("id", .integer), .column("name", .text), .column("age", .integer),
        .column("shoe", .real, isNullable: true),
      ],
      constraints: [.primaryKey("pk_people", "id")])
    try tables.create(
      "shelves", columns: [.column("id", .integer)],
      constraints: [.primaryKey("pk_shelves", "id")])
    try tables.insert(
      contentsOf: [
        ["id": 1, "name": "ada", "age": 36, "shoe": 38.5], ["id": 2, "name": "grace", "age": 85],
      ],
      into: "people")
    try tables.insert(contentsOf: [["id": 1]], into: "shelves")
  } down: { tables throws in
    try tables.drop("people", losingData: true)
    try tables.drop("shelves", losingData: true)
  }
}
