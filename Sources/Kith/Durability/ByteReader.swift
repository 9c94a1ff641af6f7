import KithCore

/// Encoded bytes, read from front to back; nothing is read that is not there.
struct ByteReader {
  let bytes: [UInt8]
  /// Where the next byte is.
  private(set) var offset: Int
  /// Where the bytes end.
  let end: Int

  /// Reads some of the bytes, which are there.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    (offset, end) = (range.lowerBound, range.upperBound)
  }

  /// How many bytes are left.
  var count: Int { end - offset }

  /// Passes over some bytes and returns where they are.
  mutating func take(_ count: Int) throws(FormatFault) -> Range<Int> {
    guard count >= 0, count <= self.count else {
      throw .damaged(
        offset: offset, "\(count) bytes should follow, and there are \(self.count)")
    }
    defer { offset += count }
    return offset..<offset + count
  }

  /// A number as many bytes long as its type.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) throws(FormatFault) -> Number {
    bytes.number(at: try take(MemoryLayout<Number>.size).lowerBound)
  }

  /// A number of seven bits a byte, in the fewest bytes.
  mutating func varint() throws(FormatFault) -> UInt64 {
    let start = offset
    var result: UInt64 = 0
    for shift in stride(from: 0 as UInt64, through: 63, by: 7) {
      let byte = try number(UInt8.self)
      let bits = UInt64(byte & 0x7F)
      guard (bits << shift) >> shift == bits else { break }
      result |= bits << shift
      if byte < 0x80 {
        if byte == 0, shift > 0 { break }
        return result
      }
    }
    throw .damaged(offset: start, "a number is written wrongly")
  }

  /// A number of items, each of which takes a byte or more, so that no more than the bytes that are
  /// left can follow.
  mutating func length() throws(FormatFault) -> Int {
    let start = offset
    let length = try varint()
    guard length <= count else {
      throw .damaged(offset: start, "\(length) should follow, and there are only \(count) bytes")
    }
    return Int(length)
  }

  /// A text, behind its length in bytes.
  mutating func text() throws(FormatFault) -> String {
    let range = try take(try length())
    return try bytes.text(range)
  }

  /// Requires that nothing is left.
  func finish() throws(FormatFault) {
    guard offset == end else {
      throw .damaged(offset: offset, "\(count) bytes follow where nothing should")
    }
  }
}

extension [UInt8] {
  /// The text that some bytes are.
  func text(_ range: Range<Int>) throws(FormatFault) -> String {
    guard let text = text(in: range) else {
      throw .damaged(offset: range.lowerBound, "text is not valid UTF-8")
    }
    return text
  }
}
