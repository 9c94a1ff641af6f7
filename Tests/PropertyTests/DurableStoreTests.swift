import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

@Suite struct `A store in a folder` {
  @Test(arguments: [GraphStore.Durability.full, .relaxed(), .none])
  func `is there again as it was`(durability: GraphStore.Durability) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let schema = try SocialModel.schema()
    var expected = Data()
    for round in 0..<3 {
      let store = try GraphStore(schema, at: folder, durability: durability)
      #expect(store.tornEnd == nil)
      #expect(round == 0 || store.snapshot.encoded() == expected)
      #expect(store.version == round * 3)
      for number in 1...2 {
        try store.write { graph in
          try graph.insert(Member(id: round * 10 + number, handle: "\(round).\(number)"))
        }
      }
      if round == 1 { try store.checkpoint() }
      try store.write { graph in
        try graph.append(round * 10 + 1, to: Member.following, of: 2)
        try graph.update(Member.self, round * 10 + 2) { $0.handle = "second of \(round)" }
      }
      expected = store.snapshot.encoded()
    }
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path(percentEncoded: false))
    #expect(names.sorted() == ["checkpoint-5", "lock", "log-5"])
  }

  @Test func `has checkpoints that are the graph as data, block after block`() throws {
    let disk = SimulatedDisk()
    let store = try GraphStore(try SocialModel.schema(), on: disk)
    let sample = try SocialModel.sample()
    try store.write { graph in
      try graph.insert(contentsOf: sample[Member.self])
      try graph.insert(contentsOf: sample[Note.self])
      try graph.append(4, to: Member.following, of: 1)
      try graph.delete(Member.self, 36)
    }
    try store.checkpoint()
    let bytes = try disk.read("checkpoint-1")
    #expect(bytes == Array(store.snapshot.encoded()))
    #expect(try Graph(store.snapshot.schema, decoding: Data(bytes)).encoded() == Data(bytes))
  }

  @Test func `is there again as it was compacted, and as it was changed then`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    var store: GraphStore? = try GraphStore(schema, on: disk)
    try store?.write { graph in
      try graph.insert(contentsOf: (1...5).map { Member(id: $0, handle: "\($0)") })
      for (source, target) in [(1, 5), (2, 5), (3, 5), (5, 3), (4, 1)] {
        try graph.append(target, to: Member.following, of: source)
      }
      try graph.delete(Member.self, 2)
    }
    try store?.compact(along: Member.following)
    #expect(store?.snapshot[Member.self].ids == [5, 3, 1, 4])
    #expect(disk.names.sorted() == ["checkpoint-1", "lock", "log-1"])
    let version = store?.version
    store = nil
    store = try GraphStore(schema, on: disk)
    #expect(store?.version == version)
    #expect(store?.snapshot[Member.self].ids == [5, 3, 1, 4])
    // In a write the log has all of it.
    try store?.write { graph in
      try graph.insert(Member(id: 6, handle: "6"))
      try graph.compact(along: Member.following.inverse)
      try graph.append(6, to: Member.following, of: 3)
    }
    // So has it a graph that has nothing in common with the one before.
    let other = try SocialModel.sample()
    try store?.write { $0 = try Graph($0.schema, decoding: other.encoded()) }
    let expected = store?.snapshot.encoded()
    let next = try store?.write { graph in try graph.insert { Member(id: $0, handle: "next") } }.id
    try store?.write { _ = try $0.delete(Member.self, next ?? 0) }
    store = nil
    store = try GraphStore(schema, on: disk)
    let after = try store?.write { try $0.insert { Member(id: $0, handle: "after") } }.id
    #expect(after == next.map { $0 + 1 })
    try store?.write { _ = try $0.delete(Member.self, after ?? 0) }
    #expect(store?.snapshot[Member.self].ids == other[Member.self].ids)
    #expect(expected?.count == store?.snapshot.encoded().count)
    try store?.snapshot.validate()
  }

  @Test func `is as it was if there is no room to compact it, and can't be where it is read`()
    throws
  {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, on: disk)
    try store.write { graph in
      try graph.insert(contentsOf: (1...9).map { Member(id: $0, handle: "\($0)") })
      try graph.delete(Member.self, 3)
    }
    let before = store.snapshot.encoded()
    disk.limit(to: 100)
    #expect(
      throws: GraphError.unwritableFile(
        file: "/simulated", reason: "no space is left on the device")
    ) { try store.compact() }
    #expect(store.version == 1 && store.snapshot.encoded() == before)
    disk.limit(to: nil)
    try store.write { try $0.insert(Member(id: 10, handle: "10")) }
    try store.compact()
    #expect(store.version == 2)
    let copy = SimulatedDisk()
    try store.backup(to: copy)
    copy.setReadOnly(true)
    let reader = try GraphStore(schema, on: copy)
    #expect(
      throws: GraphError.unwritableFile(
        file: "/simulated", reason: "the folder can only be read")
    ) { try reader.compact() }
  }

  @Test func `is compacted while others write, and while checkpoints are made`() async throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, on: disk)
    try await store.write { graph in
      try graph.insert(contentsOf: (1...40).map { Member(id: $0, handle: "\($0)") })
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 1...3 {
        group.addTask {
          for id in 1...30 {
            try await store.write { graph in
              _ = try graph.append(id + worker, to: Member.following, of: id)
            }
          }
        }
      }
      group.addTask { for _ in 0..<8 { try store.compact(along: Member.following) } }
      group.addTask { for _ in 0..<8 { try store.checkpoint() } }
      try await group.waitForAll()
    }
    #expect(store.version == 91 && store.snapshot[Member.follows].count == 90)
    try store.snapshot.validate()
    var random = SplitMix64(seed: 1)
    disk.crash(using: &random)
    let again = try GraphStore(schema, on: disk)
    #expect(again.version == 91 && again.snapshot.encoded() == store.snapshot.encoded())
  }

  @Test func `is opened once at a time, and says who has it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, at: folder)
    #expect {
      try GraphStore(schema, at: folder)
    } throws: { error in
      guard case GraphError.unwritableFile(_, let reason) = error else { return false }
      return reason.contains("process \(ProcessInfo.processInfo.processIdentifier) on ")
    }
    withExtendedLifetime(store) {}
  }

  @Test func `is read where it can't be changed`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    try GraphStore(schema, on: disk).write { try $0.insert(Member(id: 1, handle: "one")) }
    disk.setReadOnly(true)
    let store = try GraphStore(schema, on: disk)
    let other = try GraphStore(schema, on: disk)
    #expect(other.snapshot[Member.self].ids == [1])
    #expect(
      throws: GraphError.unwritableFile(
        file: "/simulated", reason: "the folder can only be read")
    ) { try store.write { try $0.insert(Member(id: 2, handle: "two")) } }
    #expect(store.snapshot[Member.self].ids == [1])
  }

  @Test func `is read on wish where it might be changed`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    let missing = GraphError.unreadableFile(
      file: "/simulated", reason: "there is no such file or directory")
    #expect(throws: missing) { try GraphStore(schema, on: disk, readOnly: true) }
    let writer = try GraphStore(schema, on: disk)
    try writer.write { try $0.insert(Member(id: 1, handle: "one")) }
    let (names, log) = (disk.names, disk["log-0"])
    let reader = try GraphStore(schema, on: disk, readOnly: true)
    try writer.write { try $0.insert(Member(id: 2, handle: "two")) }
    #expect(reader.snapshot[Member.self].ids == [1])
    let fault = GraphError.unwritableFile(
      file: "/simulated", reason: "the store was opened to be read")
    #expect(throws: fault) { try reader.write { _ = try $0.delete(Member.self, 1) } }
    #expect(throws: fault) { try reader.checkpoint() }
    #expect(throws: fault) { try reader.compact() }
    let copy = SimulatedDisk()
    try reader.backup(to: copy)
    #expect(try GraphStore(schema, on: copy).snapshot[Member.self].ids == [1])
    #expect(try GraphStore(schema, on: disk, readOnly: true).snapshot[Member.self].ids == [1, 2])
    #expect(disk.names == names && disk["log-0"]?.starts(with: log ?? []) == true)
    // The log says all, also without the checkpoint before it, with and without migrations.
    disk["checkpoint-0"] = nil
    #expect(try GraphStore(schema, on: disk, readOnly: true).snapshot[Member.self].ids == [1, 2])
    let migrated = try GraphStore(schema, on: disk, migrations: [], readOnly: true)
    #expect(migrated.snapshot[Member.self].ids == [1, 2])
  }

  /// The writer adds one member at a time, so that what is read at any moment is known by its version.
  @Test(.timeLimit(.minutes(2)))
  func `is read by others while one writes and makes checkpoints`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, at: folder, durability: .none)
    let readings = Locked<[Result<(version: Int, ids: [Int]), any Error>]>([])
    let isOver = Locked(false)
    Thread.detachNewThread {
      while !isOver.withLock({ $0 }) {
        let reading = Result {
          let reader = try GraphStore(schema, at: folder, readOnly: true)
          return (version: reader.version, ids: reader.snapshot[Member.self].ids)
        }
        readings.withLock { $0.append(reading) }
      }
    }
    var id = 0
    while readings.withLock({ $0.count }) < effort(release: 300, debug: 30) {
      try store.write { try $0.insert(Member(id: id, handle: "\(id)")) }
      if id.isMultiple(of: 7) { try store.checkpoint() }
      id += 1
    }
    isOver.withLock { $0 = true }
    var last = 0
    for reading in readings.withLock(\.self) {
      let (version, ids) = try reading.get()
      #expect(version >= last && ids == Array(0..<version))
      last = version
    }
    #expect(last > 0)
  }

  @Test func `refuses what has no room, and goes on when there is room`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    var store: GraphStore? = try GraphStore(schema, on: disk)
    try store?.write { try $0.insert(Member(id: 1, handle: "one")) }
    disk.limit(to: (disk["log-0"]?.count ?? 0) + 20)
    let long = String(repeating: "x", count: 100)
    for _ in 0..<2 {
      #expect(
        throws: GraphError.unwritableFile(
          file: "/simulated", reason: "no space is left on the device")
      ) { try store?.write { try $0.insert(Member(id: 2, handle: long)) } }
      #expect(store?.snapshot[Member.self].ids == [1])
    }
    #expect(throws: GraphError.self) { try store?.checkpoint() }
    disk.limit(to: nil)
    try store?.write { try $0.insert(Member(id: 3, handle: long)) }
    store = nil
    let again = try GraphStore(schema, on: disk)
    #expect(again.snapshot[Member.self].ids == [1, 3])
    #expect(again.tornEnd == nil)
    try again.checkpoint()
  }

  @Test func `refuses writes after a late sync has failed, until the graph is written`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, on: disk, durability: .relaxed(within: .seconds(3_600)))
    try store.write { try $0.insert(Member(id: 1, handle: "one")) }
    disk.plan(.fail, at: 0)
    store.syncLog()
    for _ in 0..<2 {
      #expect(throws: GraphError.self) {
        try store.write { try $0.insert(Member(id: 2, handle: "two")) }
      }
    }
    #expect(store.snapshot[Member.self].ids == [1])
    try store.checkpoint()
    try store.write { try $0.insert(Member(id: 2, handle: "two")) }
    store.syncLog()
    var random = SplitMix64(seed: 1)
    disk.crash(using: &random)
    #expect(try GraphStore(schema, on: disk).snapshot[Member.self].ids == [1, 2])
  }

  @Test func `takes at most 40 bytes for a follow`() throws {
    let disk = SimulatedDisk()
    let store = try GraphStore(try SocialModel.schema(), on: disk, durability: .none)
    try store.write { graph in
      for id in 1...100 { try graph.insert(Member(id: id * 1_000_003, handle: "\(id)")) }
    }
    let before = disk["log-0"]?.count ?? 0
    for id in 2...100 {
      try store.write { try $0.append(1_000_003, to: Member.following, of: id * 1_000_003) }
    }
    #expect((disk["log-0"]?.count ?? 0) - before <= 40 * 99)
  }

  /// The two marks of the second handle stand in another order; both are as many bytes.
  @Test func `logs a text that is equal and has other bytes, and no other row`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    try GraphStore(schema, on: disk).write { graph in
      for id in 1...32 { try graph.insert(Member(id: id, handle: "member \(id)")) }
    }
    for handle in ["a\u{323}\u{301}", "a\u{301}\u{323}", "\u{E1}\u{323}"] {
      let before = disk["log-0"]?.count ?? 0
      try GraphStore(schema, on: disk).write { graph in
        _ = try graph.update(Member.self, 5) { $0.handle = handle }
      }
      let bytes = (disk["log-0"]?.count ?? 0) - before
      #expect((handle.utf8.count..<40).contains(bytes))
      let found = try GraphStore(schema, on: disk).snapshot.find(Member.self, 5)
      #expect(found.map { Array($0.handle.utf8) } == Array(handle.utf8))
    }
  }

  @Test func `copies no page to do again what its log says`() throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    do {
      let store = try GraphStore(schema, on: disk, durability: .none)
      for id in 1...100 {
        try store.write { graph in
          try graph.insert(Member(id: id, handle: "\(id)"))
          if id > 1 { try graph.append(id / 2, to: Member.following, of: id) }
        }
        try store.write { graph in _ = try graph.update(Member.self, id) { $0.handle += "!" } }
      }
      try store.write { graph in try graph.delete(Member.self, 50) }
      #expect(store.snapshot.statistics.pagesCopied > 200)
    }
    let again = try GraphStore(schema, on: disk).snapshot
    #expect(again[Member.self].count == 99)
    #expect(again.statistics.pagesCopied == 0)
  }

  @Test func `is copied while it is written`() throws {
    let (disk, copy) = (SimulatedDisk(), SimulatedDisk())
    let schema = try SocialModel.schema()
    let store = try GraphStore(schema, on: disk)
    try store.write { try $0.insert(Member(id: 1, handle: "one")) }
    try store.backup(to: copy)
    try store.write { try $0.insert(Member(id: 2, handle: "two")) }
    #expect(throws: GraphError.self) { try store.backup(to: copy) }
    let other = try GraphStore(schema, on: copy)
    #expect(other.snapshot[Member.self].ids == [1])
    #expect(other.version == 1)
    try other.write { try $0.insert(Member(id: 3, handle: "three")) }
    #expect(store.snapshot[Member.self].ids == [1, 2])
  }

  #if os(Linux)
    /// A child process has the open files of its parent until it runs its own program.
    @Test func `gives its lock back though another process has inherited it`() throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        .resolvingSymlinksInPath()
      defer { try? FileManager.default.removeItem(at: folder) }
      let schema = try SocialModel.schema()
      let inherited: Int32
      do {
        let store = try GraphStore(schema, at: folder)
        let lock = folder.appending(path: "lock").path(percentEncoded: false)
        let descriptor = try #require(
          (0..<1_024).first { (number: Int32) in
            let link = "/proc/self/fd/\(number)"
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == lock
          })
        inherited = dup(descriptor)
        withExtendedLifetime(store) {}
      }
      defer { close(inherited) }
      #expect(inherited >= 0)
      let store = try GraphStore(schema, at: folder)
      #expect(store.version == 0)
    }
  #endif

  /// More tasks wait for syncs than there are threads for tasks, and syncs go on only when one more
  /// task has run.
  @Test(.timeLimit(.minutes(2)))
  func `keeps no thread of tasks while commits are synced`() async throws {
    let disk = SimulatedDisk()
    let store = try GraphStore(SocialModel.schema(), on: disk)
    let writers = 4 * ProcessInfo.processInfo.activeProcessorCount
    let mayEnd = DispatchSemaphore(value: 0)
    disk.delaySyncs { mayEnd.wait() }
    try await withThrowingTaskGroup { group in
      for id in 0..<writers {
        group.addTask {
          try await store.write { graph in
            _ = try graph.insert(Member(id: id, handle: "\(id)"))
          }
        }
      }
      group.addTask { for _ in 0...writers { mayEnd.signal() } }
      try await group.waitForAll()
    }
    #expect(store.snapshot[Member.self].count == writers)
    #expect(store.version == writers)
  }

  @Test func `shares a sync among threads that commit together`() async throws {
    let disk = SimulatedDisk()
    let schema = try SocialModel.schema()
    do {
      let store = try GraphStore(schema, on: disk)
      try await withThrowingTaskGroup { group in
        for thread in 0..<4 {
          group.addTask {
            for number in 0..<50 {
              let id = thread * 100 + number
              try await store.write { graph in
                _ = try graph.insert(Member(id: id, handle: "\(id)"))
              }
              #expect(store.snapshot.find(Member.self, id) != nil)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(store.version == 200)
    }
    var random = SplitMix64(seed: 1)
    disk.crash(using: &random)
    let again = try GraphStore(schema, on: disk)
    #expect(again.version == 200 && again.snapshot[Member.self].count == 200)
  }
}
