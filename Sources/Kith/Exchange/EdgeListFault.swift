/// What is wrong with a line of an edge list that the scan refuses.
///
/// It depends on the line's first 4,096 bytes only, so that it is the same wherever chunks end.
struct EdgeListFault {
  /// Where the text that was found starts, in bytes from 1.
  let column: Int
  /// The text at fault, made safe to show.
  let found: String
  /// What should stand there.
  let expected: String

  /// Finds the first fault of a line.
  ///
  /// - Parameters:
  ///   - start: Where the line starts. It is refused, and either whole or too long.
  ///   - isFirst: Whether it is the first of all lines, which may start with a byte order mark.
  init(inLineAt start: Int, of bytes: Span<UInt8>, isFirst: Bool) {
    let reach = bytes.extracting(start..<min(start + EdgeListLine.limit + 1, bytes.count))
    var end = reach.endOfLine(from: 0)
    let isTooLong = end > EdgeListLine.limit
    if isTooLong {
      end = EdgeListLine.limit
    } else if end > 0, reach[end - 1] == UInt8(ascii: "\r") {
      end -= 1
    }
    let line = reach.extracting(0..<end)
    var position = 0
    if isFirst { line.skipByteOrderMark(&position) }
    let fields = [line.nextField(&position), line.nextField(&position), line.nextField(&position)]

    for field in fields.prefix(2) where !field.isEmpty {
      if let expected = line.expectation(of: field) {
        self.init(line, field, expected: expected)
        return
      }
    }
    if !fields[2].isEmpty {
      self.init(line, fields[2], expected: "the end of the line")
    } else if isTooLong {
      self.init(line, 0..<line.count, expected: "a line of at most 4,096 bytes")
    } else {
      self.init(
        column: line.count + 1, found: "the end of the line", expected: "a second integer")
    }
  }

  private init(_ line: Span<UInt8>, _ field: Range<Int>, expected: String) {
    self.init(column: field.lowerBound + 1, found: line.shown(field), expected: expected)
  }

  private init(column: Int, found: String, expected: String) {
    self.column = column
    self.found = found
    self.expected = expected
  }
}

extension Span<UInt8> {
  /// The next text without blanks in it, which is empty at the end.
  fileprivate func nextField(_ position: inout Int) -> Range<Int> {
    skipBlanks(&position)
    let start = position
    while position < count, !self[position].isBlank { position += 1 }
    return start..<position
  }

  /// What should stand in place of a field, or `nil` if it is an integer.
  fileprivate func expectation(of field: Range<Int>) -> String? {
    let isNegative = self[field.lowerBound] == UInt8(ascii: "-")
    let digits = field.dropFirst(isNegative ? 1 : 0).map { self[$0] }
    guard !digits.isEmpty, digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    else { return "an integer" }
    let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    return Int(text) == nil ? "an integer from \(Int.min) to \(Int.max)" : nil
  }

  /// A piece of text of about 40 characters at most, in which all that could disturb a terminal is
  /// escaped: marks that don't show as `\u{…}`, and bytes that are no UTF-8 as `\x…`.
  fileprivate func shown(_ range: Range<Int>) -> String {
    // No piece of the result is made of more than four bytes.
    let bytes = range.prefix(40 * 4).map { self[$0] }
    var rest = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var text = ""
    var position = 0
    while position < range.count, text.unicodeScalars.count < 40 {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        text += escaped(Unicode.UTF8.decode(encoded))
        position += encoded.count
      case .error(let length):
        for byte in bytes[position..<position + length] {
          text += "\\x" + String(byte, radix: 16, uppercase: true)
        }
        position += length
      case .emptyInput:
        return text
      }
    }
    return position < range.count ? text + "…" : text
  }
}

/// A scalar as it is, or escaped as in a string literal if it does not show.
private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
    .unassigned:
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  case .spaceSeparator where scalar != " ":
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  default:
    scalar == "\\" ? "\\\\" : String(scalar)
  }
}
