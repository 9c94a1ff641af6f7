/// Why a record of a text can't be read.
struct TextFault: Error {
  /// Where the text at fault starts, in bytes from the start of the record.
  let offset: Int
  /// The text at fault, made safe to show.
  let found: String
  /// What should stand there.
  let expected: String
}

extension TextFault {
  /// A piece of a record is at fault.
  init(_ record: Span<UInt8>, _ range: Range<Int>, expected: String) {
    let found = range.isEmpty ? "nothing" : record.extracting(range).shown
    self.init(offset: range.lowerBound, found: found, expected: expected)
  }

  /// The fault for errors, given the line in which the record starts.
  func error(in record: Span<UInt8>, file: String, line: Int, endsLinesAtReturn: Bool) -> GraphError
  {
    let place = record.place(of: offset, endsLinesAtReturn: endsLinesAtReturn)
    return .unreadableInput(
      file: file, line: line + place.line, column: place.column, found: found, expected: expected)
  }
}

extension Span<UInt8> {
  /// A piece of text of about 40 characters at most, safe to show.
  var shown: String { shown(0..<count) }

  /// Where an offset is: how many line ends come before it, and the column, in bytes from 1.
  ///
  /// - Parameter endsLinesAtReturn: Whether a carriage return without a line feed ends a line.
  func place(of offset: Int, endsLinesAtReturn: Bool) -> (line: Int, column: Int) {
    var place = (line: 0, column: 1)
    for index in 0..<offset {
      place.column += 1
      let isReturn = endsLinesAtReturn && self[index] == UInt8(ascii: "\r")
      let isFollowed = index + 1 < count && self[index + 1] == UInt8(ascii: "\n")
      if self[index] == UInt8(ascii: "\n") || isReturn && !isFollowed {
        place = (place.line + 1, 1)
      }
    }
    return place
  }

  /// The number of bytes of a byte order mark at the start: 3, or 0 if there is none.
  var byteOrderMarkLength: Int {
    count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF ? 3 : 0
  }

  /// The bytes of a piece.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    range.map { self[$0] }
  }

  /// The text of a piece, from which some bytes may have been left out.
  ///
  /// - Throws: The place of the first byte that is no UTF-8.
  func text(_ range: Range<Int>, decoded bytes: [UInt8]) throws(TextFault) -> String {
    // To validate takes some 900 instructions (Swift 6.3.1), because the standard library looks types up.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var rest = self.bytes(range).makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var position = range.lowerBound
    while case .valid(let scalar) = parser.parseScalar(from: &rest) { position += scalar.count }
    throw TextFault(self, position..<range.upperBound, expected: "UTF-8")
  }
}
