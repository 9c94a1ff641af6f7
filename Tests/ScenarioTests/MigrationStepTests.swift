import Foundation
import Kith
import Testing

@Suite struct `Steps of a migration` {
  /// The only type; what the steps do to other tables is looked at by name.
  private struct Nothing: Row {
    var id: Int
    static let table = Table("nothing", Self.init, Column("id", \.id))
  }

  private static let start = Migration("start") { tables throws in
    try tables.create(
      "artists", columns: [.column("id", .integer), .column("name", .text)],
      constraints: [.primaryKey("pk_artists", "id")])
    try tables.create(
      "songs",
      columns: [
        .column("id", .integer), .column("title", .text), .column("artist_id", .integer),
        .column("seconds", .integer, isNullable: true),
      ],
      constraints: [
        .primaryKey("pk_songs", "id"),
        .foreignKey("fk_songs_artist_id_artists", "artist_id", references: "artists"),
      ],
      indexes: [.index("ix_songs_title", "title")])
    try tables.insert(
      contentsOf: [["id": 1, "name": "Nina"], ["id": 2, "name": "가수"]], into: "artists")
    try tables.insert(
      contentsOf: [
        ["id": 1, "title": "One", "artist_id": 1, "seconds": 180],
        ["id": 2, "title": "Two", "artist_id": 1],
        ["id": 3, "title": "One", "artist_id": 2, "seconds": 200],
        ["id": 4, "title": "Four", "artist_id": 2],
        ["id": 5, "title": "One", "artist_id": 2, "seconds": 20],
      ], into: "songs")
  }

  /// Does steps to the songs of the artists, then looks at the tables.
  private static func run(
    _ steps: @escaping @Sendable (inout Migration.Tables) throws -> Void,
    _ look: @escaping @Sendable (inout Migration.Tables) throws -> Void = { _ in }
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try GraphStore(
      try Schema { Nothing.self }, at: folder,
      migrations: [
        start, Migration("steps", up: steps), Migration("look", up: look),
      ])
    try store.migrations.upgrade()
  }

  /// The values of one column, row by row.
  private static func values(
    _ tables: Migration.Tables, _ table: String, _ column: String
  ) throws -> [StoredValue] {
    try tables.rows(of: table).map { $0[column] }
  }

  /// The reasons for which steps are refused.
  private static func refusal(
    _ steps: @escaping @Sendable (inout Migration.Tables) throws -> Void
  ) throws -> [String] {
    do {
      try run(steps)
      return []
    } catch GraphError.migrationRefused("steps", let reasons) {
      return reasons
    }
  }

