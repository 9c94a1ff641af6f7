/// A name and a value of a JSON object, and where they are.
struct JSONMember {
  let name: String
  let nameRange: Range<Int>
  let value: JSONScalar
  let valueRange: Range<Int>
}

/// A JSON value that a column can hold.
enum JSONScalar {
  case null
  case boolean(Bool)
  /// A number as it is written, so that no digit is lost.
  case number(String)
  case text(String)
}

/// A strict reader of JSON (RFC 8259), for objects without objects and arrays in them.
///
/// Foundation's reader keeps 64-bit integers exact too, but it says of no value where it is, and
/// takes a name that stands twice.
extension Span<UInt8> {
  /// The members of the one object in a piece of text.
  func jsonMembers(from start: Int) throws(TextFault) -> [JSONMember] {
    var members: [JSONMember] = []
    var position = start
    skipSpace(&position)
    try pass("{", &position, expected: "an object")
    skipSpace(&position)
    if position < count, self[position] == UInt8(ascii: "}") {
      position += 1
    } else {
      repeat {
        members.append(try jsonMember(&position))
      } while try passComma(&position)
    }
    skipSpace(&position)
    if position < count {
      throw TextFault(self, position..<count, expected: "the end of the line")
    }
    return members
  }

  private func jsonMember(_ position: inout Int) throws(TextFault) -> JSONMember {
    skipSpace(&position)
    let nameStart = position
    let name = try jsonString(&position, expected: "a name in quotes")
    let nameRange = nameStart..<position
    skipSpace(&position)
    try pass(":", &position, expected: "a colon")
    skipSpace(&position)
    let valueStart = position
    let value = try jsonScalar(&position)
    return JSONMember(
      name: name, nameRange: nameRange, value: value, valueRange: valueStart..<position)
  }

  /// Passes a comma, or the end of the object; then it is false.
  private func passComma(_ position: inout Int) throws(TextFault) -> Bool {
    skipSpace(&position)
    if position < count, self[position] == UInt8(ascii: ",") {
      position += 1
      return true
    }
    try pass("}", &position, expected: "a comma or the end of the object")
    return false
  }

  private func jsonScalar(_ position: inout Int) throws(TextFault) -> JSONScalar {
    if position < count, self[position] == UInt8(ascii: "\"") {
      return .text(try jsonString(&position, expected: "text"))
    }
    let start = position
    while position < count, self[position].isPartOfWord { position += 1 }
    let word = String(decoding: bytes(start..<position), as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case _ where isNumber(start..<position): return .number(word)
    default:
      throw fault(start, expected: "text, a number, true, false or null")
    }
  }

  /// Whether a piece is a number by the rules of JSON: no leading zero, no lone point.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var rest = bytes(range)[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let digits = rest.passDigits()
    if digits.isEmpty || digits.count > 1 && digits.first == UInt8(ascii: "0") { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if rest.passDigits().isEmpty { return false }
    }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest.removeFirst()
      }
      if rest.passDigits().isEmpty { return false }
    }
    return rest.isEmpty
  }

  /// Passes one character, or says what should stand there.
  func pass(
    _ character: Unicode.Scalar, _ position: inout Int, expected: String
  ) throws(TextFault) {
    guard position < count, self[position] == UInt8(ascii: character) else {
      throw fault(position, expected: expected)
    }
    position += 1
  }

  /// The fault of what stands at a place, up to the end of the line.
  func fault(_ position: Int, expected: String) -> TextFault {
    position < count
      ? TextFault(self, position..<count, expected: expected)
      : TextFault(offset: count, found: "the end of the line", expected: expected)
  }

  /// Passes spaces, tabs and carriage returns.
  private func skipSpace(_ position: inout Int) {
    while position < count, self[position].isBlank || self[position] == UInt8(ascii: "\r") {
      position += 1
    }
  }

  /// Whether nothing but blanks stands from a place on.
  func isBlank(from start: Int) -> Bool {
    var position = start
    skipSpace(&position)
    return position == count
  }
}

extension UInt8 {
  /// Whether this byte can be a part of a number, or of `true`, `false` or `null`.
  fileprivate var isPartOfWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: isASCIIDigit
    }
  }
}

extension ArraySlice<UInt8> {
  /// Passes digits, and returns them.
  fileprivate mutating func passDigits() -> ArraySlice<UInt8> {
    let digits = prefix(while: \.isASCIIDigit)
    removeFirst(digits.count)
    return digits
  }
}
