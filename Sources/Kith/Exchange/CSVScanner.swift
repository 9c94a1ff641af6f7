/// Finds the ends of CSV records: line ends that are not in quotes.
///
/// A quote opens only at the start of a field. Elsewhere it is a fault, which whoever reads the
/// fields finds; here it stands for itself, so that the fault stays within its record.
struct CSVScanner: RecordScanner {
  static var endsLinesAtReturn: Bool { true }

  private let separator: UInt8
  private var state = State.mark(passed: 0)

  private enum State {
    /// At the start of the text, after some bytes of a byte order mark.
    case mark(passed: UInt8)
    case fieldStart
    case unquoted
    case quoted
    /// After a quote within quotes: the end of the field, or the first of two.
    case quoteInQuotes
  }

  /// Starts at the first byte of a text.
  init(separator: UInt8) {
    self.separator = separator
  }

  mutating func endOfRecord(in bytes: Span<UInt8>) -> Int? {
    for index in bytes.indices where ends(with: bytes[index]) {
      state = .fieldStart
      return index
    }
    return nil
  }

  /// Takes the next byte, and tells whether it ends the record.
  private mutating func ends(with byte: UInt8) -> Bool {
    switch state {
    case .mark(let passed):
      guard byte == CSVScanner.mark[Int(passed)] else {
        state = passed == 0 ? .fieldStart : .unquoted
        return ends(with: byte)
      }
      state = passed == 2 ? .fieldStart : .mark(passed: passed + 1)
      return false
    case .quoted:
      if byte == UInt8(ascii: "\"") { state = .quoteInQuotes }
      return false
    case .fieldStart where byte == UInt8(ascii: "\""),
      .quoteInQuotes where byte == UInt8(ascii: "\""):
      state = .quoted
      return false
    case .fieldStart, .unquoted, .quoteInQuotes:
      state = byte == separator ? .fieldStart : .unquoted
      return byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
