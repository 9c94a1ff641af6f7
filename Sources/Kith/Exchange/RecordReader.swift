/// Finds where the records of a text end.
protocol RecordScanner {
  /// Whether a carriage return ends a line, with or without a line feed after it.
  static var endsLinesAtReturn: Bool { get }

  /// Where the line end that ends the record is, or nil if the record goes on after these bytes.
  ///
  /// The bytes continue those that it was called with before, unless those had the end.
  mutating func endOfRecord(in bytes: Span<UInt8>) -> Int?
}

/// Cuts a text into records, out of chunks that may end anywhere.
///
/// ```
/// chunk 1    1,"a ⏎ b" ⏎ 2,"c      one record of two lines; 2,"c is carried over
/// chunk 2    ⏎ d" ⏎ 3,e ⏎          2,"c ⏎ d", out of the carry; then 3,e, where it lies
/// ```
///
/// Whole records are handed out where they lie; the memory is that of one record that a chunk cuts.
struct RecordReader<Scanner: RecordScanner> {
  private let freshScanner: Scanner
  private var scanner: Scanner
  /// The start of the record that the last chunk cut off.
  private var carry: [UInt8] = []
  /// The line in which the next record, or the one in the carry, starts.
  private var line = 1
  /// Whether a line feed that comes next belongs to the line end before it.
  private var isAfterReturn = false
  /// Whether what is left of a line is passed over, because its record is too long.
  private var isSkipping = false

  /// The longest record, in bytes without its line end.
  static var limit: Int { 16 << 20 }

  /// Is handed a record, and the line in which it starts. A record that is too long is cut off one
  /// byte past the limit, and the rest of its line is passed over.
  typealias Body = (_ record: Span<UInt8>, _ line: Int) throws(GraphError) -> Void

  /// Starts at the first line of a text.
  init(_ scanner: Scanner) {
    freshScanner = scanner
    self.scanner = scanner
  }

  /// Reads the records of the next chunk.
  mutating func parse(_ chunk: Span<UInt8>, _ body: Body) throws(GraphError) {
    var position = 0
    while position < chunk.count {
      position += try parseNext(chunk.extracting(position..<chunk.count), body)
    }
  }

  /// Reads the last record, if it has no line end.
  mutating func finish(_ body: Body) throws(GraphError) {
    if !carry.isEmpty, !isSkipping { try deliverCarry(body) }
  }

  /// Reads what comes next, and returns how many bytes are done.
  private mutating func parseNext(_ rest: Span<UInt8>, _ body: Body) throws(GraphError) -> Int {
    if isAfterReturn { return passLineFeed(rest) }
    return isSkipping ? skip(rest) : try parseRecord(rest, body)
  }

  /// Reads one record, or keeps its start, and returns how many bytes are done.
  private mutating func parseRecord(_ rest: Span<UInt8>, _ body: Body) throws(GraphError) -> Int {
    let reach = rest.extracting(first: min(rest.count, Self.limit + 1 - carry.count))
    guard let end = scanner.endOfRecord(in: reach) else {
      keep(reach)
      isSkipping = carry.count > Self.limit
      if isSkipping { try deliverCarry(body) }
      return reach.count
    }
    if carry.isEmpty {
      try deliver(reach.extracting(first: end), body)
    } else {
      keep(reach.extracting(first: end))
      try deliverCarry(body)
    }
    endLine(with: reach[end])
    return end + 1
  }

  private mutating func deliverCarry(_ body: Body) throws(GraphError) {
    let record = carry
    carry = []
    try deliver(record.span, body)
  }

  private mutating func deliver(_ record: Span<UInt8>, _ body: Body) throws(GraphError) {
    try body(record, line)
    line += record.place(of: record.count, endsLinesAtReturn: Scanner.endsLinesAtReturn).line
  }

  private mutating func endLine(with byte: UInt8) {
    line += 1
    isAfterReturn = byte == UInt8(ascii: "\r")
  }

  private mutating func keep(_ bytes: Span<UInt8>) {
    for index in bytes.indices { carry.append(bytes[index]) }
  }

  private mutating func passLineFeed(_ rest: Span<UInt8>) -> Int {
    isAfterReturn = false
    return rest[0] == UInt8(ascii: "\n") ? 1 : 0
  }

  /// Passes what is left of a line, whatever stands in it.
  private mutating func skip(_ rest: Span<UInt8>) -> Int {
    var lines = LineScanner()
    guard let end = lines.endOfRecord(in: rest) else { return rest.count }
    isSkipping = false
    scanner = freshScanner
    endLine(with: rest[end])
    return end + 1
  }
}

/// Finds the ends of lines: line feeds.
struct LineScanner: RecordScanner {
  static var endsLinesAtReturn: Bool { false }

  mutating func endOfRecord(in bytes: Span<UInt8>) -> Int? {
    let end = bytes.endOfLine(from: 0)
    return end < bytes.count ? end : nil
  }
}
