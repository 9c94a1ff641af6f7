/// Writes records as RFC 4180 describes them, with a header.
///
/// A value that is missing is an empty field; a text that is empty is one in quotes.
struct CSVFormat: RecordFormat {
  private let separator: UInt8
  /// Whether a text that a spreadsheet would compute has an apostrophe before it.
  private let guardsFormulas: Bool

  /// Describes CSV with a separator.
  ///
  /// - Precondition: The separator is an ASCII character, and no quote or line end.
  init(separator: Character, guardsFormulas: Bool = false) {
    self.separator = CSVFormat.byte(of: separator)
    self.guardsFormulas = guardsFormulas
  }

  /// The byte that is a separator.
  static func byte(of separator: Character) -> UInt8 {
    guard let byte = separator.asciiValue, !separator.isNewline, separator != "\"" else {
      preconditionFailure("a separator is an ASCII character, and no quote or line end")
    }
    return byte
  }

  func header(_ columns: [String]) -> String? { line(columns.map(guarded)) }

  func line(_ values: [StoredValue], _ columns: [String]) -> String {
    line(values.map(text))
  }

  private func text(_ value: StoredValue) -> String? {
    switch value {
    case .text, .bytes: value.exchangeText.map(guarded)
    default: value.exchangeText
    }
  }

  /// A text that no spreadsheet takes for a formula, if that is asked for. What starts one is what
  /// OWASP lists under CSV injection.
  private func guarded(_ text: String) -> String {
    guard guardsFormulas, let first = text.unicodeScalars.first,
      "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
    else { return text }
    return "'" + text
  }

  private func line(_ texts: [String?]) -> String {
    let mark = String(Unicode.Scalar(separator))
    return texts.map { $0.map(field) ?? "" }.joined(separator: mark) + "\r\n"
  }

  private func field(_ text: String) -> String {
    guard needsQuotes(text.utf8) else { return text }
    let quote = UInt8(ascii: "\"")
    var bytes = [quote]
    for byte in text.utf8 {
      bytes.append(byte)
      if byte == quote { bytes.append(quote) }
    }
    return String(decoding: bytes + [quote], as: UTF8.self)
  }

  private func needsQuotes(_ text: String.UTF8View) -> Bool {
    let blank = UInt8(ascii: " ")
    return text.isEmpty || text.first == blank || text.last == blank
      || text.contains { byte in
        switch byte {
        case separator, UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
      }
  }
}
