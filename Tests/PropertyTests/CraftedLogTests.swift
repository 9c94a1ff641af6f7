import Kith
import KithCore
import KithTestSupport
import Testing

/// Logs whose checksums are right, or that are torn, and that no store has written.
@Suite struct `A log that was made up` {
  private struct Unrelated: Row {
    var id: Int
    static let table = Table("unrelated", Self.init, Column("id", \.id))
  }

  private let disk = SimulatedDisk()
  private let header: [UInt8]

  init() throws {
    let schema = try SocialModel.schema()
    try GraphStore(schema, on: disk).close()
    header = try #require(disk["log-0"])
  }

  private func bytes(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private func record(_ content: [UInt8]) -> [UInt8] {
    let length = bytes(content.count)
    return length + bytes(Int(CRC32C.checksum((length + content).span))) + content
  }

  /// No checkpoint could be read that has such a key.
  @Test(arguments: [[0], [2], [4, 7], [6, 1, 120]] as [[UInt8]])
  func `is refused if the largest key is none`(value: [UInt8]) throws {
    // Synced up to the header; version 1; the largest key of members.
    disk["log-0"] = header + record([28, 1, 5, 0] + value)
    #expect {
      try GraphStore(SocialModel.schema(), on: disk)
    } throws: { error in
      guard case GraphError.damagedFile(_, 40, let reason) = error else { return false }
      return reason.hasPrefix("members can't have the largest key ")
    }
    // Nor is it read by names.
    #expect(throws: GraphError.self) {
      try GraphStore(try Schema { Unrelated.self }, on: disk, migrations: [])
    }
    disk["log-0"] = header + record([28, 1, 5, 0, 3, 14])
    let store = try GraphStore(SocialModel.schema(), on: disk)
    #expect(try store.write { try $0.insert { Member(id: $0, handle: "next") } }.id == 8)
  }

  /// Of the table of members, whose key is an integer, and whose handle is a text that must be there.
  @Test(arguments: [[6, 1, 120, 6, 1, 120], [3, 2, 0], [0, 6, 1, 120]] as [[UInt8]])
  func `is refused if a value is none of its column's type`(values: [UInt8]) throws {
    disk["log-0"] = header + record([28, 1, 4, 0] + values)
    #expect {
      try GraphStore(SocialModel.schema(), on: disk)
    } throws: { error in
      guard case GraphError.damagedFile(_, _, let reason) = error else { return false }
      return reason.contains("can't hold")
    }
    // Nor does it stop those who save what they can of a damaged checkpoint.
    let place = try #require(disk["checkpoint-0"]).count - 1
    disk["checkpoint-0"]?[place] ^= 1
    let recovery = try GraphStore.recover(
      SocialModel.schema(), from: disk, to: SimulatedDisk())
    #expect(recovery.damage.count == 2)
  }

  /// The next version would be more than an integer can be.
  @Test(arguments: [.max, .max - 1, .max / 2 + 1]) func `is none if its version is too large`(
    version: Int
  ) throws {
    let content = Array(header[..<16]) + bytes(version) + bytes(version >> 32)
    disk["log-\(version)"] = content + bytes(Int(CRC32C.checksum(content.span)))
    disk["checkpoint-\(version)"] = disk["checkpoint-0"]
    disk["checkpoint-0"] = nil
    disk["log-0"] = nil
    let store = try GraphStore(SocialModel.schema(), on: disk)
    for id in 1...3 { try store.write { try $0.insert(Member(id: id, handle: "\(id)")) } }
    #expect(store.version == 3)
  }

  /// A fourth of all places looks like the start of a record of half the length of the log.
  @Test(.timeLimit(.minutes(1))) func `is found torn in little time`() throws {
    let content = (0..<150_000).flatMap { _ in [0x60, 0x93, 0x04, 0x00] as [UInt8] }
    disk["log-0"] = header + record(content).dropLast()
    let store = try GraphStore(SocialModel.schema(), on: disk)
    #expect(store.tornEnd?.offset == 28 && store.tornEnd?.bytes == 600_007)
  }
}
