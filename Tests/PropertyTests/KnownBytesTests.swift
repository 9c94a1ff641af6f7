import Foundation
import KithCore
import Testing

@testable import Kith

@Suite struct `The bytes of a graph` {
  /// The parts of a file of three people, behind the schema, as the article on file formats has them.
  private static let parts: [[UInt8]] = [
    // Rows: 3 of them, and the largest key, an integer: 4, zigzag.
    [3, 0, 0, 0, 0, 0, 0, 0] + [3, 8],
    // The column id: 1, 3 and 4.
    [1, 0, 0, 0, 0, 0, 0, 0] + [3, 0, 0, 0, 0, 0, 0, 0] + [4, 0, 0, 0, 0, 0, 0, 0],
    // The column is_new: no, yes, yes.
    [0b110],
    // The column name: there, not there, there; lengths of 1 byte: 3, 0, 2; "ada" and "é".
    [0b101] + [1] + [3, 0, 2] + [0x61, 0x64, 0x61, 0xC3, 0xA9],
    // Links: 3 of them; 1, 2 and none from each row; 0 → 2, 1 → 0, 1 → 2.
    [3, 0, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
      + [2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],
  ]

  @Test func `are those of the article on file formats`() throws {
    let bytes = Array(try Self.graph().encoded())
    #expect(Self.blocks(of: bytes).dropFirst().map { Array(bytes[$0]) } == Self.parts)
    #expect(CRC32C.checksum(bytes.span) == 4_205_390_591)
  }

  @Test func `are the same if they are read and written without its types`() throws {
    let bytes = Array(try Self.graph().encoded())
    let file = try RawFile(decoding: bytes)
    #expect(GraphEncoder(file.graph, migrations: []).encode() == bytes)
    let migrated = GraphEncoder(try Self.graph(), migrations: ["first", "second"]).encode()
    let other = try RawFile(decoding: migrated)
    #expect(other.migrations == ["first", "second"])
    #expect(GraphEncoder(other.graph, migrations: other.migrations).encode() == migrated)
  }

  @Test(
    arguments: [
      (part: 0, place: 4, byte: 1, "people can't have 4294967299 rows"),
      (0, 8, 4, "people can't have the largest key 8"),
      (3, 1, 3, "lengths have 1, 2, 4 or 8 bytes, not 3"),
      (3, 2, 4, "6 bytes should follow, and there are 5"),
      (4, 0, 2, "2 links from 3 rows do not have 24 bytes"),
      (4, 8, 2, "3 links are counted, and rows have 4"),
      (4, 20, 3, "a link of follows is out of order, from a row to itself, or leads nowhere"),
      (4, 20, 0, "a link of follows is out of order, from a row to itself, or leads nowhere"),
      (4, 28, 0, "a link of follows is out of order, from a row to itself, or leads nowhere"),
    ] as [(part: Int, place: Int, byte: UInt8, reason: String)]
  )
  func `are refused for the same reasons with types and without`(
    part: Int, place: Int, byte: UInt8, reason: String
  ) throws {
    let graph = try Self.graph()
    var bytes = Array(graph.encoded())
    let block = Self.blocks(of: bytes)[part + 1]
    bytes[block.lowerBound + place] = byte
    BlockSeals(bytes).renew(&bytes)
    let typed = #expect(throws: GraphError.self) { try Graph(graph.schema, decoding: Data(bytes)) }
    let raw = #expect(throws: FormatFault.self) { try RawFile(decoding: bytes) }
    #expect(typed == raw?.error(in: "the encoded graph"))
    guard case .damagedFile(_, let offset, let found) = try #require(typed) else { return }
    #expect(block.contains(offset))
    #expect(found == reason)
  }

  // MARK: The graph and its file

  /// Four people, the second of whom has gone: 1 → 4 and 3 → 1, 3 → 4.
  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Person.self
        Person.follows
      })
    for (id, name) in [(1, "ada"), (2, "gone"), (3, nil), (4, "é")] {
      try graph.insert(Person(id: id, isNew: id > 2, name: name))
    }
    try graph.append(4, to: Person.following, of: 1)
    try graph.append(contentsOf: [4, 2, 1], to: Person.following, of: 3)
    try graph.delete(Person.self, 2)
    return graph
  }

  /// Where the contents of the blocks are.
  private static func blocks(of bytes: [UInt8]) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var offset = BlockFile.headerSize
    while offset < bytes.count {
      let start = offset + BlockFile.blockHeaderSize
      offset = start + Int(bytes.number(at: offset + 8, as: UInt64.self))
      blocks.append(start..<offset)
    }
    return blocks
  }
}

private struct Person: Row {
  var id: Int
  var isNew: Bool
  var name: String?

  static let table = Table(
    "people", Self.init, Column("id", \.id), Column("is_new", \.isNew), Column("name", \.name))
  static let follows = Association(
    "follows", from: Person.self, "from", to: Person.self, "to", allowsSelfLinks: false)
  static let following = hasMany(through: follows)
}
