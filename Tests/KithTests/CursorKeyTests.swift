import Foundation
import Kith
import KithFixtures
import Testing

@Suite struct `A cursor` {
  @Test func `goes on behind numbers, text, UUIDs and typed keys`() throws {
    var random = SplitMix64(seed: 3)
    try expectPages(of: (1...30).map { Note(id: $0, weight: $0 % 3) })
    try expectPages(of: (0..<30).map { Note(id: UInt64.max - $0, weight: Int($0 % 3)) })
    try expectPages(of: (0..<30).map { Note(id: "\($0) 가", weight: $0 % 3) })
    try expectPages(
      of: (0..<30).map { Note(id: Specimen.randomUUID(using: &random), weight: $0 % 3) })
    try expectPages(of: (0..<30).map { Note(id: Key<Int, String>("\($0)"), weight: $0 % 3) })
    try expectPages(of: (0..<30).map { Note(id: Double($0) - 14.5, weight: $0 % 3) })
  }

  @Test func `goes on behind composite keys`() throws {
    var random = SplitMix64(seed: 4)
    let owners = (0..<5).map { _ in Specimen.randomUUID(using: &random) }
    try expectPages(
      of: (0..<30).map { Place(owner: owners[$0 % 5], name: "\($0)", weight: $0 % 3) })
  }

  @Test func `goes on where equal texts are made of other scalars`() throws {
    let keys = ["\u{AC00}", "b", "c"]
    let (composed, decomposed) = (keys[0], "\u{1100}\u{1161}")
    var graph = Graph(try Schema { Note<String>.self })
    try graph.insert(contentsOf: keys.map { Note(id: $0, weight: 1) })
    let first = graph[Note<String>.self, keys].page(size: 1)
    let named = graph[Note<String>.self].filter(\.id != composed).page(size: 1)
    try graph.upsert(Note(id: decomposed, weight: 2))
    let rest = try graph[Note<String>.self, keys].page(size: 2, after: first.next).rows
    #expect(rest.map(\.id) == ["b", "c"])
    let others = try graph[Note<String>.self].filter(\.id != decomposed)
      .page(size: 2, after: named.next).rows
    #expect(others.map(\.id) == ["c"])
    let query = graph[Note<String>.self].filter(\.id != "d")
    #expect(throws: GraphError.self) { try query.page(size: 1, after: named.next).rows }
  }

  @Test func `goes on where a number is compared that is zero with a sign`() throws {
    var graph = Graph(try Schema { Note<Double>.self })
    try graph.insert(contentsOf: [1.0, 2, 3].map { Note(id: $0, weight: 1) })
    let first = graph[Note<Double>.self].filter(\.id > 0.0).page(size: 1)
    let rest = graph[Note<Double>.self].filter(\.id > -0.0).page(size: 2, after: first.next)
    #expect(try rest.rows.map(\.id) == [2, 3])
  }

