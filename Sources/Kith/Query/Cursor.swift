import Foundation

/// A place in the rows of a query, from which a page goes on.
///
/// It holds the values by which its row was sorted, or in order of insertion the row's place and key,
/// not a number of rows; so rows that are inserted or deleted between two pages cause no repeat and no
/// skip, and it outlives the process. Its text form may go into a URL. What comes back from outside is
/// checked: a text that no cursor has is refused here, a cursor of another query where the page's rows
/// are asked for.
///
/// Where rows have been numbered anew, by compaction or because a checkpoint was opened, a place in the
/// order of insertion is that of the row with its key. A cursor whose row has gone is refused then, and
/// so is one from before rows were put in another order.
public struct Cursor: Hashable, Sendable {
  /// The query and order that made the cursor.
  let fingerprint: UInt64
  /// The values by which the row was sorted, or its place in the order of insertion, and its primary key.
  let values: [StoredValue]

  init(fingerprint: UInt64, values: [StoredValue]) {
    self.fingerprint = fingerprint
    self.values = values
  }

  /// Reads the text form.
  ///
  /// - Throws: `GraphError.invalidCursor` if the text is none.
  public init(_ text: String) throws(GraphError) {
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
    guard let data = Data(base64Encoded: base64) else {
      throw .invalidCursor(reason: "its text is damaged")
    }
    var reader = CursorReader(bytes: [UInt8](data))
    guard reader.byte() == Cursor.version, let fingerprint = reader.number(),
      let count = reader.byte(), let values = reader.values(Int(count)), reader.isAtEnd
    else { throw .invalidCursor(reason: "its text is damaged") }
    self.init(fingerprint: fingerprint, values: values)
  }

  private static let version: UInt8 = 1
}

extension Cursor: CustomStringConvertible {
  /// The text form: letters, digits, `-` and `_`.
  public var description: String {
    var writer = CursorWriter(bytes: [Cursor.version])
    writer.number(fingerprint)
    writer.bytes.append(UInt8(values.count))
    for value in values { writer.value(value) }
    return Data(writer.bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

extension Cursor: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Writes values as a cursor's bytes: a tag each, then numbers in eight bytes, least first.
private struct CursorWriter {
  var bytes: [UInt8]

  mutating func number(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
  }

  mutating func value(_ value: StoredValue) {
    switch value {
    case .null: bytes.append(0)
    case .boolean(let value): bytes += [1, value ? 1 : 0]
    case .integer(let value): tagged(2, UInt64(bitPattern: value))
    case .unsigned(let value): tagged(3, value)
    case .real(let value): tagged(4, value.bitPattern)
    case .text(let text): counted(5, Array(text.utf8))
    case .date(let date): tagged(6, date.timeIntervalSinceReferenceDate.bitPattern)
    case .uuid(let uuid):
      tagged(7, uuid.halves.high)
      number(uuid.halves.low)
    case .bytes(let value): counted(8, value)
    case .composite(let parts):
      bytes += [9, UInt8(parts.count)]
      for part in parts { self.value(part) }
    }
  }

  private mutating func tagged(_ tag: UInt8, _ number: UInt64) {
    bytes.append(tag)
    self.number(number)
  }

  private mutating func counted(_ tag: UInt8, _ content: [UInt8]) {
    tagged(tag, UInt64(content.count))
    bytes += content
  }
}

/// Reads a cursor's bytes, which come from outside: every read may find that there is no more.
private struct CursorReader {
  let bytes: [UInt8]
  private var next = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { next == bytes.count }

  mutating func byte() -> UInt8? {
    guard next < bytes.count else { return nil }
    defer { next += 1 }
    return bytes[next]
  }

  mutating func number() -> UInt64? {
    guard next + 8 <= bytes.count else { return nil }
    defer { next += 8 }
    return bytes[next..<(next + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func values(_ count: Int, depth: Int = 0) -> [StoredValue]? {
    var values: [StoredValue] = []
    for _ in 0..<count {
      guard let value = value(depth: depth) else { return nil }
      values.append(value)
    }
    return values
  }

  private mutating func value(depth: Int) -> StoredValue? {
    switch byte() {
    case 0: return .null
    case 1: return byte().map { .boolean($0 != 0) }
    case 2: return number().map { .integer(Int64(bitPattern: $0)) }
    case 3: return number().map { .unsigned($0) }
    case 4: return number().map { .real(Double(bitPattern: $0)) }
    case 5: return content().flatMap { String(validating: $0, as: UTF8.self) }.map { .text($0) }
    case 6:
      return number().map { .date(Date(timeIntervalSinceReferenceDate: Double(bitPattern: $0))) }
    case 7:
      guard let high = number(), let low = number() else { return nil }
      return .uuid(UUID(high: high, low: low))
    case 8: return content().map { .bytes($0) }
    case 9 where depth < 4:
      return byte().flatMap { values(Int($0), depth: depth + 1) }.map { .composite($0) }
    default: return nil
    }
  }

  private mutating func content() -> [UInt8]? {
    guard let count = number(), count <= UInt64(bytes.count - next) else { return nil }
    defer { next += Int(count) }
    return Array(bytes[next..<(next + Int(count))])
  }
}

extension UUID {
  fileprivate init(high: UInt64, low: UInt64) {
    func byte(_ number: UInt64, _ index: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index))
    }
    self.init(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
        byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
        byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
        byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
      ))
  }
}
