extension TextFault {
  /// Finds the first fault of a line of an edge list that the scan refuses.
  ///
  /// It depends on the line's first 4,096 bytes only, so that it is the same wherever chunks end.
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
    let fields = line.fields(isFirst: isFirst)

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
      self.init(offset: line.count, found: "the end of the line", expected: "a second integer")
    }
  }
}

extension Span<UInt8> {
  /// The first three texts without blanks in a line, which are empty where the line has fewer.
  ///
  /// - Parameter isFirst: Whether it is the first of all lines, which may start with a byte order
  ///   mark.
  func fields(isFirst: Bool) -> [Range<Int>] {
    var position = isFirst ? byteOrderMarkLength : 0
    return [nextField(&position), nextField(&position), nextField(&position)]
  }

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
    guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return "an integer" }
    let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    return Int(text) == nil ? "an integer from \(Int.min) to \(Int.max)" : nil
  }
}
