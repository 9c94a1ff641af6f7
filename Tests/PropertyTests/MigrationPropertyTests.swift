import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

@Suite struct `Random migrations` {
  /// What the store of these tests declares; the tables that migrations make are looked at by name.
  private struct Unrelated: Row {
    var id: Int
    static let table = Table("unrelated", Self.init, Column("id", \.id))
  }

  private static func store(
    _ disk: SimulatedDisk, _ migrations: Migration...
  ) throws -> GraphStore {
    try GraphStore(try Schema { Unrelated.self }, on: disk, migrations: migrations)
  }

  private static let cases = 150

  @Test func `are remembered by a folder that is compacted, and done to it afterwards`() throws {
    let disk = SimulatedDisk()
    let first = Migration(
      "1", Schema.Difference(from: [], to: try Schema { Unrelated.self }.tables))
    var store: GraphStore? = try Self.store(disk, first)
    #expect {
      try store?.compact()
    } throws: { error in
      guard case GraphError.migrationNeeded = error else { return false }
      return true
    }
    try store?.migrations.upgrade()
    try store?.write { graph in
      try graph.insert(contentsOf: [3, 1, 2].map { Unrelated(id: $0) })
      try graph.delete(Unrelated.self, 1)
    }
    try store?.compact()
    try store?.write { try $0.insert(Unrelated(id: 1)) }
    #expect(try store?.migrations.current == ["1"])
    store = nil
    store = try Self.store(disk, first, Migration("2") { _ in })
    #expect(try store?.migrations.current == ["1"])
    try store?.migrations.upgrade()
    #expect(try store?.migrations.current == ["2"])
    #expect(store?.snapshot[Unrelated.self].ids == [3, 2, 1])
    try store?.compact()
    try store?.snapshot.validate()
  }

  @Test func `a difference leads from any schema to any other, and back`() {
    let schemas = RawSchemaGenerator.schema
    let pairs = schemas.flatMap { old in
      schemas.flatMap { new in
        Generator { choices in
          (old, choices.number(below: 3) == 1 ? RawSchemaGenerator.exchanged(new) : new)
        }
      }
    }
    check(
      Property("a difference leads there and back", for: pairs, cases: Self.cases) { pair, trial in
        let (old, new) = pair
        let difference = Schema.Difference(from: old, to: new)
        trial.note(difference.isEmpty ? "the same" : "different")
        let store = try Self.store(
          SimulatedDisk(), Migration("1", Schema.Difference(from: [], to: old)),
          Migration("2", difference, losingData: true))
        try store.migrations.upgrade()
        try trial.expect(store.migrations.storedSchema.sorted, is: new.sorted, "the way there")
        try store.migrations.downgrade(to: "-1")
        try trial.expect(store.migrations.storedSchema.sorted, is: old.sorted, "the way back")
        try trial.expect(Schema.Difference(from: new, to: new).isEmpty, "none from one to itself")
      })
  }

  @Test func `what loses nothing and is undone gives back the same bytes`() {
    let edits = RawSchemaGenerator.schema.flatMap { schema in
      Generator { choices in
        (
          schema, RawSchemaGenerator.edited(schema, &choices),
          RawRowsGenerator.rows(schema, &choices)
        )
      }
    }
    check(
      Property("there and back is the same", for: edits, cases: Self.cases) { edit, trial in
        let (old, new, rows) = edit
        trial.note(rows.contains { !$0.rows.isEmpty } ? "rows" : "no rows")
        let disk = SimulatedDisk()
        let start = Schema.Difference(from: [], to: old)
        let store = try Self.store(
          disk,
          Migration("1") { tables in
            for operation in start.operations { try tables.perform(operation) }
            for (table, rows) in rows { try tables.insert(contentsOf: rows, into: table) }
          }, Migration("2", Schema.Difference(from: old, to: new)))
        try store.migrations.upgrade(to: "1")
        let before = disk.checkpoint
        try trial.expect(before != nil, "a migration leaves a checkpoint")
        try store.migrations.upgrade(to: "2")
        try trial.expect(store.migrations.storedSchema.sorted, is: new.sorted, "the way there")
        try store.migrations.downgrade(to: "1")
        try trial.expect(disk.checkpoint == before, "the same bytes")
      })
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `a log is read by names as it is read by types`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    var expected = Data()
    do {
      let store = try GraphStore(schema, on: disk)
      for id in 0..<30 {
        try store.write { graph in
          try graph.insert(Member(id: id, handle: "member \(id)"))
          for _ in 0..<6 { Self.change(&graph, using: &random) }
        }
        if random.chance(10) { try store.checkpoint() }
      }
      expected = store.snapshot.encoded()
    }
    // The tables are not those of this store, so that its log is read by names.
    var other: GraphStore? = try Self.store(
      disk,
      Migration("nothing") { _ in
      } down: { _ in
      })
    try other?.migrations.upgrade()
    try other?.migrations.downgrade(to: "base")
    other = nil
    #expect(try GraphStore(schema, on: disk).snapshot.encoded() == expected)
  }

  private static func change(_ graph: inout Graph, using random: inout SplitMix64) {
    let (a, b) = (random.number(below: 30), random.number(below: 30))
    switch random.number(below: 8) {
    case 0, 1, 2: _ = try? graph.append(a, to: Member.following, of: b)
    case 3: graph.remove(a, from: Member.following, of: b)
    case 4: try? graph.insert(Note(id: "\(a) \(b)", author: a, about: b, score: b))
    case 5: _ = try? graph.update(Member.self, a) { $0.id = 100 + b }
    case 6: _ = try? graph.delete(Member.self, a)
    default: _ = try? graph.delete(Note.self, "\(a) \(b)")
    }
  }

  // MARK: Faults

  @Test(arguments: [SimulatedDisk.Trouble.stop, .fail, .short])
  func `a disk that fails at any call leaves a migration done or not begun`(
    trouble: SimulatedDisk.Trouble
  ) throws {
    var random = SplitMix64(seed: 1)
    for call in 0... {
      let disk = SimulatedDisk()
      try Self.fill(disk)
      let before = disk.checkpoint
      let calls = disk.calls
      disk.plan(trouble, at: call)
      var isAcknowledged = false
      do {
        let store = try Self.store(disk, Self.first, Self.second)
        try store.migrations.upgrade()
        isAcknowledged = true
      } catch {
        #expect(error is GraphError, "\(trouble) at call \(call)")
      }
      let isOver = disk.calls - calls <= call
      disk.crash(using: &random)
      let store = try Self.store(disk, Self.first, Self.second)
      let current = try store.migrations.current
      #expect(
        current == ["2"] || current == ["1"] && !isAcknowledged, "\(trouble) at call \(call)")
      if current == ["1"] { #expect(disk.checkpoint == before, "\(trouble) at call \(call)") }
      try store.migrations.upgrade()
      try store.migrations.downgrade(to: "1")
      #expect(disk.checkpoint == before, "\(trouble) at call \(call)")
      if isOver { break }
    }
  }

  @Test func `is no less done if files before it can't be removed`() throws {
    let (disk, schema) = (SimulatedDisk(), try SocialModel.schema())
    let create = Migration("1", Schema.Difference(from: [], to: schema.tables))
    let store = try GraphStore(schema, on: disk, migrations: [create])
    let whole = SimulatedDisk()
    let other = try GraphStore(schema, on: whole, migrations: [create])
    let start = whole.calls
    try other.migrations.upgrade()
    // The last calls list the files and remove two; after the first that fails none is tried.
    disk.plan(.fail, at: whole.calls - start - 2)
    try store.migrations.upgrade()
    #expect(disk.names.contains("checkpoint-0"))
    try store.write { try $0.insert(Member(id: 1, handle: "1")) }
    try store.checkpoint()
    #expect(disk.names == ["checkpoint-2", "lock", "log-2"])
  }

  /// It would wait until the migration in which it is called is over.
  @Test(.timeLimit(.minutes(1)))
  func `stops the program when it waits for itself`() async {
    await #expect(processExitsWith: .failure) {
      let opened = Locked<GraphStore?>(nil)
      let waiting = Migration("1") { _ in try opened.withLock({ $0 })?.close() }
      let store = try GraphStore(
        SocialModel.schema(), on: SimulatedDisk(), migrations: [waiting])
      opened.withLock { $0 = store }
      try store.migrations.upgrade()
    }
  }

  private static func fill(_ disk: SimulatedDisk) throws {
    try store(disk, first, second).migrations.upgrade(to: "1")
  }

  private static let first = Migration("1") { tables in
    try tables.create(
      "people", columns: [.column("id", .integer), .column("name", .text)],
      constraints: [.primaryKey("pk_people", "id")])
    try tables.insert(
      contentsOf: [["id": 1, "name": "ada"], ["id": 7, "name": "각"]], into: "people")
  } down: {
    try $0.drop("people", losingData: true)
  }

  private static let second = Migration("2") { tables in
    try tables.addColumn(.column("age", .integer), to: "people", fill: 3)
  } down: {
    try $0.dropColumn("age", from: "people", losingData: true)
  }

  @Test func `every byte of a folder with migrations is found if it is flipped`() throws {
    let disk = SimulatedDisk()
    try Self.fill(disk)
    let files = disk.names.filter { $0 != "lock" }
    for name in files {
      let bytes = disk[name] ?? []
      for place in bytes.indices {
        let other = SimulatedDisk()
        for file in files { other[file] = disk[file] }
        other[name]?[place] ^= 1 << UInt8(place % 8)
        #expect(throws: GraphError.self, "\(name), byte \(place)") {
          let store = try Self.store(other, Self.first, Self.second)
          try store.migrations.upgrade(isDryRun: true)
        }
      }
    }
  }
}

extension SimulatedDisk {
  /// The bytes of the newest checkpoint.
  fileprivate var checkpoint: [UInt8]? {
    names.filter { $0.hasPrefix("checkpoint-") && !$0.hasSuffix(".draft") }
      .max { Int($0.dropFirst(11)) ?? 0 < Int($1.dropFirst(11)) ?? 0 }
      .flatMap { self[$0] }
  }
}

extension [Schema.Table] {
  /// The same with constraints and indexes in the order of their names, which is all the same.
  fileprivate var sorted: [Schema.Table] {
    map { table in
      var table = table
      table.formerName = nil
      for column in table.columns.indices { table.columns[column].formerName = nil }
      table.constraints.sort { $0.name < $1.name }
      table.indexes.sort { $0.name < $1.name }
      return table
    }
  }
}
