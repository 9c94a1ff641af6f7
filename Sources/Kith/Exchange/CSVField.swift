/// One field of a CSV record.
struct CSVField {
  /// Where the field is in the record, with its quotes.
  let range: Range<Int>
  /// What it says; nil if it is empty and not in quotes.
  let text: String?
}

extension Span<UInt8> {
  /// The fields of a CSV record.
  ///
  /// - Throws: The first fault: a quote that does not end, a quote in a field without quotes, text
  ///   after a quote that ends, or bytes that are no UTF-8.
  func csvFields(from start: Int, separator: UInt8) throws(TextFault) -> [CSVField] {
    var fields = [try csvField(from: start, separator)]
    while let last = fields.last, last.range.upperBound < count {
      fields.append(try csvField(from: last.range.upperBound + 1, separator))
    }
    return fields
  }

  private func csvField(from start: Int, _ separator: UInt8) throws(TextFault) -> CSVField {
    if start < count, self[start] == UInt8(ascii: "\"") {
      return try quotedField(from: start, separator)
    }
    var end = start
    var hasQuote = false
    while end < count, self[end] != separator {
      if self[end] == UInt8(ascii: "\"") { hasQuote = true }
      end += 1
    }
    let range = start..<end
    if hasQuote {
      throw TextFault(self, range, expected: "quotes around a field that has a quote in it")
    }
    let text = range.isEmpty ? nil : try text(range, decoded: bytes(range))
    return CSVField(range: range, text: text)
  }

  private func quotedField(from start: Int, _ separator: UInt8) throws(TextFault) -> CSVField {
    var bytes: [UInt8] = []
    var position = start + 1
    while position < count {
      if self[position] == UInt8(ascii: "\"") {
        guard position + 1 < count, self[position + 1] == UInt8(ascii: "\"") else { break }
        position += 1
      }
      bytes.append(self[position])
      position += 1
    }
    guard position < count else {
      throw TextFault(self, start..<count, expected: "a quote that ends the field")
    }
    let end = position + 1
    guard end == count || self[end] == separator else {
      throw TextFault(self, start..<count, expected: "nothing after the quote that ends a field")
    }
    return CSVField(range: start..<end, text: try text(start..<end, decoded: bytes))
  }
}
