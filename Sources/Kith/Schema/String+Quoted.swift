extension String {
  /// The text as a literal in one line, as messages, plans and drafts show it.
  ///
  /// Quotes, controls, line breaks of every kind and marks that turn the direction of what follows
  /// are escaped, so that no text leaves its place in a terminal or a log.
  var quoted: String {
    let literal = debugDescription
    // Of ASCII nothing is left to be escaped.
    if literal.utf8.allSatisfy({ $0 < 0x80 }) { return literal }
    return literal.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.leavesItsPlace {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text with what `quoted` escapes so that it stays in its place, but without quotes: for
  /// sentences with names in them.
  var onOneLine: String {
    if !unicodeScalars.contains(where: \.leavesItsPlace) { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.leavesItsPlace {
        text += scalar.escaped(asASCII: true)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var leavesItsPlace: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: properties.isBidiControl
    }
  }
}
