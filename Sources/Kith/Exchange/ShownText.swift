extension Span<UInt8> {
  /// A piece of text of about 40 characters at most, in which all that could disturb a terminal is
  /// escaped: marks that don't show as `\u{…}`, and bytes that are no UTF-8 as `\x…`.
  func shown(_ range: Range<Int>) -> String {
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
