/// What a line of an edge list holds.
enum EdgeListLine {
  case link(source: Int, target: Int)
  /// A blank line, or a comment.
  case nothing
  /// A comment that does not end in these bytes.
  case openComment
  /// The bytes end before the line does.
  case unfinished
  /// The line breaks a rule, or would if it ended where the bytes end.
  case refused

  /// The longest line, in bytes without its line feed, that is not a comment.
  static let limit = 4096

  /// Reads one line.
  ///
  /// - Parameters:
  ///   - position: Where the line starts. Afterwards, if it is accepted, where the next one starts.
  ///   - isFirst: Whether this is the first of all lines, which may start with a byte order mark.
  @inline(__always)
  static func scan(_ bytes: Span<UInt8>, _ position: inout Int, isFirst: Bool) -> EdgeListLine {
    let start = position
    if isFirst { position += bytes.byteOrderMarkLength }
    bytes.skipBlanks(&position)
    guard position < bytes.count else { return .unfinished }
    guard bytes[position].isASCIIDigit || bytes[position] == minus else {
      return scanWithoutLink(bytes, &position, from: start)
    }
    guard let source = bytes.scanInteger(&position) else { return .refused }
    guard position < bytes.count else { return .unfinished }
    guard bytes[position].isBlank else { return .refused }
    bytes.skipBlanks(&position)
    guard let target = bytes.scanInteger(&position) else { return .refused }
    bytes.skipBlanks(&position)
    return bytes.skipLineEnd(&position) && position - start <= limit + 1
      ? .link(source: source, target: target) : .refused
  }

  /// Reads a line that does not start with a number, from its first mark on.
  @inline(never)
  private static func scanWithoutLink(
    _ bytes: Span<UInt8>, _ position: inout Int, from start: Int
  ) -> EdgeListLine {
    if bytes[position] == UInt8(ascii: "#"), position - start < limit {
      position = bytes.endOfLine(from: position)
      return bytes.skipLineEnd(&position) ? .nothing : .openComment
    }
    return bytes.skipLineEnd(&position) && position - start <= limit + 1 ? .nothing : .refused
  }
}

private let tab = UInt8(ascii: "\t")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let space = UInt8(ascii: " ")
private let minus = UInt8(ascii: "-")
private let digitZero = UInt8(ascii: "0")

extension UInt8 {
  /// Whether this byte may stand between two fields of a line.
  var isBlank: Bool { self == space || self == tab }

  /// Whether this is one of the digits 0 to 9.
  @inline(__always)
  var isASCIIDigit: Bool { self &- digitZero < 10 }
}

extension Span<UInt8> {
  /// The place of the next line feed, or the end of the bytes if there is none.
  func endOfLine(from start: Int) -> Int {
    var position = start
    while position < count, self[position] != lineFeed { position += 1 }
    return position
  }

  /// Passes spaces and tabs.
  @inline(__always)
  func skipBlanks(_ position: inout Int) {
    while position < count, self[position].isBlank { position += 1 }
  }

  /// Passes a line feed, or a carriage return and a line feed. False if there is none.
  @inline(__always)
  fileprivate func skipLineEnd(_ position: inout Int) -> Bool {
    if position < count, self[position] == carriageReturn { position += 1 }
    guard position < count, self[position] == lineFeed else { return false }
    position += 1
    return true
  }

  /// Reads an optional minus sign and digits. `nil` if there is no digit, or the value is no `Int`.
  @inline(__always)
  fileprivate func scanInteger(_ position: inout Int) -> Int? {
    let isNegative = position < count && self[position] == minus
    if isNegative { position += 1 }
    let start = position
    var value = 0
    while position < count {
      let digit = self[position] &- digitZero
      guard digit < 10 else { break }
      value = value &* 10 &+ Int(digit)
      position += 1
    }
    if position == start { return nil }
    // Eighteen digits always fit.
    if position - start > 18 { return checkedInteger(start..<position, isNegative: isNegative) }
    return isNegative ? -value : value
  }

  /// The value of digits that may be too many for an `Int`, or `nil` if they are.
  @inline(never)
  private func checkedInteger(_ digits: Range<Int>, isNegative: Bool) -> Int? {
    var value = 0
    for index in digits {
      let digit = Int(self[index] &- digitZero)
      let shifted = value.multipliedReportingOverflow(by: 10)
      let sum = shifted.partialValue.addingReportingOverflow(isNegative ? -digit : digit)
      if shifted.overflow || sum.overflow { return nil }
      value = sum.partialValue
    }
    return value
  }
}
