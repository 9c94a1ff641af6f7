import Foundation
import Kith
import KithFixtures
import Testing

@Suite struct `A graph as data` {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `holds every kind of value to the last bit`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var graph = try Specimen.graph()
    for id in 1...20 { try graph.insert(Specimen.random(id: id, using: &random)) }
    let copy = try Graph(graph.schema, decoding: graph.encoded())
    #expect(copy[Specimen.self].map(\.exact) == graph[Specimen.self].map(\.exact))
    #expect(copy.encoded() == graph.encoded())
  }

  @Test func `holds texts of every length`() throws {
    var graph = try Labelled.graph()
    for length in [0, 1, 255, 256, 65_535, 65_536] {
      try graph.insert(
        Labelled(id: length, label: String(repeating: "x", count: length), parts: nil))
    }
    let copy = try Graph(graph.schema, decoding: graph.encoded())
    #expect(copy[Labelled.self].map(\.label) == graph[Labelled.self].map(\.label))
  }

  @Test(arguments: [(255, 1), (256, 2), (65_535, 2), (65_536, 4)])
  func `takes no more bytes for a length than the longest text needs`(
    length: Int, width: Int
  ) throws {
    func byteCount(_ length: Int) throws -> Int {
      var graph = try Labelled.graph()
      try graph.insert(
        Labelled(id: 1, label: String(repeating: "x", count: length), parts: nil))
      return graph.encoded().count
    }
    #expect(try byteCount(length) == byteCount(0) + length + width - 1)
  }

  @Test func `knows the order of its keys when rows come afterwards`() throws {
    var graph = try Labelled.graph()
    for id in [2, 7, 5] { try graph.insert(Labelled(id: id, label: "same", parts: nil)) }
    for keys in [[2, 7], [2, 7, 5]] {
      var fewer = graph
      try fewer.delete(fewer[Labelled.self].filter(!.isIn(\.id, keys)))
      var copy = try Graph(graph.schema, decoding: fewer.encoded())
      for id in [3, 9] { try copy.insert(Labelled(id: id, label: "same", parts: nil)) }
      try copy.validate()
      #expect(copy[Labelled.self].sorted(by: \.label).ids == (keys + [3, 9]).sorted())
    }
  }

  @Test func `is checked in every bit`() throws {
    let (schema, data) = try sample()
    for place in data.indices {
      for bits in [1 << UInt8(place % 8), 0xFF] as [UInt8] {
        var other = data
        other[place] ^= bits
        expectDamage(schema, other, "byte \(place)")
      }
    }
  }

  @Test func `is whole, or nothing`() throws {
    let (schema, data) = try sample()
    for count in 0..<data.count { expectDamage(schema, data.prefix(count), "\(count) bytes") }
    expectDamage(schema, data + [0], "one more byte")
    expectDamage(schema, data + data, "twice the data")
  }

  @Test func `of a newer format is refused`() throws {
    let (schema, data) = try sample()
    var newer = data
    newer[8] = 2
    // The checksum of the first 24 bytes of this file, with a 2 for its format.
    newer.replaceSubrange(24..<28, with: checksum(newer.prefix(24)))
    #expect {
      try Graph(schema, decoding: newer)
    } throws: { error in
      guard case GraphError.unreadableFile(_, let reason) = error else { return false }
      return reason.contains("format 2") && reason.contains("newer version of Kith")
    }
  }

  @Test func `of another schema says what differs`() throws {
    let (_, data) = try sample()
    let other = try Schema {
      Labelled.self
      Tagged.self
    }
    #expect(
      throws: GraphError.otherSchema(
        file: "the encoded graph",
        differences: [
          "remove association table related",
          "add column tags.name (text)",
          "change the type from integer to text, set the longest length 9, set the default \"x\" "
            + "of tags.label",
          "make tags.label optional",
          "remove foreign key fk_tags_label_labels from tags",
          "remove primary key pk_tags from tags",
          "add primary key pk_tags on name to tags",
          "add check ck_tags_label_max_length on label to tags",
          "add index ix_tags_name on name to tags",
          "remove column tags.id",
        ])
    ) { try Graph(other, decoding: data) }
  }

  @Test func `of a type with fewer values says which value is none of it`() throws {
    var graph = Graph(try Schema { Mood.self })
    try graph.insert(Mood(id: 1, name: "gloomy"))
    #expect(
      throws: GraphError.otherSchema(
        file: "the encoded graph",
        differences: ["moods.name holds \"gloomy\", which is no Name"])
    ) { try Graph(try Schema { BrightMood.self }, decoding: graph.encoded()) }
  }

  @Test func `of a table whose rule became stricter says which row breaks it`() throws {
    var graph = Graph(try Schema { Mood.self })
    try graph.insert(Mood(id: 1, name: "gloomy"))
    #expect(
      throws: GraphError.otherSchema(
        file: "the encoded graph",
        differences: [
          "a row was allowed that the schema refuses: name = \"gloomy\" is not allowed in moods "
            + "(ck_moods_short)"
        ])
    ) { try Graph(try Schema { StrictMood.self }, decoding: graph.encoded()) }
  }

  private func sample() throws -> (Schema, Data) {
    var graph = try Labelled.graph()
    for id in 1...3 {
      try graph.insert(
        Labelled(id: id, label: "label \(id)", parts: id == 2 ? nil : Pair("é", Pair(id, true))))
    }
    try graph.insert(Tag(id: UUID(), label: 2))
    try graph.append(contentsOf: [2, 3], to: Labelled.relatives, of: 1)
    return (graph.schema, graph.encoded())
  }

  private func expectDamage(_ schema: Schema, _ data: Data, _ place: String) {
    do {
      _ = try Graph(schema, decoding: data)
      Issue.record("damage was not found: \(place)")
    } catch GraphError.damagedFile(_, let offset, _) {
      #expect((0...data.count).contains(offset), "\(place)")
    } catch {
      Issue.record("\(place): \(error)")
    }
  }

  /// CRC-32C, a bit at a time.
  private func checksum(_ bytes: Data) -> [UInt8] {
    let state = bytes.reduce(UInt32.max) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { state, _ in
        state & 1 == 1 ? state >> 1 ^ 0x82F6_3B78 : state >> 1
      }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~state >> ($0 * 8)) }
  }
}

