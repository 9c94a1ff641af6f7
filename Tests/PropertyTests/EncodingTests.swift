import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

extension Graph {
  /// The graph after it was encoded and decoded, which must be sound and have the same bytes.
  func comesBack() throws -> Graph {
    let data = encoded()
    let copy = try Graph(schema, decoding: data)
    try copy.validate()
    #expect(copy.encoded() == data)
    return copy
  }
}

@Suite struct `An encoded graph` {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `has the same bytes whatever its history was`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var roundabout = Graph(try SocialModel.schema())
    // Rows that do not stay take slots, so that those that stay have other slots than in the copy.
    for id in 1...60 {
      try roundabout.insert(Member(id: id, handle: "m\(id)"))
      for note in 0..<random.number(below: 3) {
        let about = random.chance(50) ? 1 + random.number(below: id) : nil
        try roundabout.insert(Note(id: "\(id).\(note)", author: id, about: about, score: note))
      }
    }
    for _ in 0..<500 {
      let (a, b) = (1 + random.number(below: 60), 1 + random.number(below: 60))
      if a != b { try roundabout.append(a, to: Member.following, of: b) }
    }
    for id in 1..<60 where random.chance(40) { try roundabout.delete(Member.self, id) }

    var straight = Graph(roundabout.schema)
    try straight.insert(contentsOf: roundabout[Member.self])
    try straight.insert(contentsOf: roundabout[Note.self])
    for member in roundabout[Member.self].reversed() {
      for follower in roundabout[Member.self, member.id].followers.reversed() {
        try straight.append(member.id, to: Member.following, of: follower.id)
      }
    }
    #expect(straight.encoded() == roundabout.encoded())
  }

  @Test func `keeps the next integer key`() throws {
    var graph = Graph(try SocialModel.schema())
    try graph.insert(Member(id: 7, handle: "seven"))
    try graph.delete(Member.self, 7)
    var copy = try graph.comesBack()
    #expect(try copy.insert { Member(id: $0, handle: "eight") }.id == 8)
  }

  @Test func `keeps the foreign keys that wait for their rows`() throws {
    var graph = Graph(
      try Schema {
        Room.self
        Seat.self
      })
    try graph.insert(Seat(room: 1, number: 1, label: "a", row: nil))
    var copy = try Graph(graph.schema, decoding: graph.encoded())
    #expect(throws: GraphError.self) { try GraphStore(copy) }
    try copy.insert(Room(id: 1, name: "one", floor: nil, kind: .hall, alias: nil))
    #expect(copy[Room.self, 1].seats.count == 1)
    try copy.validate()
  }

  /// Gives damaged blocks the checksums of what they hold now: then only the other checks are left.
  @Test(arguments: 0..<3 as Range<UInt64>)
  func `is refused or sound, whatever another program wrote with right checksums`(
    seed: UInt64
  ) throws {
    var random = SplitMix64(seed: seed)
    let graph = try SocialModel.sample()
    let bytes = Array(graph.encoded())
    for place in bytes.indices {
      var other = bytes
      other[place] = random.chance(50) ? other[place] ^ 1 : UInt8(random.number(below: 256))
      if random.chance(20) {
        other[random.number(below: bytes.count)] = UInt8(random.number(below: 256))
      }
      BlockSeals(bytes).renew(&other)
      // What is thrown is a `GraphError`: the initializer throws no other.
      guard let copy = try? Graph(graph.schema, decoding: Data(other)) else { continue }
      #expect(throws: Never.self, "byte \(place)") { try copy.validate() }
    }
  }

  /// On the way from these tables to those that are declared, an association table has one foreign key
  /// at a time, or none.
  @Test(arguments: [
    ("fk_follows_follower_id_members", "fk_follows_followed_id_members"), ("cascade", "setNull"),
  ])
  func `is refused with all that differs, if foreign keys are exchanged`(
    text: String, other: String
  ) throws {
    let graph = try SocialModel.sample()
    var bytes = Array(graph.encoded())
    let (texts, others) = (Array(text.utf8), Array(other.utf8))
    var place = 0
    while place < bytes.count {
      for (from, to) in [(texts, others), (others, texts)]
      where bytes[place...].starts(with: from) {
        bytes.replaceSubrange(place..<place + from.count, with: to)
        place += from.count
        break
      }
      place += 1
    }
    BlockSeals(bytes).renew(&bytes)
    #expect {
      try Graph(graph.schema, decoding: Data(bytes))
    } throws: { error in
      guard case GraphError.otherSchema(_, let differences) = error else { return false }
      return differences.count { $0.contains("fk_follows") } == 4
    }
  }
}

extension SocialModel {
  static func schema() throws -> Schema {
    try Schema {
      Member.self
      Note.self
      Member.follows
    }
  }

  /// A few rows and links.
  static func sample() throws -> Graph {
    var graph = Graph(try schema())
    for id in 1...6 { try graph.insert(Member(id: id * id, handle: "m\(id)")) }
    for (id, author) in zip(["a", "b", "ccc"], [4, 4, 9]) {
      try graph.insert(Note(id: id, author: author, about: id == "b" ? 1 : nil, score: 3))
    }
    for (source, target) in [(1, 4), (1, 9), (4, 1), (36, 1), (36, 25)] {
      try graph.append(target, to: Member.following, of: source)
    }
    return graph
  }
}

/// The checksums of a file of blocks, by the description of the format, not by the code that writes
/// it.
struct BlockSeals {
  private var blocks: [Range<Int>] = []

  /// Finds the blocks of a sound file.
  init(_ bytes: [UInt8]) {
    var start = 28
    while start < bytes.count {
      let size = (0..<8).reduce(0) { $0 | Int(bytes[start + 8 + $1]) << ($1 * 8) }
      blocks.append(start..<start + 24 + size)
      start += 24 + size
    }
  }

  /// Makes all checksums those of what stands there now.
  func renew(_ bytes: inout [UInt8]) {
    seal(0..<24, at: 24, &bytes)
    for block in blocks {
      seal(block.lowerBound + 24..<block.upperBound, at: block.lowerBound + 16, &bytes)
      seal(block.lowerBound..<block.lowerBound + 20, at: block.lowerBound + 20, &bytes)
    }
  }

  private func seal(_ range: Range<Int>, at place: Int, _ bytes: inout [UInt8]) {
    let checksum = CRC32C.checksum(bytes.span.extracting(range))
    for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: checksum >> (byte * 8)) }
  }
}
