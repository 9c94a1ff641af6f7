import Kith
import KithCore
import KithTestSupport
import Testing

@Suite struct `A backup` {
  @Test(arguments: [0, 30, 100, 3_000])
  func `leaves nothing where there was no room for it`(room: Int) throws {
    let (disk, copy) = (SimulatedDisk(), SimulatedDisk())
    let store = try GraphStore(SocialModel.schema(), on: disk)
    try store.write { graph in
      try graph.insert(contentsOf: (1...500).map { Member(id: $0, handle: "member \($0)") })
    }
    copy.limit(to: room)
    #expect(throws: GraphError.self) { try store.backup(to: copy) }
    #expect(copy.names == ["lock"])
    copy.limit(to: nil)
    try store.backup(to: copy)
    #expect(try GraphStore(SocialModel.schema(), on: copy).snapshot[Member.self].count == 500)
  }

  @Test func `leaves nothing wherever it fails`() throws {
    let store = try GraphStore(SocialModel.schema(), on: SimulatedDisk())
    try store.write { try $0.insert(Member(id: 1, handle: "1")) }
    let whole = SimulatedDisk()
    try store.backup(to: whole)
    for call in 0..<whole.calls {
      let copy = SimulatedDisk()
      copy.plan(.fail, at: call)
      // What is older, of which there is nothing, may stay.
      if (try? store.backup(to: copy)) == nil {
        #expect(copy.names.filter { $0 != "lock" } == [], "call \(call)")
      }
    }
  }

  /// The folder has the tables of the schema by now, and nobody can read them yet.
  @Test(.timeLimit(.minutes(1))) func `is whole while a migration comes to its end`() throws {
    let schema = try SocialModel.schema()
    let create = Migration("1", Schema.Difference(from: [], to: schema.tables))
    let copy = SimulatedDisk()
    let storeInUpgrade = Locked<GraphStore?>(nil)
    let disk = ListenedDisk {
      guard let store = storeInUpgrade.withLock({ $0 }), (try? store.migrations.current) == ["1"]
      else { return }
      try? store.backup(to: copy)
    }
    let store = try GraphStore(schema, on: disk, migrations: [create])
    storeInUpgrade.withLock { $0 = store }
    try store.migrations.upgrade()
    storeInUpgrade.withLock { $0 = nil }
    let other = try GraphStore(schema, on: copy, migrations: [create])
    #expect(try other.migrations.current == ["1"])
    try other.migrations.check()
  }
}

/// A simulated folder, and somebody who is told of each list of its files.
private struct ListenedDisk: Disk {
  private let disk = SimulatedDisk()
  private let tell: @Sendable () -> Void

  init(tell: @escaping @Sendable () -> Void) {
    self.tell = tell
  }

  var path: String { disk.path }
  var isReadOnly: Bool { disk.isReadOnly }

  func list() throws(DiskFault) -> [String] {
    tell()
    return try disk.list()
  }

  func createFolder() throws(DiskFault) { try disk.createFolder() }
  func read(_ name: String) throws(DiskFault) -> [UInt8] { try disk.read(name) }
  func create(_ name: String) throws(DiskFault) -> any DiskFile { try disk.create(name) }
  func open(_ name: String) throws(DiskFault) -> any DiskFile { try disk.open(name) }
  func rename(_ name: String, to newName: String) throws(DiskFault) {
    try disk.rename(name, to: newName)
  }
  func remove(_ name: String) throws(DiskFault) { try disk.remove(name) }
  func syncFolder() throws(DiskFault) { try disk.syncFolder() }
  func lock(_ name: String, holder: String) throws(DiskFault) -> any DiskLock {
    try disk.lock(name, holder: holder)
  }
}