  @Test func `is read of any bytes, or refused`() throws {
    var graph = Graph(try Schema { Place.self })
    try graph.insert(Place(owner: UUID(), name: "가", weight: 1))
    try graph.insert(Place(owner: UUID(), name: "", weight: 2))
    let genuine = try #require(graph[Place.self].sorted(by: \.weight).page(size: 1).next)
    let bytes = try #require(Self.bytes(of: "\(genuine)"))
    #expect(try Cursor(Self.text(of: bytes)) == genuine)
    var random = SplitMix64(seed: 6)
    var readable = 0
    for _ in 0..<20_000 {
      var other = bytes
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let (place, byte) = (
          Int.random(in: 0..<other.count, using: &random), UInt8(random.next() % 12)
        )
        switch Int.random(in: 0...3, using: &random) {
        case 0: other[place] = byte
        case 1: other[place] ^= 1 << (byte % 8)
        case 2: other.insert(byte, at: place)
        default: other.removeSubrange(place..<min(place + Int(byte), other.count - 1))
        }
      }
      do {
        let cursor = try Cursor(Self.text(of: other))
        #expect(try Cursor("\(cursor)") == cursor)
        readable += 1
      } catch {
        let reason = other[0] == 1 ? "an earlier version of Kith made it" : "its text is damaged"
        #expect(error == .invalidCursor(reason: reason))
      }
    }
    #expect(readable > 1_000)
    // Ten thousand parts of parts, and the first form that there was.
    let nested = bytes.prefix(9) + (0..<10_000).flatMap { _ in [10, 1] as [UInt8] } + [0]
    let refusals = [
      (Self.text(of: Array(nested)), "its text is damaged"),
      ("AdtbRsiGE5C_AQIFAAAAAAAAAA", "an earlier version of Kith made it"),
    ]
    for (text, reason) in refusals {
      #expect(throws: GraphError.invalidCursor(reason: reason)) { try Cursor(text) }
    }
  }

  @Test func `is refused where a type with an order of its own has no such value`() throws {
    var graph = Graph(try Schema { Shirt.self })
    try graph.insert(contentsOf: (1...6).map { Shirt(id: $0, size: $0 < 3 ? .small : .large) })
    let query = graph[Shirt.self].sorted(by: \.size)
    let genuine = try #require(query.page(size: 4).next)
    #expect(try query.page(size: 4, after: genuine).rows.map(\.id) == [5, 6])
    var bytes = try #require(Self.bytes(of: "\(genuine)"))
    let place = try #require(bytes[13...].firstIndex(of: UInt8(ascii: "l")))
    bytes[place] = UInt8(ascii: "b")
    let forged = try Cursor(Self.text(of: bytes))
    let fault = GraphError.invalidCursor(
      reason: "it has a value that its column can't have")
    #expect(throws: fault) { try query.page(size: 4, after: forged).rows }
    #expect(throws: fault) { try query.page(size: 4, before: forged).rows }
  }

  private static func bytes(of text: String) -> [UInt8]? {
    let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
    return Data(base64Encoded: base64 + padding).map(Array.init)
  }

  private static func text(of bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  /// Pages of all sizes, forwards and backwards, with every cursor made again of its text.
  private func expectPages<Record: Weighed>(of rows: [Record]) throws where Record.ID: Comparable {
    var random = SplitMix64(seed: 5)
    var graph = Graph(try Schema { Record.self })
    try graph.insert(contentsOf: rows.shuffled(using: &random))
    let query = graph[Record.self].sorted(by: Record.byWeight)
    let expected = rows.sorted { ($0.weight, $0.id) < ($1.weight, $1.id) }.map(\.id)
    #expect(query.ids == expected)
    for size in [1, 2, 7, 29, 30] {
      var page = query.page(size: size)
      var forwards = try page.rows.map(\.id)
      while let next = page.next {
        page = query.page(size: size, after: try Cursor(next.description))
        forwards += try page.rows.map(\.id)
      }
      #expect(forwards == expected)
      var backwards = try page.rows.map(\.id)
      while let previous = page.previous {
        page = query.page(size: size, before: try Cursor(previous.description))
        backwards = try page.rows.map(\.id) + backwards
      }
      #expect(backwards == expected)
    }
  }
}

@Suite struct `Keys in text` {
  @Test func `are what they are of`() {
    let key: Key<Int, String> = "a"
    #expect("\(key)" == "a")
    #expect("\(Key<Int, Int>(3))" == "3")
    #expect("\(Pair(1, "b"))" == "(1, b)")
    #expect(Key<Int, Int>(3) < 4)
    #expect(!(Key<Int, String>("b") < "a"))
  }
}

@Suite struct `Degrees` {
  @Test func `are counted by powers of two, and rows without links are the first`() throws {
    // 1 follows nobody, 2 follows one, 3 two, 4 three, 5 four.
    let follows = [(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (4, 3), (5, 1), (5, 2), (5, 3), (5, 4)]
    var graph = try Feed.graph(users: 6, follows: follows)
    #expect(graph.degreeHistogram(of: User.following) == [2, 1, 2, 1])
    #expect(graph.degreeHistogram(of: User.followers) == [2, 1, 2, 1])
    try graph.delete(User.self, 6)
    #expect(graph.degreeHistogram(of: User.following) == [1, 1, 2, 1])
    #expect(graph.degreeHistogram(of: User.posts) == [5])
    #expect(graph.statistics.bytes > 0)
  }
}

private protocol Weighed: Row {
  var weight: Int { get }
  static var byWeight: any KeyPath<Self, Int> & Sendable { get }
}

/// A row with a key of any one column.
private struct Note<ID: ColumnValue>: Weighed {
  var id: ID
  var weight: Int

  static var table: Table<Note> {
    Table("notes", Self.init, Column("id", \.id), Column("weight", \.weight)).primaryKey(\.id)
  }
  static var byWeight: any KeyPath<Note, Int> & Sendable { \.weight }
}

/// A row with a key of two columns.
private struct Place: Weighed {
  var owner: UUID
  var name: String
  var weight: Int
  var id: Pair<UUID, String> { Pair(owner, name) }

  static let table = Table(
    "places", Self.init,
    Column("owner", \.owner),
    Column("name", \.name),
    Column("weight", \.weight)
  )
  .primaryKey(\.owner, \.name)
  static var byWeight: any KeyPath<Place, Int> & Sendable { \.weight }
}

private struct Shirt: Row {
  enum Size: String, ColumnValue, Comparable {
    case small, large
    static func < (left: Size, right: Size) -> Bool { left == .small && right == .large }
  }

  var id: Int
  var size: Size
  static let table = Table("shirts", Self.init, Column("id", \.id), Column("size", \.size))
}
