import Foundation
import Kith
import Testing

@Suite struct `Migrations of a folder` {
  /// The application as it is today: everything that the migrations lead to.
  private struct User: Row {
    var id: Int
    var handle: String
    static let table = Table(
      "users", Self.init, Column("id", \.id), Column("handle", \.handle).unique())
    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id")
    static let following = hasMany(through: follows)
  }

  private static func schema() throws -> Schema {
    try Schema {
      User.self
      User.follows
    }
  }

  private static let first = Migration("0001_first") { tables throws in
    try tables.create(
      "people", columns: [.column("id", .integer), .column("name", .text)],
      constraints: [.primaryKey("pk_people", "id")])
    try tables.createAssociation(
      "follows", columns: [.column("follower_id", .integer), .column("followed_id", .integer)],
      constraints: [
        .primaryKey("pk_follows", "follower_id", "followed_id"),
        .foreignKey(
          "fk_follows_follower_id_users", "follower_id", references: "people", onDelete: .cascade),
        .foreignKey(
          "fk_follows_followed_id_users", "followed_id", references: "people", onDelete: .cascade),
      ])
    try tables.insert(
      contentsOf: [["id": 1, "name": "ada"], ["id": 2, "name": "grace"]], into: "people")
    try tables.insert(contentsOf: [["follower_id": 1, "followed_id": 2]], into: "follows")
  } down: { tables throws in
    try tables.drop("follows", losingData: true)
    try tables.drop("people", losingData: true)
  }

  private static let second = Migration("0002_users") { tables throws in
    try tables.rename("people", to: "users")
    try tables.renameConstraint("pk_people", of: "users", to: "pk_users")
  } down: { tables throws in
    try tables.renameConstraint("pk_users", of: "users", to: "pk_people")
    try tables.rename("users", to: "people")
  }

  private static let third = Migration("0003_handles") { tables throws in
    try tables.renameColumn("name", of: "users", to: "handle")
    try tables.add(.unique("uq_users_handle", "handle"), to: "users")
  } down: { tables throws in
    try tables.dropConstraint("uq_users_handle", from: "users")
    try tables.renameColumn("handle", of: "users", to: "name")
  }

  private static let all = [first, second, third]

  /// Opens a store at a folder of its own, which goes when the test is through.
  private static func withStore(
    _ migrations: [Migration] = all, _ body: (GraphStore, URL) throws -> Void
  ) throws {
    try withFolder { folder in
      try body(try GraphStore(schema(), at: folder, migrations: migrations), folder)
    }
  }

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func names(_ reports: [Migration.Report]) -> [String] {
    reports.map(\.migration)
  }

