import Dispatch
import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// What the files of a store are left to, at moments that seldom come by themselves.
@Suite struct `The journal of a store` {
  private let disk = SimulatedDisk()

  private func member(_ id: Int, handle: String? = nil) -> Member {
    Member(id: id, handle: handle ?? "\(id)")
  }

  private func open(_ durability: GraphStore.Durability = .full) throws -> GraphStore {
    try GraphStore(SocialModel.schema(), on: disk, durability: durability)
  }

  /// The checkpoint is planned when the log is large, and its thread finds that the store is being
  /// closed: it must not write to a folder that others may have by now.
  @Test(.timeLimit(.minutes(2)))
  func `makes no checkpoint when it is closed`() throws {
    // Nothing else is begun on threads of this kind until all may go on.
    let mayBegin = DispatchSemaphore(value: 0)
    let blocks = 16 * ProcessInfo.processInfo.activeProcessorCount
    for _ in 0..<blocks { DispatchQueue.global(qos: .utility).async { mayBegin.wait() } }
    var store: GraphStore? = try open(.relaxed(within: .seconds(3_600)))
    let large = String(repeating: "a", count: 5 << 20)
    try store?.write { try $0.insert(member(1, handle: large)) }
    let (syncs, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    disk.delaySyncs {
      syncs.signal()
      mayEnd.wait()
    }
    let closing = Thread.detach(dropping: &store)
    syncs.wait()
    for _ in 0..<blocks { mayBegin.signal() }
    Thread.sleep(forTimeInterval: 0.1)
    disk.delaySyncs {}
    mayEnd.signal()
    closing.wait()
    Thread.sleep(forTimeInterval: 0.2)
    #expect(disk.names == ["checkpoint-0", "lock", "log-0"])
    let next = try open()
    #expect(next.version == 1)
  }

  /// A checkpoint waits for the commit whose sync fails: the writer is told all the same.
  @Test(.timeLimit(.minutes(2)))
  func `tells a writer that its sync has failed while a checkpoint is made`() async throws {
    let store = try open()
    let (syncs, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    disk.delaySyncs {
      syncs.signal()
      mayEnd.wait()
    }
    let writing = Task { try await store.write { try $0.insert(Member(id: 1, handle: "1")) } }
    await wait(for: syncs)
    let checkpoint = Task.detached { try store.checkpoint() }
    // The checkpoint waits for the sync by now, or comes later and finds that it has failed.
    try await Task.sleep(for: .milliseconds(100))
    disk.delaySyncs {}
    disk.plan(.fail, at: 0)
    mayEnd.signal()
    await #expect(throws: GraphError.self) { try await writing.value }
    try await checkpoint.value
    #expect(store.version == 0 && store.snapshot[Member.self].isEmpty)
    try await store.write { try $0.insert(Member(id: 2, handle: "2")) }
    #expect(store.snapshot[Member.self].ids == [2])
  }

  /// While the end of the log is cut off whose sync has failed, another commit comes.
  @Test(.timeLimit(.minutes(1)))
  func `keeps no commit that follows from one that was undone`() async throws {
    var store: GraphStore? = try open()
    try await store?.write { try $0.insert(Member(id: 1, handle: "1")) }
    let (syncs, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    disk.delaySyncs {
      syncs.signal()
      mayEnd.wait()
    }
    func writing(_ id: Int) -> Task<Bool, Never> {
      Task { [store] in
        (try? await store?.write { try $0.insert(Member(id: id, handle: "\(id)")) }) != nil
      }
    }
    let first = writing(2)
    await wait(for: syncs)
    disk.plan(.fail, at: 0)
    mayEnd.signal()
    // The sync of what is left.
    await wait(for: syncs)
    let length = disk["log-0"]?.count
    let second = writing(3)
    while disk["log-0"]?.count == length { try await Task.sleep(for: .milliseconds(1)) }
    disk.delaySyncs {}
    mayEnd.signal()
    let written = await [first.value, second.value]
    #expect(written == [false, true])
    #expect(store?.snapshot[Member.self].ids == [1, 3])
    store = nil
    #expect(try open().snapshot[Member.self].ids == [1, 3])
  }

  /// The end can't be cut off either, until the store is closed.
  @Test func `cuts the end off that could not be synced`() throws {
    var store: GraphStore? = try open()
    try store?.write { try $0.insert(member(1)) }
    let whole = disk["log-0"]
    disk.plan(.fail, at: 1, count: 2)
    #expect(throws: GraphError.self) { try store?.write { try $0.insert(member(2)) } }
    store = nil
    #expect(disk["log-0"] == whole)
    #expect(try open().snapshot[Member.self].ids == [1])
  }

  /// Neither the cut nor its sync may fail unnoticed, or what was refused is back after a crash.
  @Test(arguments: 0..<40)
  func `tells at the end if what it refused may come back`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for count in 1...5 {
      let disk = SimulatedDisk()
      let store = try GraphStore(SocialModel.schema(), on: disk)
      try store.write { try $0.insert(member(1)) }
      disk.plan(.fail, at: 1, count: count)
      #expect(throws: GraphError.self) { try store.write { try $0.insert(member(2)) } }
      let isClosed = (try? store.close()) != nil
      #expect(isClosed == (count < 3), "\(count) calls failed")
      disk.crash(using: &random)
      let ids = try GraphStore(SocialModel.schema(), on: disk).snapshot[Member.self].ids
      #expect(ids == [1] || ids == [1, 2] && !isClosed, "\(count) calls failed")
    }
  }

  @Test func `is closed, which tells of what could not be synced`() throws {
    let store = try open(.relaxed(within: .seconds(3_600)))
    try store.write { try $0.insert(member(1)) }
    disk.plan(.fail, at: 0)
    #expect(throws: GraphError.self) { try store.close() }
    #expect(try open().snapshot[Member.self].ids == [1])
    try store.close()
    let other = try open()
    let fault = GraphError.unwritableFile(file: "/simulated", reason: "the store was closed")
    #expect(throws: fault) { try store.write { try $0.insert(member(2)) } }
    #expect(throws: fault) { try store.checkpoint() }
    #expect(throws: fault) { try store.compact() }
    #expect(throws: fault) { try store.backup(to: SimulatedDisk()) }
    #expect(throws: fault) { try store.migrations.stamp(.base) }
    #expect(store.snapshot[Member.self].ids == [1])
    try other.write { try $0.insert(member(2)) }
    try other.close()
    #expect(try open().snapshot[Member.self].ids == [1, 2])
    let inMemory = try GraphStore(SocialModel.sample())
    try inMemory.close()
    try inMemory.write { _ = try $0.delete(Member.self, 1) }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1, 8, 9, 100])
  func `ends what follows the graph when it is closed`(observers: Int) async throws {
    let store = try open()
    var changes = store.changes.makeAsyncIterator()
    let starts = DispatchSemaphore(value: 0)
    let seen = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<observers {
        group.addTask {
          var seen: [Int] = []
          for await count in store.observe({ $0[Member.self].count }) {
            seen.append(count)
            if count == 0 { starts.signal() }
          }
          return seen
        }
      }
      for _ in 0..<observers { await wait(for: starts) }
      try await store.write { try $0.insert(Member(id: 1, handle: "1")) }
      try await store.write { try $0.insert(Member(id: 2, handle: "2")) }
      try store.close()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect([await changes.next()?.version, await changes.next()?.version] == [1, 2])
    #expect(await changes.next() == nil)
    #expect(seen.count == observers)
    #expect(seen.allSatisfy { $0 == [0, 2] || $0 == [0, 1, 2] })
  }

  @Test(.timeLimit(.minutes(1)))
  func `tells why it could make no checkpoint, and tries again later`() throws {
    let store = try open()
    let large = String(repeating: "a", count: 5 << 20)
    disk.limit(to: 8 << 20)
    try store.write { try $0.insert(member(1, handle: large)) }
    while store.checkpointFailure == nil { Thread.sleep(forTimeInterval: 0.001) }
    guard case .unwritableFile = store.checkpointFailure else {
      Issue.record("another failure: \(String(describing: store.checkpointFailure))")
      return
    }
    // The log must grow to twice its length before the next is tried.
    disk.limit(to: nil)
    try store.write { try $0.insert(member(2)) }
    Thread.sleep(forTimeInterval: 0.05)
    #expect(disk.names == ["checkpoint-0", "lock", "log-0", "log-1"])
    try store.write { try $0.insert(member(3, handle: large + "b")) }
    try store.write { try $0.insert(member(4)) }
    while store.checkpointFailure != nil { Thread.sleep(forTimeInterval: 0.001) }
    #expect(!disk.names.contains("checkpoint-0"))
  }

  @Test func `finds that a log is cut off in its header`() throws {
    var store: GraphStore? = try open()
    try store?.write { try $0.insert(member(1)) }
    try store?.checkpoint()
    try store?.write { try $0.insert(member(2)) }
    store = nil
    let log = try #require(disk["log-1"])
    for count in 0..<28 {
      disk["log-1"] = Array(log.prefix(count))
      #expect(throws: GraphError.self, "\(count) bytes") { try open() }
      disk["log-1"] = [UInt8](repeating: 0, count: count)
      #expect(throws: GraphError.self, "\(count) zeros") { try open() }
    }
    disk["log-1"] = log
    store = try open()
    #expect(store?.snapshot[Member.self].ids == [1, 2])
  }

  @Test func `leaves no draft that takes room`() throws {
    var store: GraphStore? = try open()
    try store?.write { graph in
      try graph.insert(contentsOf: (1...500).map { member($0, handle: "member \($0)") })
    }
    let log = try #require(disk["log-0"])
    let room = (disk["checkpoint-0"]?.count ?? 0) + log.count + 200
    disk.limit(to: room)
    #expect(throws: GraphError.self) { try store?.checkpoint() }
    #expect(disk.names.filter { $0.hasSuffix(".draft") } == [])
    disk.limit(to: nil)
    store = nil
    // A process that is killed leaves one, which the next takes away.
    disk["checkpoint-7.draft"] = [1, 2, 3]
    disk["log-7.draft"] = []
    store = try open()
    #expect(disk.names.filter { $0.hasSuffix(".draft") } == [])
    #expect(store?.snapshot[Member.self].count == 500)
  }

  @Test func `leaves no draft wherever a checkpoint fails`() throws {
    for call in 0..<14 {
      let disk = SimulatedDisk()
      let store = try GraphStore(SocialModel.schema(), on: disk)
      try store.write { try $0.insert(member(1)) }
      disk.plan(.fail, at: call)
      try? store.checkpoint()
      #expect(disk.names.filter { $0.hasSuffix(".draft") } == [], "call \(call)")
    }
  }

  @Test func `is backed up to no folder that holds something`() throws {
    let store = try open()
    let other = SimulatedDisk()
    other["notes"] = [1]
    #expect(throws: GraphError.self) { try store.backup(to: other) }
    #expect(other.names == ["notes"])
  }

  @Test func `hands on the migrations in a backup, also where it is only read`() throws {
    let schema = try SocialModel.schema()
    let create = Migration("1", Schema.Difference(from: [], to: schema.tables))
    let (copy, copyOfCopy) = (SimulatedDisk(), SimulatedDisk())
    let store = try GraphStore(schema, on: disk, migrations: [create])
    try store.migrations.upgrade()
    try store.write { try $0.insert(member(1)) }
    try store.backup(to: copy)
    copy.setReadOnly(true)
    try GraphStore(schema, on: copy, migrations: [create]).backup(to: copyOfCopy)
    let last = try GraphStore(schema, on: copyOfCopy, migrations: [create])
    #expect(try last.migrations.current == ["1"])
    #expect(last.snapshot[Member.self].ids == [1])
  }

  @Test func `is read again by others when a checkpoint took a file away`() throws {
    let store = try open()
    try store.write { try $0.insert(member(1)) }
    for checkpoints in [1, 3] {
      let left = Locked(checkpoints)
      // Between the list of the files and the first that is read another checkpoint comes.
      let seen = WatchedDisk(disk) {
        guard
          left.withLock({
            $0 -= 1; return $0 >= 0
          })
        else { return }
        try? store.write { try $0.insert(member($0[Member.self].count + 1)) }
        try? store.checkpoint()
      }
      let reader = try GraphStore(SocialModel.schema(), on: seen)
      #expect(reader.snapshot.encoded() == store.snapshot.encoded())
      #expect(reader.version == store.version)
    }
    // What is missing, and not because of others, is missing.
    disk["log-\(store.version)"] = nil
    #expect(throws: GraphError.self) {
      try GraphStore(SocialModel.schema(), on: WatchedDisk(disk) {})
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `ends what follows the graph when a downgrade leaves nothing to read`() async throws {
    let schema = try SocialModel.schema()
    let create = Migration("1", Schema.Difference(from: [], to: schema.tables))
    let store = try GraphStore(schema, on: disk, migrations: [create])
    try store.migrations.upgrade()
    var counts = store.observe { $0[Member.self].count }.makeAsyncIterator()
    #expect(await counts.next() == 0)
    try await store.write { try $0.insert(Member(id: 1, handle: "1")) }
    #expect(await counts.next() == 1)
    let last = Task { [counts] in
      var counts = counts
      return await counts.next()
    }
    let before = store.snapshot
    try store.migrations.downgrade(to: .base)
    #expect(await last.value == nil)
    // Who reads can't know of it.
    #expect(store.snapshot.encoded() == before.encoded())
    await #expect(throws: GraphError.self) {
      try await store.write { try $0.insert(Member(id: 2, handle: "2")) }
    }
  }

  @Test func `is not made up where there is none`() throws {
    try disk.createFolder()
    disk.setReadOnly(true)
    let fault = GraphError.unreadableFile(file: "/simulated", reason: "there is no store in it")
    #expect(throws: fault) { try open() }
    #expect(throws: fault) {
      try GraphStore.recover(SocialModel.schema(), from: disk, to: SimulatedDisk())
    }
    let web = try #require(URL(string: "https://example.org/tmp"))
    let store = try GraphStore(SocialModel.sample())
    #expect(throws: GraphError.self) { try store.backup(to: web) }
    #expect(throws: GraphError.self) {
      try GraphStore.recover(store.snapshot.schema, from: web, to: web)
    }
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data("a".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(
      throws: GraphError.unwritableFile(
        file: file.path(percentEncoded: false), reason: "it is not a folder")
    ) { try GraphStore(store.snapshot.schema, at: file) }
  }
}

