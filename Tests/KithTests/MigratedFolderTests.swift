import Foundation
import Kith
import Testing

@Suite struct `The folder that a migration leaves` {
  private struct Item: Row {
    var id: Int
    var name: String
    static let table = Table("items", Self.init, Column("id", \.id), Column("name", \.name))
    static let links = Association("links", from: Item.self, "a", to: Item.self, "b")
    static let linked = hasMany(through: links)
  }

  private static func schema() throws -> Schema {
    try Schema {
      Item.self
      Item.links
    }
  }

  private static func first() throws -> Migration {
    let difference = try schema().difference(from: [])
    return Migration("first") { tables throws in
      for operation in difference.operations { try tables.perform(operation) }
      try tables.insert(
        contentsOf: [
          ["id": 1, "name": "one"], ["id": 2, "name": "two"], ["id": 3, "name": "three"],
        ], into: "items")
      try tables.insert(contentsOf: [["a": 1, "b": 2], ["a": 1, "b": 3]], into: "links")
    }
  }

  /// Does steps to three items in a migration that leaves other tables than those of the schema, then
  /// one that leads back to these.
  ///
  /// - Returns: The store, opened again.
  private static func store(
    at folder: URL, _ steps: @escaping @Sendable (inout Migration.Tables) throws -> Void
  ) throws -> GraphStore {
    let list = [
      try first(),
      Migration("steps") { tables throws in
        try steps(&tables)
        try tables.addColumn(.column("rest", .integer, isNullable: true), to: "items")
      }, Migration("back") { try $0.dropColumn("rest", from: "items") },
    ]
    for (target, _) in zip(["first", "steps", "back"], list) {
      // Each leaves a folder that can be opened.
      let store = try GraphStore(schema(), at: folder, migrations: list)
      try store.migrations.upgrade(to: .named(target))
    }
    return try GraphStore(schema(), at: folder, migrations: list)
  }

  struct Steps: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let body: @Sendable (inout Migration.Tables) throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (inout Migration.Tables) throws -> Void) {
      (testDescription, self.body) = (name, body)
    }
  }

  // MARK: Keys

  @Test(
    arguments: [
      Steps("changeColumn") { tables throws in
        try tables.changeColumn("id", of: "items", to: .column("id", .integer)) { later($0) }
      },
      Steps("backfill") { tables throws in
        try tables.backfill("items") { $0["id"] = later($0["id"]) }
      },
      Steps("copy") { tables throws in
        try tables.copy(from: "items", to: "items") {
          ["id": later($0["id"]), "name": $0["name"]]
        }
      },
      Steps("insert") { tables throws in
        try tables.insert(contentsOf: [["id": 1003, "name": "last"]], into: "items")
      },
      Steps("another key") { tables throws in
        try tables.addColumn(.column("number", .integer), to: "items") { later($0["id"]) }
        try tables.dropConstraint("pk_items", from: "items")
        try tables.add(.primaryKey("pk_items", "number"), to: "items")
        try tables.dropColumn("id", from: "items", losingData: true)
        try tables.renameColumn("number", of: "items", to: "id")
        try tables.orderColumns(of: "items", ["id", "name"])
      },
    ])
  func `gives the next key after all that there are, whatever step made them`(
    steps: Steps
  ) throws {
    try withFolder { folder throws in
      let store = try Self.store(at: folder, steps.body)
      let added = try store.write { try $0.insert { Item(id: $0, name: "next") } }
      #expect(added.id == 1004)
      try store.snapshot.validate()
      #expect(store.snapshot[Item.self, store.snapshot[Item.self].ids[0]].linked.count == 2)
    }
  }

  // MARK: Steps that throw

  @Test(
    arguments: [
      Steps("delete") { tables throws in
        try tables.delete(from: "items") { try goes($0["id"]) }
      },
      Steps("delete links") { tables throws in
        try tables.delete(from: "links") { try goes($0["b"]) }
      },
      Steps("backfill") { tables throws in
        try tables.backfill("items") { $0["name"] = .text("\(try goes($0["id"]))") }
      },
      Steps("backfill of no column") { tables throws in
        try tables.backfill("items") {
          $0["name"] = "changed"
          $0["nowhere"] = 1
        }
      },
      Steps("delete by no column") { tables throws in
        try tables.delete(from: "items") { $0["nowhere"] == .null }
      },
      Steps("copy") { tables throws in
        try tables.copy(from: "items", to: "items") {
          try goes($0["id"]) ? ["id": 9, "name": "nine"] : nil
        }
      },
      Steps("insert") { tables throws in
        try tables.insert(
          contentsOf: [["id": 9, "name": "nine"], ["id": 10, "nowhere": 1]], into: "items")
      },
      Steps("insert links") { tables throws in
        try tables.insert(contentsOf: [["a": 2, "b": 3], ["a": 2, "b": 9]], into: "links")
      },
      Steps("addColumn") { tables throws in
        try tables.addColumn(.column("new", .boolean), to: "items") { .boolean(try goes($0["id"])) }
      },
      Steps("changeColumn") { tables throws in
        try tables.changeColumn("name", of: "items", to: .column("name", .boolean)) {
          .boolean(try goes($0))
        }
      },
      Steps("a column that no row can have") { tables throws in
        try tables.addColumn(.column("new", .integer), to: "items")
      },
    ])
  func `has nothing of a step that threw, though the migration went on`(steps: Steps) throws {
    try withFolder { folder throws in
      let store = try Self.store(at: folder) { tables throws in
        let before = try Self.contents(tables)
        #expect(throws: (any Error).self, "\(steps.testDescription)") { try steps.body(&tables) }
        #expect(try Self.contents(tables) == before)
      }
      #expect(store.snapshot[Item.self].map(\.name) == ["one", "two", "three"])
      #expect(store.snapshot[Item.self, 1].linked.ids == [2, 3])
      try store.snapshot.validate()
    }
  }

  // MARK: What can't be read

  @Test func `is the one from before, if what a migration leaves could not be read again`() throws {
    // Deeper than any value is read.
    let deep = (0..<40).reduce(StoredValue.null) { value, _ in .composite([value]) }
    try withFolder { folder throws in
      #expect {
        _ = try Self.store(at: folder) { tables throws in
          try tables.create(
            "deep", columns: [.column("id", .integer), .column("value", .composite)],
            constraints: [.primaryKey("pk_deep", "id")])
          try tables.insert(contentsOf: [["id": 1, "value": deep]], into: "deep")
        }
      } throws: { error in
        guard case GraphError.migrationRefused("steps", let reasons) = error else { return false }
        return reasons.count == 1 && reasons[0].contains("what it leaves")
      }
      let store = try GraphStore(Self.schema(), at: folder, migrations: [Self.first()])
      #expect(store.snapshot[Item.self].ids == [1, 2, 3])
    }
  }

  private static func contents(_ tables: Migration.Tables) throws -> [[[StoredValue]]] {
    try tables.schema.map { table in
      try tables.rows(of: table.name).map { row in table.columns.map { row[$0.name] } }
    }
  }
}

private func later(_ key: StoredValue) -> StoredValue {
  guard case .integer(let number) = key else { return key }
  return .integer(number + 1000)
}

private struct Interruption: Error {}

/// Whether a row goes: all do, and the third throws.
private func goes(_ value: StoredValue) throws -> Bool {
  if value == 3 || value == "three" { throw Interruption() }
  return true
}