  @Test func `166: a column that is added has its default in all rows, where it is asked to stand`()
    throws
  {
    try Self.run {
      try $0.addColumn(.column("mood", .text, default: "hi"), to: "songs")
      try $0.addColumn(.column("first", .boolean), to: "songs", before: "id", fill: true)
      try $0.addColumn(.column("length", .text), to: "songs", before: "seconds") {
        row -> StoredValue in
        row["seconds"] == .null ? "unknown" : "known"
      }
    } _: { tables throws in
      #expect(
        tables.schema[1].columns.map(\.name) == [
          "first", "id", "title", "artist_id", "length", "seconds", "mood",
        ])
      #expect(try Self.values(tables, "songs", "mood") == ["hi", "hi", "hi", "hi", "hi"])
      #expect(try Self.values(tables, "songs", "first") == [true, true, true, true, true])
      #expect(
        try Self.values(tables, "songs", "length") == [
          "known", "unknown", "known", "unknown", "known",
        ])
      #expect(try Self.values(tables, "songs", "title") == ["One", "Two", "One", "Four", "One"])
      #expect(try Self.values(tables, "songs", "seconds") == [180, .null, 200, .null, 20])
    }
  }

  @Test func `167: a column that is renamed keeps what is in it and about it`() throws {
    try Self.run {
      try $0.renameColumn("artist_id", of: "songs", to: "by")
      try $0.renameColumn("title", of: "songs", to: "name")
      try $0.renameColumn("id", of: "artists", to: "number")
    } _: { tables throws in
      let songs = tables.schema[1]
      #expect(songs.constraints.map(\.columns) == [["id"], ["by"]])
      #expect(songs.indexes.map(\.columns) == [["name"]])
      #expect(tables.schema[0].constraints.map(\.columns) == [["number"]])
      #expect(try Self.values(tables, "songs", "by") == [1, 1, 2, 2, 2])
    }
  }

  @Test func `167: a column that is dropped takes the rules about it along, and no others`() throws
  {
    try Self.run {
      try $0.dropColumn("artist_id", from: "songs", losingData: true)
    } _: { tables throws in
      #expect(tables.schema[1].columns.map(\.name) == ["id", "title", "seconds"])
      #expect(tables.schema[1].constraints.map(\.name) == ["pk_songs"])
      #expect(tables.schema[1].indexes.map(\.name) == ["ix_songs_title"])
    }
    #expect(
      try Self.refusal { try $0.dropColumn("id", from: "artists", losingData: true) } == [
        "remove column artists.id: artists.id is part of the primary key (pk_artists)"
      ])
  }

  @Test func `169: a unique constraint that rows break is refused, and they are named`() throws {
    #expect(
      try Self.refusal { try $0.add(.unique("uq_songs_title", "title"), to: "songs") } == [
        "add unique constraint uq_songs_title on title to songs: songs breaks uq_songs_title: "
          + "\"One\" in 3 rows, with the keys 1, 3, 5"
      ])
  }

  @Test func `170: a column that may not be empty needs a value for the rows that are there`()
    throws
  {
    let column = Schema.Column.column("mood", .text)
    #expect(
      try Self.refusal { try $0.addColumn(column, to: "songs") } == [
        "add column songs.mood (text): songs.mood may not be empty, and would be in the rows 1, 2, 3, "
          + "4, 5"
      ])
    try Self.run { try $0.addColumn(column, to: "songs", fill: "") }
    try Self.run {
      try $0.delete(from: "songs") { _ in true }
      try $0.addColumn(column, to: "songs")
    }
  }

  @Test func `a value that is equal to what it was, and written otherwise, is changed`() throws {
    let (composed, decomposed) = ("가수", "\u{1100}\u{1161}\u{1109}\u{116E}")
    try Self.run { tables throws in
      try tables.addColumn(.column("score", .real), to: "artists", fill: 0.0)
      try tables.backfill("artists") { row in
        if row["name"] == .text(composed) { row["name"] = .text(decomposed) }
        row["score"] = -0.0
      }
    } _: { tables throws in
      let rows = try tables.rows(of: "artists")
      #expect(rows.map { "\($0["name"])".unicodeScalars.count } == [6, 6])
      #expect(rows.map { "\($0["score"])" } == ["-0.0", "-0.0"])
    }
  }

  @Test func `what would be lost is lost only by consent`() throws {
    #expect(
      try Self.refusal { try $0.drop("songs") } == [
        "remove table songs: the rows of songs are lost, 5 of them: say losingData: true to allow it"
      ])
    #expect(
      try Self.refusal { try $0.dropColumn("seconds", from: "songs") } == [
        "remove column songs.seconds: the values of songs.seconds are lost, 3 of them: say "
          + "losingData: true to allow it"
      ])
    try Self.run {
      try $0.backfill("songs") { $0["seconds"] = .null }
      try $0.dropColumn("seconds", from: "songs")
      try $0.delete(from: "songs") { _ in true }
      try $0.drop("songs")
    }
    #expect(
      try Self.refusal { try $0.drop("artists", losingData: true) } == [
        "remove table artists: artists can't be dropped while songs refers to it "
          + "(fk_songs_artist_id_artists)"
      ])
  }

  @Test func `a table is split, and its links become rows`() throws {
    try Self.run { tables throws in
      try tables.create(
        "lengths", columns: [.column("song_id", .integer), .column("seconds", .real)],
        constraints: [
          .primaryKey("pk_lengths", "song_id"),
          .foreignKey("fk_lengths_song_id_songs", "song_id", references: "songs"),
        ])
      try tables.copy(from: "songs", to: "lengths") { song in
        guard case .integer(let seconds) = song["seconds"] else { return nil }
        return ["song_id": song["id"], "seconds": .real(Double(seconds))]
      }
      try tables.dropColumn("seconds", from: "songs", losingData: true)
      try tables.createAssociation(
        "credits", columns: [.column("artist_id", .integer), .column("song_id", .integer)],
        constraints: [
          .primaryKey("pk_credits", "artist_id", "song_id"),
          .foreignKey("fk_a", "artist_id", references: "artists", onDelete: .cascade),
          .foreignKey("fk_s", "song_id", references: "songs", onDelete: .cascade),
        ])
      try tables.copy(from: "songs", to: "credits") {
        ["artist_id": $0["artist_id"], "song_id": $0["id"]]
      }
    } _: { tables throws in
      #expect(try Self.values(tables, "lengths", "song_id") == [1, 3, 5])
      #expect(try Self.values(tables, "lengths", "seconds") == [180.0, 200.0, 20.0])
      #expect(try Self.values(tables, "credits", "artist_id") == [1, 1, 2, 2, 2])
      #expect(try Self.values(tables, "credits", "song_id") == [1, 2, 3, 4, 5])
      try tables.drop("lengths", losingData: true)
      try tables.delete(from: "songs") { $0["title"] == "One" }
      #expect(try Self.values(tables, "credits", "song_id") == [2, 4])
      try tables.delete(from: "credits") { $0["song_id"] == 4 }
      #expect(try Self.values(tables, "credits", "song_id") == [2])
    }
  }

  @Test func `values of another kind are the same, or refused`() throws {
    try Self.run { tables throws in
      try tables.changeColumn(
        "seconds", of: "songs", to: .column("seconds", .text, isNullable: true))
    } _: { tables throws in
      #expect(
        try Self.values(tables, "songs", "seconds") == ["180", .null, "200", .null, "20"])
      try tables.changeColumn(
        "seconds", of: "songs", to: .column("seconds", .integer, default: 7))
      #expect(try Self.values(tables, "songs", "seconds") == [180, 7, 200, 7, 20])
      try tables.changeColumn("title", of: "songs", to: .column("title", .integer)) { title in
        title == "One" ? 1 : 0
      }
      #expect(try Self.values(tables, "songs", "title") == [1, 0, 1, 0, 1])
    }
    #expect(
      try Self.refusal {
        try $0.changeColumn("title", of: "songs", to: .column("title", .integer))
      } == [
        "change the type from text to integer of songs.title: songs.title can't become integer by "
          + "itself: \"One\" in the row 1, \"Two\" in the row 2, \"One\" in the row 3, \"Four\" in the "
          + "row 4, \"One\" in the row 5"
      ])
  }

  @Test(
    arguments: [
      ("12", StoredValue.Kind.integer, 12), ("-3", .integer, -3), ("0", .integer, 0),
      ("007", .integer, nil), ("+7", .integer, nil), ("1.0", .integer, nil), ("-0", .integer, nil),
      ("1.50", .real, 1.5), ("0e5", .real, 0.0), ("1e-400", .real, nil), ("1e400", .real, nil),
    ] as [(String, StoredValue.Kind, StoredValue?)])
  func `a text becomes a number if nothing of it is lost`(
    text: String, kind: StoredValue.Kind, expected: StoredValue?
  ) throws {
    let change: @Sendable (inout Migration.Tables) throws -> Void = { tables throws in
      try tables.backfill("songs") { $0["title"] = .text(text) }
      try tables.changeColumn("title", of: "songs", to: .column("title", kind))
    }
    guard let expected else {
      #expect(try Self.refusal(change).count == 1)
      return
    }
    try Self.run(change) { tables throws in
      #expect(try Self.values(tables, "songs", "title") == Array(repeating: expected, count: 5))
    }
  }

  @Test func `a key that changes its kind takes those who refer to it along`() throws {
    let asText: @Sendable (inout Migration.Tables) throws -> Void = { tables throws in
      try tables.changeColumn("id", of: "artists", to: .column("id", .text))
    }
    #expect(
      try Self.refusal(asText) == [
        "songs refers to rows of artists that do not exist (fk_songs_artist_id_artists): 1 in the row "
          + "1, 1 in the row 2, 2 in the row 3, 2 in the row 4, 2 in the row 5; songs.artist_id is of "
          + "the type integer, and the primary key of artists of the type text"
      ])
    try Self.run { tables throws in
      try asText(&tables)
      try tables.changeColumn("artist_id", of: "songs", to: .column("artist_id", .text))
    }
  }

  @Test func `what a migration leaves keeps its constraints, or nothing has changed`() throws {
    #expect(
      try Self.refusal { try $0.delete(from: "artists") { $0["id"] == 1 } } == [
        "songs refers to rows of artists that do not exist (fk_songs_artist_id_artists): 1 in the row "
          + "1, 1 in the row 2"
      ])
    #expect(
      try Self.refusal { try $0.insert(contentsOf: [["id": 1, "name": "Nina"]], into: "artists") }
        == [
          "artists breaks pk_artists: 1 2 times"
        ])
    #expect(
      try Self.refusal { try $0.backfill("songs") { $0["title"] = 7 } } == [
        "songs.title is of the type text, and would hold 7 (integer) in the row 1, 7 (integer) in the "
          + "row 2, 7 (integer) in the row 3, 7 (integer) in the row 4, 7 (integer) in the row 5"
      ])
  }

  @Test func `links are led to other rows by a copy, and never by another foreign key`() throws {
    let reference = Schema.Constraint.foreignKey(
      "fk_likes_song_id_songs", "song_id", references: "songs", onDelete: .cascade)
    let start: @Sendable (inout Migration.Tables) throws -> Void = { tables throws in
      try tables.create(
        "covers", columns: [.column("id", .integer)], constraints: [.primaryKey("pk_covers", "id")])
      try tables.insert(contentsOf: [["id": 5], ["id": 3]], into: "covers")
      try tables.createAssociation(
        "likes", columns: [.column("artist_id", .integer), .column("song_id", .integer)],
        constraints: [
          .primaryKey("pk_likes", "artist_id", "song_id"),
          .foreignKey("fk_likes_artist_id_artists", "artist_id", references: "artists"),
          reference,
        ])
      try tables.insert(
        contentsOf: [["artist_id": 1, "song_id": 3], ["artist_id": 2, "song_id": 5]],
        into: "likes")
    }
    let other = Schema.Constraint.foreignKey("fk", "song_id", references: "covers")
    let reason =
      "the links of likes are between rows of tunes: to lead them elsewhere, create another "
      + "association table and copy them"
    #expect(
      try Self.refusal { tables throws in
        try start(&tables)
        try tables.rename("songs", to: "tunes")
        try tables.dropConstraint(reference.name, from: "likes")
        try tables.add(other, to: "likes")
      } == ["add foreign key fk on song_id referring to covers to likes: \(reason)"])
    #expect(
      try Self.refusal { tables throws in
        try start(&tables)
        try tables.add(other, to: "likes")
      } == [
        "add foreign key fk on song_id referring to covers to likes: likes.song_id has a foreign key "
          + "already (fk_likes_song_id_songs)"
      ])
    #expect(
      try Self.refusal { tables throws in
        try start(&tables)
        try tables.dropConstraint(reference.name, from: "likes")
        try tables.drop("songs", losingData: true)
      } == ["remove table songs: songs can't be dropped while likes links its rows"])
    try Self.run { tables throws in
      try start(&tables)
      // The same foreign key with another rule.
      try tables.dropConstraint(reference.name, from: "likes")
      try tables.add(
        .foreignKey("fk_likes_song_id_songs", "song_id", references: "songs"), to: "likes")
      try tables.createAssociation(
        "liked_covers", columns: [.column("artist_id", .integer), .column("cover_id", .integer)],
        constraints: [
          .primaryKey("pk_liked_covers", "artist_id", "cover_id"),
          .foreignKey("fk_liked_covers_artist_id_artists", "artist_id", references: "artists"),
          .foreignKey("fk_liked_covers_cover_id_covers", "cover_id", references: "covers"),
        ])
      try tables.copy(from: "likes", to: "liked_covers") {
        ["artist_id": $0["artist_id"], "cover_id": $0["song_id"]]
      }
      try tables.drop("likes", losingData: true)
    } _: { tables throws in
      #expect(try Self.values(tables, "liked_covers", "cover_id") == [3, 5])
    }
  }

  @Test(
    arguments: [
      Mistake("drop albums: there is no table albums") { try $0.drop("albums") },
      Mistake("backfill songs: songs has no column tittle") {
        try $0.backfill("songs") { $0["tittle"] = "x" }
      },
      Mistake("read songs: songs has no column tittle") {
        _ = try $0.rows(of: "songs").map { $0["tittle"] }
      },
      Mistake("insert into artists: artists has no column nane") {
        try $0.insert(contentsOf: [["id": 9, "nane": "x"]], into: "artists")
      },
      Mistake(
        "add column songs.mood (text, at most -1 long, may be empty): songs.mood can't have the "
          + "longest length -1"
      ) {
        try $0.addColumn(.column("mood", .text, isNullable: true, maxLength: -1), to: "songs")
      },
      Mistake("add table moods: moods.mood can't have the longest length -9223372036854775808") {
        try $0.create(
          "moods", columns: [.column("mood", .text, maxLength: .min)],
          constraints: [.primaryKey("pk_moods", "mood")])
      },
      Mistake(
        "add primary key pk_artists on id to artists: artists breaks pk_artists: 1 row has no key"
      ) {
        try $0.dropConstraint("fk_songs_artist_id_artists", from: "songs")
        try $0.dropConstraint("pk_artists", from: "artists")
        try $0.changeColumn("id", of: "artists", to: .column("id", .integer, isNullable: true))
        try $0.insert(contentsOf: [["name": "Nobody"]], into: "artists")
        try $0.add(.primaryKey("pk_artists", "id"), to: "artists")
      },
      Mistake("drop uq: songs has no constraint and no index uq") {
        try $0.dropConstraint("uq", from: "songs")
      },
      Mistake("drop uq: there is no table nowhere") {
        try $0.dropConstraint("uq", from: "nowhere")
      },
      Mistake("add column songs. (integer, may be empty): a column needs a name") {
        try $0.addColumn(.column("", .integer, isNullable: true), to: "songs")
      },
      Mistake("rename pk_songs of songs to : a constraint or index needs a name") {
        try $0.renameConstraint("pk_songs", of: "songs", to: "")
      },
      Mistake("rename table songs to artists: there is a table artists already") {
        try $0.rename("songs", to: "artists")
      },
      Mistake(
        "add foreign key fk on id referring to albums to songs: fk refers to albums, which is no table"
      ) { try $0.add(.foreignKey("fk", "id", references: "albums"), to: "songs") },
      Mistake(
        "put the columns of artists in the order name: the columns of artists are id, name, each to "
          + "be named once"
      ) { try $0.orderColumns(of: "artists", ["name"]) },
    ])
  func `names that are not there are named`(mistake: Mistake) throws {
    #expect(try Self.refusal(mistake.steps) == [mistake.reason])
  }

  @Test func `a change of a column says what it is in words`() {
    func words(_ old: Schema.Column, _ new: Schema.Column) -> String {
      "\(Schema.Operation.changeColumn(old, to: new, of: "users"))"
    }
    let (age, some) = (
      Schema.Column.column("age", .integer), Schema.Column.column("age", .integer, isNullable: true)
    )
    #expect(words(age, some) == "make users.age optional")
    #expect(words(some, age) == "make users.age required")
    #expect(words(age, age) == "leave users.age as it is")
    #expect(
      words(age, .column("age", .text, isNullable: true, maxLength: 3))
        == "change the type from integer to text, set the longest length 3 of users.age, and make it "
        + "optional")
  }

  @Test func `a name with a line break does not break the line of a message`() throws {
    let table = "new\nline \u{202E}"
    #expect {
      try Self.run { try $0.drop(table) }
    } throws: { error in
      "\(error)"
        == #"steps can't be done: drop new\nline \u{202E}: there is no table new\nline \u{202E}"#
    }
  }

  struct Mistake: Sendable {
    let reason: String
    let steps: @Sendable (inout Migration.Tables) throws -> Void

    init(_ reason: String, _ steps: @escaping @Sendable (inout Migration.Tables) throws -> Void) {
      (self.reason, self.steps) = (reason, steps)
    }
  }
}
