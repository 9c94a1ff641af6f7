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
