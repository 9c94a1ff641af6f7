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
    try withFolder { folder throws in
      let store = try GraphStore(schema(), at: folder, migrations: [Self.start] + migrations)
      try store.migrations.upgrade(to: "0001_start")
      try body(store)
    }
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
    try withFolder { folder throws in
      let store = try GraphStore(try Schema { Slogan.self }, at: folder, migrations: [])
      let draft = try store.migrations.draft("slogans")
      #expect(draft.contains("    // swift-format-ignore\n    try tables.create(\n"))
      #expect(draft.contains("    try tables.drop(\"slogans\", losingData: true)\n"))
    }
  }

  // MARK: Names and ways back

  private struct Note: Row {
    var id: Int
    static let table = Table("notes", Self.init, Column("id", \.id))
  }

  /// Notes that have stars, and some rows.
  private static func starred(_ name: String, rows: Int) -> Migration {
    Migration(name) { tables throws in
      try tables.create(
        "notes", columns: [.column("id", .integer), .column("stars", .integer)],
        constraints: [.primaryKey("pk_notes", "id")])
      try tables.insert(
        contentsOf: (0..<rows).map { ["id": .integer(Int64($0)), "stars": 5] }, into: "notes")
    }
  }

  private static func withNotes(
    _ migrations: [Migration], _ body: (GraphStore) throws -> Void
  ) throws {
    try withFolder { folder throws in
      let store = try GraphStore(try Schema { Note.self }, at: folder, migrations: migrations)
      try store.migrations.upgrade()
      try body(store)
    }
  }

  @Test func `says above the way back why it can't be done`() throws {
    try Self.withNotes([Self.starred("0001_start", rows: 2)]) { store throws in
      let draft = try store.migrations.draft("fewer", losingData: true)
      #expect(
        draft.hasSuffix(
          """
            } down: { tables in
              // This was tried, and can't be done with what the folder holds:
              // - add column notes.stars (integer): notes.stars may not be empty, and would be in the rows 0,
              // 1
              try tables.addColumn(.column("stars", .integer), to: "notes")
            }
          }

          """), "\(draft)")
    }
  }

  @Test func `says nothing above a way back that can be done`() throws {
    try Self.withNotes([Self.starred("0001_start", rows: 0)]) { store throws in
      let draft = try store.migrations.draft("fewer")
      #expect(!draft.contains("    // "), "\(draft)")
    }
  }

  @Test func `has a number that no other migration has`() throws {
    for name in ["0002_fewer", "2_others", "0002"] {
      try Self.withNotes([Self.starred(name, rows: 1)]) { store throws in
        #expect(try store.migrations.draftName("fewer") == "0003_fewer")
        let draft = try store.migrations.draft("fewer", losingData: true)
        #expect(draft.contains("static let m0003Fewer = Migration(\"0003_fewer\")"))
      }
    }
    for name in ["0001_start", "start", "20260101_start", "0003_start"] {
      try Self.withNotes([Self.starred(name, rows: 1)]) { store throws in
        #expect(try store.migrations.draftName("fewer") == "0002_fewer")
      }
    }
  }

  @Test func `follows all heads where there are several`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let branches = ["0002_left", "0002_right"].map { name in
      Migration(name, after: ["0001_start"]) { _ in }
    }
    let store = try GraphStore(
      try Schema { Note.self }, at: folder,
      migrations: [Self.starred("0001_start", rows: 0)] + branches)
    try store.migrations.upgrade(to: .heads)
    let short = try store.migrations.draft("fewer")
    #expect(
      short.contains(
        """
          static let m0004Fewer = Migration("0004_fewer", after: ["0002_left", "0002_right"]) { tables in

        """), "\(short)")
    let long = try store.migrations.draft("fewer notes on a line")
    #expect(
      long.contains(
        """
          static let m0004FewerNotesOnALine = Migration(
            "0004_fewer_notes_on_a_line", after: ["0002_left", "0002_right"]
          ) { tables in

        """), "\(long)")
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
