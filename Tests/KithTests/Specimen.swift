import Foundation
import Kith
import KithFixtures
import Testing

/// A row with a column of every kind that text can hold, and one of each that may be empty.
struct Specimen: Row {
  var id: Int
  var flag: Bool
  var tiny: Int8
  var wide: UInt64
  var real: Double
  var half: Float
  var text: String
  var date: Date
  var uuid: UUID
  var bytes: [UInt8]
  var rank: Rank
  var maybeFlag: Bool?
  var maybeInteger: Int64?
  var maybeWide: UInt64?
  var maybeReal: Double?
  var maybeText: String?
  var maybeDate: Date?
  var maybeUUID: UUID?
  var maybeBytes: Data?

  enum Rank: String, ColumnValue { case low, high }

  static let table = Table(
    "specimens", Self.init,
    Column("id", \.id),
    Column("flag", \.flag),
    Column("tiny", \.tiny),
    Column("wide", \.wide),
    Column("real", \.real),
    Column("half", \.half),
    Column("text", \.text),
    Column("date", \.date),
    Column("uuid", \.uuid),
    Column("bytes", \.bytes),
    Column("rank", \.rank),
    Column("maybe_flag", \.maybeFlag),
    Column("maybe_integer", \.maybeInteger),
    Column("maybe_wide", \.maybeWide),
    Column("maybe_real", \.maybeReal),
    Column("maybe_text", \.maybeText),
    Column("maybe_date", \.maybeDate),
    Column("maybe_uuid", \.maybeUUID),
    Column("maybe_bytes", \.maybeBytes))

  static func graph() throws -> Graph { Graph(try Schema { Specimen.self }) }

  /// All that is in the row, to the last bit.
  var exact: [String] {
    [
      "\(id) \(flag) \(tiny) \(wide) \(exactly(real)) \(exactly(Double(half)))",
      "\(Array(text.utf8)) \(exactly(date.timeIntervalSinceReferenceDate)) \(uuid) \(bytes)",
      "\(rank) \(maybeFlag as Any) \(maybeInteger as Any) \(maybeWide as Any)",
      "\(maybeReal.map(exactly) as Any) \(maybeText.map { Array($0.utf8) } as Any)",
      "\(maybeDate.map { exactly($0.timeIntervalSinceReferenceDate) } as Any)",
      "\(maybeUUID as Any) \(maybeBytes.map(Array.init) as Any)",
    ]
  }
}

/// The bits of a number. Zero has one sign, and there is one number that is none.
private func exactly(_ number: Double) -> UInt64 {
  number.isNaN ? .max : (number == 0 ? 0 : number).bitPattern
}

extension Specimen {
  /// A row of random values, many of which are the awkward ones.
  static func random(id: Int, using random: inout SplitMix64) -> Specimen {
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    let integers: [Int64] = [.min, .max, 0, -1, 9_007_199_254_740_993]
    let wides: [UInt64] = [.max, 0, 1 << 63, random.next()]
    return Specimen(
      id: id, flag: .random(using: &random), tiny: .random(in: .min ... .max, using: &random),
      wide: wides.randomElement(using: &random) ?? 0, real: randomNumber(using: &random),
      half: Float(randomNumber(using: &random)), text: randomText(using: &random),
      date: randomDate(using: &random), uuid: randomUUID(using: &random),
      bytes: randomBytes(using: &random),
      rank: Bool.random(using: &random) ? .low : .high,
      maybeFlag: maybe(true), maybeInteger: maybe(integers.randomElement(using: &random) ?? 0),
      maybeWide: maybe(.max), maybeReal: maybe(randomNumber(using: &random)),
      maybeText: maybe(randomText(using: &random)), maybeDate: maybe(randomDate(using: &random)),
      maybeUUID: maybe(randomUUID(using: &random)),
      maybeBytes: maybe(Data(randomBytes(using: &random))))
  }

  /// Expects that random rows come back from a text that is made of them, wherever chunks end.
  static func expectSameRows(
    seed: UInt64, from text: (Query<Specimen>) -> String,
    sourceLocation: SourceLocation = #_sourceLocation,
    load: (inout Graph, TextSource) throws -> Void
  ) throws {
    var random = SplitMix64(seed: seed)
    var graph = try Specimen.graph()
    for id in [3, -1, 8, .max, .min, 0] {
      try graph.insert(Specimen.random(id: id, using: &random))
    }
    let bytes = Array(text(graph[Specimen.self]).utf8)
    let wanted = graph[Specimen.self].map(\.exact)
    for size in [1, 2, 3, 5, 64, 1 << 20] {
      var copy = try Specimen.graph()
      try load(&copy, TextSource(bytes: bytes, name: "text", chunkSize: size))
      #expect(
        copy[Specimen.self].map(\.exact) == wanted, "chunks of \(size)",
        sourceLocation: sourceLocation)
    }
  }

  private static func randomNumber(using random: inout SplitMix64) -> Double {
    let awkward = [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1,
      1e20, -1.5, 9_007_199_254_740_992,
    ]
    return Bool.random(using: &random)
      ? Double(bitPattern: random.next()) : awkward.randomElement(using: &random) ?? 0
  }

  private static func randomDate(using random: inout SplitMix64) -> Date {
    let seconds: [Double] = [
      0, 0.1, -0.1, 1e9 + 0.123, 800_000_000.123_456_7, -1e-20, -63_114_076_800, 252_455_615_999,
      1e15, .infinity, -978_307_200, -31_622_400.5, Double(Int32.random(in: .min ... .max)),
      Double.random(in: -1e10...1e10, using: &random),
    ]
    return Date(timeIntervalSinceReferenceDate: seconds.randomElement(using: &random) ?? 0)
  }

  private static func randomText(using random: inout SplitMix64) -> String {
    let pieces = [
      "", "a", " ", ",", ";", "\t", "\"", "\"\"", "\n", "\r", "\r\n", "\\", "/", "\0", "\u{1}",
      "\u{1F}", "\u{7F}", "\u{FEFF}", "\u{2028}", "김민지", "e\u{301}", "é", "\u{301}", "🙂", "null",
      "1", "@1", "{", "true",
    ]
    return (0..<Int.random(in: 0...5, using: &random)).reduce("") { text, _ in
      text + (pieces.randomElement(using: &random) ?? "")
    }
  }

  private static func randomBytes(using random: inout SplitMix64) -> [UInt8] {
    (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
    }
  }

  static func randomUUID(using random: inout SplitMix64) -> UUID {
    let b = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    return UUID(
      uuid: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15]
      ))
  }
}
