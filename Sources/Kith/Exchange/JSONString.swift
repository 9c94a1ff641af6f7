extension Span<UInt8> {
  /// Passes a JSON string, and returns what it says.
  func jsonString(_ position: inout Int, expected: String) throws(TextFault) -> String {
    let start = position
    try pass("\"", &position, expected: expected)
    var bytes: [UInt8] = []
    while position < count, self[position] != UInt8(ascii: "\"") {
      if self[position] == UInt8(ascii: "\\") {
        bytes += try jsonEscape(&position).utf8
        continue
      }
      if self[position] < 0x20 {
        throw fault(position, expected: "an escape for a control character")
      }
      bytes.append(self[position])
      position += 1
    }
    if position == count {
      throw TextFault(self, start..<count, expected: "a quote that ends the text")
    }
    position += 1
    return try text(start..<position, decoded: bytes)
  }

  /// Passes a backslash and what it stands for.
  private func jsonEscape(_ position: inout Int) throws(TextFault) -> String {
    let start = position
    let mark = position + 1 < count ? self[position + 1] : 0
    position += 2
    switch Unicode.Scalar(mark) {
    case "\"", "\\", "/": return String(Unicode.Scalar(mark))
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try jsonScalarEscape(&position, from: start)
    default: throw fault(start, expected: "an escape of JSON")
    }
  }

  /// Passes the digits of `\u1234`, and of its second half, if it is one of two.
  private func jsonScalarEscape(
    _ position: inout Int, from start: Int
  ) throws(TextFault) -> String {
    guard let first = hexadecimal(at: position) else {
      throw fault(start, expected: "four hexadecimal digits after \\u")
    }
    position += 4
    if let scalar = Unicode.Scalar(first) { return String(scalar) }
    guard UTF16.isLeadSurrogate(first), position + 1 < count,
      self[position] == UInt8(ascii: "\\"), self[position + 1] == UInt8(ascii: "u"),
      let second = hexadecimal(at: position + 2), UTF16.isTrailSurrogate(second)
    else { throw fault(start, expected: "two halves of a surrogate pair") }
    position += 6
    return String(decoding: [first, second], as: UTF16.self)
  }

  /// The number that four digits at a place stand for.
  private func hexadecimal(at position: Int) -> UInt16? {
    guard position + 4 <= count else { return nil }
    let digits = bytes(position..<position + 4)
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
