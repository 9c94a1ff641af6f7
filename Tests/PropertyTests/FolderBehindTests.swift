import Kith
import KithTestSupport
import Testing

@Suite struct `A folder that is behind its migrations` {
  /// An item as it was.
  private struct OldItem: Row {
    var id: Int
    static let table = Table("items", Self.init, Column("id", \.id))
  }

  private struct Item: Row {
    var id: Int
    var weight: Int
    static let table = Table("items", Self.init, Column("id", \.id), Column("weight", \.weight))
  }

  private static let create = Migration("0001_create") { tables throws in
    try tables.create(
      "items", columns: [.column("id", .integer)], constraints: [.primaryKey("pk_items", "id")])
  } down: {
    try $0.drop("items", losingData: true)
  }

  private static let weigh = Migration("0002_weigh") { tables throws in
    try tables.addColumn(.column("weight", .integer), to: "items", fill: 5)
  } down: {
    try $0.dropColumn("weight", from: "items", losingData: true)
  }

  private let disk = SimulatedDisk()

  /// Writes three items, the last two of which only the log knows.
  private func fill() throws {
    let store = try old(disk)
    try store.migrations.upgrade()
    try store.write { try $0.insert(OldItem(id: 1)) }
    try store.checkpoint()
    try store.write { try $0.insert(OldItem(id: 2)) }
    try store.write { try $0.insert(OldItem(id: 3)) }
    try store.close()
  }

  private func old(_ disk: SimulatedDisk) throws -> GraphStore {
    try GraphStore(try Schema { OldItem.self }, on: disk, migrations: [Self.create])
  }

  private func new(_ disk: SimulatedDisk) throws -> GraphStore {
    try GraphStore(try Schema { Item.self }, on: disk, migrations: [Self.create, Self.weigh])
  }

  @Test(arguments: [false, true])
  func `is backed up as it is, before it is upgraded`(isReadOnly: Bool) throws {
    try fill()
    disk.setReadOnly(isReadOnly)
    let copy = SimulatedDisk()
    let store = try new(disk)
    try store.backup(to: copy)
    #expect(throws: GraphError.self) { try store.backup(to: copy) }
    if !isReadOnly {
      try store.migrations.upgrade()
      #expect(store.snapshot[Item.self].map(\.weight) == [5, 5, 5])
    }
    try store.close()
    // The copy knows nothing of the upgrade, and has all commits.
    let before = try old(copy)
    #expect(before.snapshot[OldItem.self].ids == [1, 2, 3])
    #expect(before.version == 4)
    try before.write { try $0.insert(OldItem(id: 4)) }
    try before.close()
    let after = try new(copy)
    try after.migrations.upgrade()
    #expect(after.snapshot[Item.self].count == 4)
  }

  @Test(arguments: 0..<20) func `is backed up whole or not at all`(seed: UInt64) throws {
    try fillTwoLogs()
    var random = SplitMix64(seed: seed)
    let store = try new(disk)
    for call in 0..<30 {
      let copy = SimulatedDisk()
      copy.plan(.stop, at: call)
      try? store.backup(to: copy)
      copy.crash(using: &random)
      guard let before = try? old(copy), try before.migrations.current == ["0001_create"] else {
        continue
      }
      #expect(before.snapshot[OldItem.self].ids == [1, 2, 3], "stopped at call \(call)")
    }
  }

  /// Writes three items, the last of which is in a log that was begun for a checkpoint that failed.
  private func fillTwoLogs() throws {
    let store = try old(disk)
    try store.migrations.upgrade()
    for id in 1...2 { try store.write { try $0.insert(OldItem(id: id)) } }
    disk.plan(.fail, at: 7)
    #expect(throws: GraphError.self) { try store.checkpoint() }
    try store.write { try $0.insert(OldItem(id: 3)) }
    try store.close()
    #expect(disk.names.filter { $0.hasPrefix("log-") }.count == 2)
  }

  @Test func `is not backed up when it was closed`() throws {
    try fill()
    let store = try new(disk)
    try store.close()
    let copy = SimulatedDisk()
    #expect(throws: GraphError.self) { try store.backup(to: copy) }
    #expect(copy.names.isEmpty)
  }

  @Test func `is tried out where it can only be read, and stays as it is`() throws {
    try fill()
    disk.setReadOnly(true)
    let files = disk.names.map { disk[$0] }
    let store = try new(disk)
    #expect(try store.migrations.current == ["0001_create"])
    #expect(store.migrations.storedSchema.map(\.columns.count) == [1])
    #expect(throws: GraphError.self) { try store.migrations.check() }
    let reports = try store.migrations.upgrade(isDryRun: true)
    #expect(reports.map(\.migration) == ["0002_weigh"])
    #expect(reports[0].steps.map(\.count) == [3])
    let undone = try store.migrations.downgrade(to: .base, isDryRun: true)
    #expect(undone.map(\.migration) == ["0001_create"] && undone[0].isDowngrade)
    let fault = GraphError.unwritableFile(
      file: disk.path, reason: "the folder can only be read")
    #expect(throws: fault) { try store.migrations.upgrade() }
    #expect(throws: fault) { try store.migrations.stamp("0002_weigh") }
    #expect(throws: fault) { try store.write { try $0.insert(Item(id: 9, weight: 1)) } }
    #expect(disk.names.map { disk[$0] } == files)
  }

  @Test func `is refused as before where it can only be read, and nothing leads on`() throws {
    try fill()
    disk.setReadOnly(true)
    #expect(throws: GraphError.self) { try GraphStore(try Schema { Item.self }, on: disk) }
  }

  @Test func `gives a draft where it can only be read`() throws {
    try fill()
    disk.setReadOnly(true)
    let store = try GraphStore(
      try Schema {
        OldItem.self
        Box.self
      }, on: disk, migrations: [Self.create])
    #expect(try store.migrations.draft("boxes").contains("try tables.create(\n      \"boxes\""))
  }

  private struct Box: Row {
    var id: Int
    static let table = Table("boxes", Self.init, Column("id", \.id))
  }
}
