import KithFixtures
import Testing

@testable import Kith

@Suite struct `Rows by their keys` {
  private static let people = Schema.Table(
    "people", columns: [.column("id", .integer), .column("name", .text)],
    constraints: [.primaryKey("pk_people", "id")])
  private static let follows = Schema.Table(
    "follows", columns: [.column("from", .integer), .column("to", .integer)],
    constraints: [
      .primaryKey("pk_follows", "from", "to"),
      .foreignKey("fk_from", "from", references: "people"),
      .foreignKey("fk_to", "to", references: "people"),
    ], isAssociation: true)

  private static func tables(people count: Int) throws -> Migration.Tables {
    var tables = Migration.Tables(RawGraph([people, follows]), migration: "test")
    try tables.insert(
      contentsOf: (0..<count).map { ["id": .integer(Int64($0)), "name": "n"] }, into: "people")
    return tables
  }

  private static func link(_ source: Int, _ target: Int) -> [[String: StoredValue]] {
    [["from": .integer(Int64(source)), "to": .integer(Int64(target))]]
  }

  @Test func `are gathered once for links that are inserted one by one`() throws {
    var tables = try Self.tables(people: 100)
    for number in 1..<100 {
      try tables.insert(contentsOf: Self.link(number, number - 1), into: "follows")
    }
    #expect(tables.graph.tables[0].gatherings == 1)
    // Rows that come behind the others are added, and links that go change nothing.
    for number in 100..<150 {
      try tables.insert(
        contentsOf: [["id": .integer(Int64(number)), "name": "new"]], into: "people")
      try tables.insert(contentsOf: Self.link(number, 0), into: "follows")
      try tables.delete(from: "follows") { $0["from"] == .integer(Int64(number - 100)) }
    }
    #expect(tables.graph.tables[0].gatherings == 1)
    #expect(try tables.rows(of: "follows").count == 100)
    #expect(tables.graph.faults == [])
  }

  @Test func `are gathered again when rows go, change or have another key`() throws {
    var tables = try Self.tables(people: 10)
    try tables.insert(contentsOf: Self.link(9, 8), into: "follows")
    try tables.delete(from: "people") { $0["id"] == 0 }
    try tables.insert(contentsOf: Self.link(9, 7), into: "follows")
    #expect(throws: GraphError.self) {
      try tables.insert(contentsOf: Self.link(0, 7), into: "follows")
    }
    try tables.backfill("people") { if $0["id"] == 9 { $0["id"] = 99 } }
    try tables.insert(contentsOf: Self.link(99, 6), into: "follows")
    #expect(throws: GraphError.self) {
      try tables.insert(contentsOf: Self.link(9, 6), into: "follows")
    }
    try tables.changeColumn("name", of: "people", to: .column("name", .text, isNullable: true))
    try tables.insert(contentsOf: Self.link(99, 5), into: "follows")
    #expect(tables.graph.tables[0].gatherings == 4)
    #expect(
      try tables.rows(of: "follows").map { [$0["from"], $0["to"]] } == [
        [99, 5], [99, 6], [99, 7], [99, 8],
      ])
  }

  @Test func `are those of each copy by itself`() throws {
    var tables = try Self.tables(people: 3)
    try tables.insert(contentsOf: Self.link(0, 1), into: "follows")
    var copy = tables
    try copy.delete(from: "people") { $0["id"] == 0 }
    try tables.insert(contentsOf: Self.link(0, 2), into: "follows")
    try copy.insert(contentsOf: Self.link(1, 2), into: "follows")
    #expect(try tables.rows(of: "follows").count == 2)
    #expect(try copy.rows(of: "follows").count == 1)
    #expect(tables.graph.tables[0].gatherings == 1)
    #expect(copy.graph.tables[0].gatherings == 2)
  }

  /// Keys may be there twice while a migration runs, and rows keep their numbers until they are
  /// compacted.
  @Test(arguments: 1...UInt64(20)) func `agree with a search row by row`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var table = RawTable(Self.people)
    var held: [RawTable] = []
    func values() -> [StoredValue] {
      [.integer(Int64(random.number(below: 12))), .text("\(random.number(below: 12))")]
    }
    for _ in 0..<300 {
      let live = Array(table.rows.numbers)
      switch random.number(below: 12) {
      case 0..<4: table.append(values())
      case 4 where !live.isEmpty: table.rows.remove(live[random.number(below: live.count)])
      case 5 where !live.isEmpty:
        table.rows.replace(live[random.number(below: live.count)], with: values())
      case 6: table.rows.compact()
      case 7: table.rows.append(values())
      case 8: held.append(table)
      case 9 where !held.isEmpty: swap(&table, &held[random.number(below: held.count)])
      case 10: table.schema.constraints[0].columns = [["id", "name"][random.number(below: 2)]]
      default: table.keepRowsByKey()
      }
      var model: [StoredValue: Int] = [:]
      let keys = table.rows.columns[table.schema.constraints[0].columns == ["id"] ? 0 : 1]
      for row in table.rows.numbers where model[keys[row]] == nil { model[keys[row]] = row }
      #expect(table.rowsByKey == model)
    }
  }
}