extension Thread {
  /// Drops a store on a thread of its own, and returns what to wait for.
  fileprivate static func detach(dropping store: inout GraphStore?) -> DispatchSemaphore {
    let box = Dropped(store)
    store = nil
    let isOver = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      box.drop()
      isOver.signal()
    }
    return isOver
  }
}

/// A store whose last owner lets go of it.
private final class Dropped: @unchecked Sendable {
  private var store: GraphStore?

  init(_ store: GraphStore?) {
    self.store = store
  }

  func drop() { store = nil }
}

/// A folder as one sees it who may only read it, while its owner goes on.
private struct WatchedDisk: Disk {
  private let disk: SimulatedDisk
  private let beforeReading: @Sendable () -> Void

  init(_ disk: SimulatedDisk, beforeReading: @escaping @Sendable () -> Void) {
    (self.disk, self.beforeReading) = (disk, beforeReading)
  }

  var path: String { disk.path }
  var isReadOnly: Bool { true }

  func list() throws(DiskFault) -> [String] { try disk.list() }

  func read(_ name: String) throws(DiskFault) -> [UInt8] {
    beforeReading()
    return try disk.read(name)
  }

  private var refusal: DiskFault { DiskFault(path, .readOnly) }

  func createFolder() throws(DiskFault) { throw refusal }
  func create(_ name: String) throws(DiskFault) -> any DiskFile { throw refusal }
  func open(_ name: String) throws(DiskFault) -> any DiskFile { throw refusal }
  func rename(_ name: String, to newName: String) throws(DiskFault) { throw refusal }
  func remove(_ name: String) throws(DiskFault) { throw refusal }
  func syncFolder() throws(DiskFault) { throw refusal }
  func lock(_ name: String, holder: String) throws(DiskFault) -> any DiskLock { throw refusal }
}
