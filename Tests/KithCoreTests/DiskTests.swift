import Foundation
import KithCore
import KithTestSupport
import Testing

@Suite struct `A disk` {
  /// Runs the same calls on a folder of the machine and on a simulated one.
  @Test(arguments: [true, false])
  func `keeps files, gives them names, and has one lock`(isSimulated: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let disk: any Disk =
      isSimulated
      ? SimulatedDisk() : SystemDisk(folder.appending(path: "a/b").path(percentEncoded: false))
    #expect(kind { try disk.list() } == .missing)
    try disk.createFolder()
    try disk.createFolder()
    #expect(!disk.isReadOnly)
    #expect(try disk.list() == [])
    #expect(kind { try disk.read("one") } == .missing)
    #expect(kind { _ = try disk.open("one") } == .missing)
    #expect(kind { try disk.remove("one") } == .missing)

    let file = try disk.create("one")
    try file.append([1, 2, 3])
    try file.append([])
    try file.append([4])
    try file.sync()
    #expect(try file.size == 4)
    #expect(try disk.read("one") == [1, 2, 3, 4])
    try file.truncate(to: 1)
    try file.append([9])
    #expect(try disk.read("one") == [1, 9])
    try disk.open("one").append([8])
    #expect(try disk.read("one") == [1, 9, 8])
    #expect(try disk.create("two").size == 0)
    try disk.rename("one", to: "two")
    try disk.syncFolder()
    #expect(try disk.list() == ["two"])
    #expect(try disk.read("two") == [1, 9, 8])
    try disk.remove("two")

    var lock: (any DiskLock)? = try disk.lock("lock", holder: "the first")
    #expect(kind { _ = try disk.lock("lock", holder: "the second") } == .held(by: "the first"))
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try disk.lock("lock", holder: "the third")
  }

  @Test func `has one lock, also when its file is deleted`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let disk = SystemDisk(folder.path(percentEncoded: false))
    try disk.createFolder()
    var lock: (any DiskLock)? = try disk.lock("lock", holder: "the first")
    try disk.remove("lock")
    #expect(
      kind { _ = try disk.lock("lock", holder: "the second") } == .held(by: "another process"))
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try disk.lock("lock", holder: "the third")
  }

  @Test func `reads no file that memory has no room for`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let disk = SystemDisk(folder.path(percentEncoded: false))
    try disk.createFolder()
    _ = try disk.create("sparse")
    let file = try FileHandle(forWritingTo: folder.appending(path: "sparse"))
    // Not every file system has files of that length.
    guard (try? file.truncate(atOffset: 1 << 43)) != nil else { return }
    #expect(throws: DiskFault.self) { try disk.read("sparse") }
  }

  @Test(.timeLimit(.minutes(1))) func `waits for nobody who writes into a pipe`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let disk = SystemDisk(folder.path(percentEncoded: false))
    try disk.createFolder()
    let making = try Process.run(
      URL(filePath: "/usr/bin/env"), arguments: ["mkfifo", "\(disk.path)/pipe"])
    making.waitUntilExit()
    try #require(try disk.list() == ["pipe"])
    #expect(throws: DiskFault.self) { try disk.read("pipe") }
  }

  #if os(Linux)
    @Test func `gives its lock, also where who has it can't be written down`() throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: folder) }
      let disk = SystemDisk(folder.path(percentEncoded: false))
      try disk.createFolder()
      // It has no room for a byte.
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "lock"), withDestinationURL: URL(filePath: "/dev/full"))
      let lock = try disk.lock("lock", holder: "the first")
      withExtendedLifetime(lock) {}
    }
  #endif

  private func kind(_ call: () throws -> some Any) -> DiskFault.Kind? {
    do {
      _ = try call()
      return nil
    } catch {
      return (error as? DiskFault)?.kind
    }
  }
}

@Suite struct `A simulated disk` {
  @Test func `keeps what was synced, and any part of what was not`() throws {
    var random = SplitMix64(seed: 1)
    var ends: Set<[UInt8]> = []
    for _ in 0..<200 {
      let disk = SimulatedDisk()
      let file = try disk.create("file")
      try file.append([UInt8](repeating: 1, count: 512))
      try file.sync()
      try disk.syncFolder()
      try file.append([UInt8](repeating: 2, count: 512))
      try file.append([UInt8](repeating: 3, count: 512))
      disk.crash(using: &random)
      let bytes = try disk.read("file")
      #expect(bytes.count >= 512)
      #expect(bytes.prefix(512).allSatisfy { $0 == 1 })
      ends.insert([512, 1024].map { bytes.count > $0 ? bytes[$0] : 255 })
      #expect(throws: DiskFault.self) { try file.sync() }
    }
    #expect(ends.isSuperset(of: [[2, 3], [2, 0], [0, 3], [0, 0], [2, 255], [255, 255]]))
  }

  @Test func `keeps names that were synced`() throws {
    var random = SplitMix64(seed: 2)
    var outcomes: Set<[String]> = []
    for _ in 0..<100 {
      let disk = SimulatedDisk()
      disk["old"] = [1]
      _ = try disk.create("draft")
      try disk.rename("draft", to: "new")
      disk.crash(using: &random)
      outcomes.insert(try disk.list())
    }
    #expect(outcomes == [["old"], ["new", "old"]])
  }

  @Test func `makes trouble at the call that was planned`() throws {
    let disk = SimulatedDisk()
    let file = try disk.create("file")
    disk.plan(.fail, at: 1)
    try file.append([1, 2])
    #expect(throws: DiskFault.self) { try file.append([3, 4]) }
    disk.plan(.short, at: 0)
    #expect(throws: DiskFault.self) { try file.append([5, 6]) }
    #expect(disk["file"] == [1, 2, 5])
    disk.limit(to: 4)
    #expect(throws: DiskFault("/simulated", .full)) { try file.append([7, 8]) }
    disk.limit(to: nil)
    try file.truncate(to: 2)
    disk.plan(.stop, at: 0)
    #expect(throws: DiskFault.self) { try file.append([7, 8]) }
    #expect(throws: DiskFault.self) { try file.append([9, 9]) }
    #expect(disk["file"] == [1, 2, 7])
    disk.setReadOnly(true)
    #expect(throws: DiskFault.self) { try disk.remove("file") }
  }
}