private struct Labelled: Row {
  var id: Int
  var label: String
  var parts: Pair<String, Pair<Int, Bool>>?

  static let table = Table(
    "labels", Self.init,
    Column("id", \.id),
    Column("label", \.label).indexed(),
    Column("parts", \.parts))

  static let related = Association(
    "related", from: Labelled.self, "one_id", to: Labelled.self, "other_id")
  static let relatives = hasMany(through: related)

  static func graph() throws -> Graph {
    Graph(
      try Schema {
        Labelled.self
        Tag.self
        Labelled.related
      })
  }
}

private struct Tag: Row {
  var id: UUID
  var label: Int

  static let table = Table(
    "tags", Self.init,
    Column("id", \.id),
    Column("label", \.label, references: Labelled.self, onDelete: .cascade))
}

/// What became of the tags in another version of the program.
private struct Tagged: Row {
  var name: String
  var label: String?
  var id: String { name }

  static let table = Table(
    "tags", Self.init,
    Column("name", \.name).indexed(),
    Column("label", \.label).default("x").maxLength(9)
  )
  .primaryKey(\.name)
}

private struct Mood: Row {
  var id: Int
  var name: String

  static let table = Table(
    "moods", Self.init, Column("id", \.id),
    Column("name", \.name).check("short") { $0.count < 9 })
}

/// Moods with a type that has fewer values.
private struct BrightMood: Row {
  enum Name: String, ColumnValue { case bright }

  var id: Int
  var name: Name

  static let table = Table(
    "moods", Self.init, Column("id", \.id), Column("name", \.name).check("short") { _ in true })
}

/// Moods with a rule of the same name that allows less.
private struct StrictMood: Row {
  var id: Int
  var name: String

  static let table = Table(
    "moods", Self.init, Column("id", \.id),
    Column("name", \.name).check("short") { $0.count < 6 })
}