  @Test func `151: no difference is an empty migration, and the check succeeds`() throws {
    try Self.withStore { store, _ throws in
      #expect {
        try store.migrations.check()
      } throws: { error in
        guard case GraphError.migrationNeeded(_, let reasons) = error else { return false }
        return reasons == Self.all.map { "\($0.name) is to be done" }
      }
      try store.migrations.upgrade()
      try store.migrations.check()
      #expect(store.migrations.difference.isEmpty)
      let draft = try store.migrations.draft("nothing")
      #expect(draft.contains("Migration(\"0004_nothing\") { tables in\n    // The tables of the"))
      #expect(!draft.contains("try "))
    }
    try Self.withStore([Self.first, Self.second]) { store, _ throws in
      try store.migrations.upgrade()
      #expect {
        try store.migrations.check()
      } throws: { error in
        guard case GraphError.migrationNeeded(_, let reasons) = error else { return false }
        return reasons == [
          "add column users.handle (text)",
          "add unique constraint uq_users_handle on handle to users",
          "remove column users.name",
        ]
      }
    }
  }

  @Test func `160: what is remembered of migrations is no table and no difference`() throws {
    try Self.withStore { store, _ throws in
      try store.migrations.upgrade()
      #expect(store.migrations.storedSchema.map(\.name) == ["users", "follows"])
      try store.migrations.stamp("0001")
      #expect(try store.migrations.current == ["0001_first"])
      #expect(store.migrations.difference.isEmpty)
    }
  }

  @Test func `161: a way from one migration to another does all between, in order`() throws {
    let steps = ["a", "b", "c", "d", "e"].map {
      Migration($0) { _ in
      } down: { _ in
      }
    }
    try Self.withStore(steps) { store, _ throws in
      let migrations = store.migrations
      #expect(try Self.names(migrations.upgrade(to: "c")) == ["a", "b", "c"])
      #expect(try Self.names(migrations.upgrade(to: "e")) == ["d", "e"])
      #expect(try Self.names(migrations.downgrade(to: "c")) == ["e", "d"])
      #expect(try Self.names(migrations.downgrade(to: "base")) == ["c", "b", "a"])
      #expect(try Self.names(migrations.upgrade(to: "+2")) == ["a", "b"])
      #expect(try Self.names(migrations.downgrade(to: "-1")) == ["b"])
      #expect(try migrations.current == ["a"])
    }
  }

  @Test func `163: there is nothing to do where one is, and no way down to it`() throws {
    try Self.withStore { store, _ throws in
      try store.migrations.upgrade(to: "0002_users")
      #expect(try store.migrations.upgrade(to: "0002_users").isEmpty)
      #expect(try store.migrations.upgrade(to: "0001").isEmpty)
      for target in ["0002_users", "0003_handles", "head", "+1"] as [Migration.Target] {
        #expect(throws: GraphError.self) { try store.migrations.downgrade(to: target) }
      }
      #expect(
        throws: GraphError.migrationUnreachable(reason: "there is no migration 0009")
      ) { try store.migrations.upgrade(to: "0009") }
      #expect(
        throws: GraphError.migrationUnreachable(
          reason: "000 may be any of 0001_first, 0002_users, 0003_handles")
      ) { try store.migrations.upgrade(to: "000") }
      #expect(try store.migrations.current == ["0002_users"])
    }
  }

  @Test func `a folder that was made without migrations says that a stamp is wanting`() throws {
    let doubled = Migration("0001_first") { tables throws in
      try tables.create(
        "users", columns: [.column("id", .integer)], constraints: [.primaryKey("pk_users", "id")])
    }
    try Self.withFolder { folder throws in
      _ = try GraphStore(Self.schema(), at: folder)
      let store = try GraphStore(Self.schema(), at: folder, migrations: [doubled])
      #expect(
        throws: GraphError.migrationRefused(
          migration: "0001_first",
          reasons: [
            "add table users: there is a table users already",
            "the folder has tables and has had no migration: if it was made without them, stamp those "
              + "that led to its tables",
          ])
      ) { try store.migrations.upgrade() }
      try store.migrations.stamp(.head)
      #expect(try store.migrations.upgrade().isEmpty)
    }
  }

  @Test func `steps that are too many are refused, however many they are`() throws {
    try Self.withStore { store, _ throws in
      try store.migrations.upgrade()
      for count in [-4, Int.min, Int.min + 1] {
        #expect(
          throws: GraphError.migrationUnreachable(reason: "no migration is left to be undone")
        ) { try store.migrations.downgrade(to: .steps(count)) }
        #expect(throws: GraphError.self) { try store.migrations.downgrade(to: .init("\(count)")) }
      }
      #expect(
        throws: GraphError.migrationUnreachable(reason: "no migration is left to be done")
      ) { try store.migrations.upgrade(to: .steps(.max)) }
      for count in [0, Int.min] {
        #expect(throws: GraphError.self) { try store.migrations.upgrade(to: .steps(count)) }
      }
      #expect(throws: GraphError.self) { try store.migrations.stamp(.steps(.min)) }
      #expect(try store.migrations.current == ["0003_handles"])
    }
  }

  @Test func `164: a stamp is remembered, and nothing is done`() throws {
    try Self.withStore { store, _ throws in
      try store.migrations.stamp(.head)
      #expect(try store.migrations.current == ["0003_handles"])
      #expect(store.migrations.storedSchema.isEmpty)
      try store.migrations.stamp(.base)
      #expect(try store.migrations.current == [])
      #expect(try Self.names(store.migrations.upgrade()) == Self.all.map(\.name))
    }
  }

  @Test func `173: a life from nothing, up and down`() throws {
    try Self.withStore([]) { store, folder throws in
      #expect(throws: GraphError.self) { try store.migrations.check() }
      let draft = try store.migrations.draft("first")
      #expect(draft.contains("try tables.create(\n      \"users\","))
      #expect(draft.contains("try tables.createAssociation(\n      \"follows\","))
    }
    try Self.withStore { store, folder throws in
      #expect(throws: GraphError.self) { try store.migrations.check() }
      #expect(throws: GraphError.self) {
        try store.write { try $0.insert(User(id: 3, handle: "x")) }
      }
      try store.migrations.upgrade()
      try store.migrations.check()
      #expect(store.snapshot[User.self].map(\.handle) == ["ada", "grace"])
      #expect(store.snapshot[User.self, 1].following.ids == [2])
      try store.write { try $0.insert(User(id: 3, handle: "mary")) }
      try store.migrations.downgrade(to: "-1")
      #expect(throws: GraphError.self) { try store.migrations.check() }
      #expect(throws: GraphError.self) { try store.write { try $0.delete(User.self, 3) } }
      try store.migrations.upgrade()
      #expect(store.snapshot[User.self].map(\.handle) == ["ada", "grace", "mary"])
    }
  }

  @Test func `175: a migration that throws half-way leaves what those before it did`() throws {
    struct Interruption: Error {}
    let broken = Migration("0003_broken") { tables throws in
      try tables.backfill("users") { $0["name"] = "nobody" }
      try tables.renameColumn("name", of: "users", to: "handle")
      throw Interruption()
    }
    let look = Migration("0003_look") { tables throws in
      let names = try tables.rows(of: "users").map { $0["name"] }
      #expect(names == ["ada", "grace"])
    }
    try Self.withFolder { folder throws in
      try Self.withStore(at: folder, [Self.first, Self.second, broken]) { store throws in
        #expect(throws: Interruption.self) { try store.migrations.upgrade() }
        #expect(try store.migrations.current == ["0002_users"])
        #expect(store.migrations.storedSchema.first?.columns.map(\.name) == ["id", "name"])
      }
      try Self.withStore(at: folder, [Self.first, Self.second, look]) { store throws in
        #expect(try Self.names(store.migrations.upgrade()) == ["0003_look"])
      }
    }
  }

  private static func withStore(
    at folder: URL, _ migrations: [Migration], _ body: (GraphStore) throws -> Void
  ) throws {
    try body(try GraphStore(schema(), at: folder, migrations: migrations))
  }

  @Test func `176: a folder of a newer program is refused, and read only if asked`() throws {
    try Self.withFolder { folder throws in
      let later = Migration("0004_later") { _ in
      } down: { _ in
      }
      try Self.withStore(at: folder, Self.all + [later]) { store throws in
        try store.migrations.upgrade()
        try store.write { try $0.insert(User(id: 3, handle: "mary")) }
      }
      #expect(
        throws: GraphError.newerMigrations(
          folder: folder.path(percentEncoded: false), migrations: ["0004_later"])
      ) { try GraphStore(Self.schema(), at: folder, migrations: Self.all) }
      #expect(
        "\(GraphError.newerMigrations(folder: "f", migrations: ["0004_later"]))"
          == "f was migrated by a newer program, or what it has had was removed from the list: "
          + "0004_later")
      let reader = try GraphStore(
        Self.schema(), at: folder, migrations: Self.all, readsNewer: true)
      #expect(reader.snapshot[User.self].ids == [1, 2, 3])
      #expect(try reader.migrations.current == ["0004_later", "0003_handles"])
      #expect(throws: GraphError.self) { try reader.write { try $0.delete(User.self, 1) } }
      #expect(throws: GraphError.self) { try reader.migrations.downgrade(to: .base) }
    }
  }

  // MARK: Branches

  private static let branches = [
    Migration("base") { _ in
    } down: { _ in
    },
    Migration("left", after: ["base"]) { _ in
    } down: { _ in
    },
    Migration("right", after: ["base"]) { _ in
    } down: { _ in
    },
  ]

  @Test func `branches have heads, and are merged`() throws {
    try Self.withStore(Self.branches) { store, folder throws in
      #expect(try store.migrations.heads == ["left", "right"])
      #expect(
        throws: GraphError.migrationUnreachable(
          reason: "there are several heads, left, right: name one, say heads, or merge them")
      ) { try store.migrations.upgrade() }
      #expect(try Self.names(store.migrations.upgrade(to: "right")) == ["base", "right"])
      #expect(try Self.names(store.migrations.upgrade(to: .heads)) == ["left"])
      #expect(try store.migrations.current == ["left", "right"])
      #expect(
        throws: GraphError.migrationUnreachable(
          reason: "there are several ways, left, right: name the migration to go back to, and all "
            + "that follow it are undone")
      ) { try store.migrations.downgrade(to: "-1") }
      #expect(try Self.names(store.migrations.downgrade(to: "base")) == ["right", "left", "base"])
    }
    let merged = Self.branches + [.merge("merged", of: "left", "right")]
    try Self.withStore(merged) { store, _ throws in
      #expect(try store.migrations.heads == ["merged"])
      #expect(try Self.names(store.migrations.upgrade()) == ["base", "left", "right", "merged"])
      #expect(
        try store.migrations.history.map(\.predecessors) == [
          [], ["base"], ["base"], ["left", "right"],
        ])
      #expect(try Self.names(store.migrations.downgrade(to: "left")) == ["merged"])
    }
  }

  @Test func `a list that is out of order is refused before anything is opened`() throws {
    let loose = Migration("loose", after: ["nowhere"]) { _ in }
    for (list, reason) in [
      ([Self.first, Self.first], "two migrations are named 0001_first"),
      ([loose], "loose follows nowhere, which does not stand before it in the list"),
      ([Migration("") { _ in }], "a migration needs a name"),
    ] {
      #expect(throws: GraphError.migrationUnreachable(reason: reason)) {
        try Self.withStore(list) { _, _ in }
      }
    }
  }

  private static func steps(_ names: String...) -> [Migration] {
    names.map {
      Migration($0) { _ in
      } down: { _ in
      }
    }
  }

  /// Opens a folder that has had migrations 1 and 3 with another list.
  private static func reopened(
    _ list: [Migration], _ body: (GraphStore.Migrations) throws -> Void
  ) throws {
    try withFolder { folder throws in
      try withStore(at: folder, steps("1", "3")) { _ = try $0.migrations.upgrade() }
      try withStore(at: folder, list) { try body($0.migrations) }
    }
  }

  @Test func `a migration that was put between two that were done is refused`() throws {
    let refusal = GraphError.migrationUnreachable(
      reason: "3 was done, and 2, which it follows, was not: put 2 behind it, make both branches "
        + "with after:, or stamp the folder")
    try Self.reopened(Self.steps("1", "2", "3")) { migrations throws in
      #expect(throws: refusal) { try migrations.upgrade() }
      #expect(throws: refusal) { try migrations.upgrade(to: "2") }
      #expect(throws: refusal) { try migrations.downgrade(to: "1") }
      #expect(throws: GraphError.self) { try migrations.check() }
      #expect(try migrations.current == ["1", "3"])
      try migrations.stamp("3")
      #expect(try Self.names(migrations.downgrade(to: "1")) == ["3", "2"])
    }
    let branch = Migration("2", after: ["1"]) { _ in }
    try Self.reopened(Self.steps("1", "3") + [branch, .merge("4", of: "2", "3")]) {
      (migrations) throws in
      #expect(try Self.names(migrations.upgrade()) == ["2", "4"])
    }
  }

  @Test func `migrations that have exchanged their places are refused`() throws {
    let refusal = GraphError.migrationUnreachable(
      reason: "1 was done before 3, which it follows in the list: list both in the order in which "
        + "they were done, or stamp the folder")
    try Self.reopened(Self.steps("3", "1", "4")) { migrations throws in
      #expect(throws: refusal) { try migrations.upgrade() }
      #expect(throws: refusal) { try migrations.downgrade(to: .base) }
      try migrations.stamp("1")
      #expect(try Self.names(migrations.upgrade()) == ["4"])
      #expect(try Self.names(migrations.downgrade(to: .base)) == ["4", "1", "3"])
    }
  }

  @Test func `what can't be undone is refused before anything is`() throws {
    let oneWay = Migration("0002_one_way") { _ in }
    let last = Migration("0003_last") { _ in
    } down: { _ in
    }
    try Self.withStore([Self.first, oneWay, last]) { store, _ throws in
      try store.migrations.upgrade()
      #expect(
        throws: GraphError.migrationUnreachable(
          reason: "0002_one_way can't be undone: it does not say how")
      ) { try store.migrations.downgrade(to: .base) }
      #expect(try store.migrations.current == ["0003_last"])
    }
  }

  @Test func `a dry run says what each step would do, and changes nothing`() throws {
    try Self.withStore { store, folder throws in
      try store.migrations.upgrade(to: "0001")
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let reports = try store.migrations.upgrade(isDryRun: true)
      #expect(
        reports.map(\.description) == [
          """
          up 0002_users
            rename table people to users: 2
            rename pk_people of users to pk_users: 2
          """,
          """
          up 0003_handles
            rename column users.name to handle: 2
            add unique constraint uq_users_handle on handle to users: 2
          """,
        ])
      #expect(try store.migrations.current == ["0001_first"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test func `rows that a check of the schema refuses are refused, also when it is only tried`()
    throws
  {
    struct Named: Row {
      var id: Int
      var name: String
      static let table = Table(
        "people", Self.init, Column("id", \.id),
        Column("name", \.name).check("not_empty") { !$0.isEmpty })
    }
    let unnamed = Migration("unnamed") { tables throws in
      try tables.create(
        "people", columns: [.column("id", .integer), .column("name", .text)],
        constraints: [.primaryKey("pk_people", "id")])
      try tables.insert(contentsOf: [["id": 1, "name": ""]], into: "people")
    }
    let checked = Migration("checked") { tables throws in
      try tables.add(.check("ck_people_not_empty"), to: "people")
    }
    try Self.withFolder { folder throws in
      let schema = try Schema { Named.self }
      do {
        let store = try GraphStore(schema, at: folder, migrations: [unnamed, checked])
        for isDryRun in [true, false] {
          #expect(throws: GraphError.self) { try store.migrations.upgrade(isDryRun: isDryRun) }
        }
        #expect(try store.migrations.current == ["unnamed"])
      }
      let store = try GraphStore(schema, at: folder, migrations: [unnamed])
      #expect(throws: GraphError.self) { try store.migrations.draft("checked") }
    }
  }

  @Test func `migrations that only change rows are reached, and done until the rows fit`()
    throws
  {
    struct Named: Row {
      var id: Int
      var name: String
      var mood: Mood
      static let table = Table(
        "people", Self.init, Column("id", \.id),
        Column("name", \.name).check("not_empty") { !$0.isEmpty }, Column("mood", \.mood))
    }
    let schema = try Schema { Named.self }
    let create = schema.difference(from: [])
    let made = Migration("made") { tables throws in
      for operation in create.operations { try tables.perform(operation) }
      try tables.insert(contentsOf: [["id": 1, "name": "", "mood": "glad"]], into: "people")
    }
    let named = Migration("named") { tables throws in
      try tables.backfill("people") { $0["name"] = "nobody" }
    } down: { tables throws in
      try tables.backfill("people") { $0["name"] = "" }
    }
    let moved = Migration("moved") { tables throws in
      try tables.backfill("people") { $0["mood"] = "happy" }
    } down: { tables throws in
      try tables.backfill("people") { $0["mood"] = "glad" }
    }
    func needs(_ names: [String], _ folder: URL) -> GraphError {
      .migrationNeeded(
        folder: folder.path(percentEncoded: false), reasons: names.map { "\($0) is to be done" })
    }
    try Self.withFolder { folder throws in
      let all = [made, named, moved]
      for (target, left) in zip(["made", "named"], [["named", "moved"], ["moved"]]) {
        do {
          let store = try GraphStore(schema, at: folder, migrations: all)
          try store.migrations.upgrade(to: .named(target))
        }
        let store = try GraphStore(schema, at: folder, migrations: all)
        #expect(throws: needs(left, folder)) { try store.migrations.check() }
        #expect(throws: needs(left, folder)) { try store.write { try $0.delete(Named.self, 1) } }
        #expect(store.migrations.difference.isEmpty)
      }
      // Where nothing is to be done that may change the rows, they are refused.
      #expect {
        _ = try GraphStore(schema, at: folder, migrations: [made, named])
      } throws: { error in
        guard case GraphError.otherSchema = error else { return false }
        return true
      }
      let store = try GraphStore(schema, at: folder, migrations: all)
      try store.migrations.upgrade()
      try store.migrations.check()
      #expect(store.snapshot[Named.self].map(\.mood) == [.happy])
      try store.write { try $0.insert(Named(id: 2, name: "ada", mood: .calm)) }
      try store.migrations.downgrade(to: "-1")
      #expect(throws: needs(["moved"], folder)) {
        try store.write { try $0.delete(Named.self, 1) }
      }
      try store.migrations.upgrade()
      #expect(store.snapshot[Named.self].map(\.name) == ["nobody", "ada"])
    }
    try Self.withFolder { folder throws in
      // The last one must leave rows that fit.
      let store = try GraphStore(schema, at: folder, migrations: [made, named])
      #expect(throws: GraphError.self) { try store.migrations.upgrade() }
      #expect(try store.migrations.current == ["made"])
    }
  }

  private enum Mood: String, ColumnValue {
    case happy, calm
  }

  @Test func `a store in memory has the tables of its schema`() throws {
    let store = GraphStore(try Self.schema())
    try store.migrations.check()
    #expect(throws: GraphError.self) { try store.migrations.upgrade() }
  }
}
