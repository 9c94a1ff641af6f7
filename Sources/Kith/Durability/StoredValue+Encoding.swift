import Foundation
import KithCore

/// One value with a mark of its kind before it: 0 nothing, 1 false, 2 true, 3 an integer (zigzag), 4
/// an integer without a sign, 5 a real number (8 bytes), 6 text, 7 a date (8 bytes), 8 a UUID (16
/// bytes), 9 data, 10 the parts of a composite. Integers and lengths have seven bits a byte.
extension ByteWriter {
  /// Adds a value.
  mutating func append(_ value: StoredValue) {
    switch value {
    case .null: append(0 as UInt8)
    case .boolean(let value): append(value ? 2 : 1 as UInt8)
    case .integer(let value):
      append(3 as UInt8)
      appendVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    case .unsigned(let value):
      append(4 as UInt8)
      appendVarint(value)
    case .real(let value):
      append(5 as UInt8)
      append(value.bitPattern)
    case .text(let text):
      append(6 as UInt8)
      append(text)
    case .date(let date):
      append(7 as UInt8)
      append(date.timeIntervalSinceReferenceDate.bitPattern)
    case .uuid(let uuid):
      append(8 as UInt8)
      append(uuid)
    case .bytes(let bytes):
      append(9 as UInt8)
      appendVarint(UInt64(bytes.count))
      append(contentsOf: bytes)
    case .composite(let parts):
      append(10 as UInt8)
      appendVarint(UInt64(parts.count))
      for part in parts { append(part) }
    }
  }

  /// Adds a text behind its length in bytes.
  mutating func append(_ text: String) {
    appendVarint(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Adds the 16 bytes of a UUID, in the order in which it is written.
  mutating func append(_ uuid: UUID) {
    let (high, low) = uuid.halves
    append(high.byteSwapped)
    append(low.byteSwapped)
  }
}

extension ByteReader {
  /// The most parts of parts that are followed.
  private static var deepest: Int { 32 }

  /// A value.
  mutating func value(depth: Int = 0) throws(FormatFault) -> StoredValue {
    let start = offset
    switch try number(UInt8.self) {
    case 0: return .null
    case 1: return .boolean(false)
    case 2: return .boolean(true)
    case 3:
      let bits = try varint()
      return .integer(Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1))
    case 4: return .unsigned(try varint())
    case 5: return .real(Double(bitPattern: try number()))
    case 6: return .text(try text())
    case 7: return .date(Date(bits: try number()))
    case 8: return .uuid(bytes.uuid(at: try take(16).lowerBound))
    case 9: return .bytes(Array(bytes[try take(try length())]))
    case 10 where depth < ByteReader.deepest:
      var parts: [StoredValue] = []
      for _ in 0..<(try length()) { parts.append(try value(depth: depth + 1)) }
      return .composite(parts)
    default: throw .damaged(offset: start, "no value starts like this")
    }
  }
}

extension [UInt8] {
  /// The UUID that 16 bytes are.
  ///
  /// - Precondition: They are there.
  func uuid(at offset: Int) -> UUID {
    let b = self[offset..<offset + 16]
    let i = offset
    return UUID(
      uuid: (
        b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7], b[i + 8],
        b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14], b[i + 15]
      ))
  }
}

extension Date {
  /// The date whose seconds since 2001 are a number with some bits.
  init(bits: UInt64) {
    self.init(timeIntervalSinceReferenceDate: Double(bitPattern: bits))
  }
}
