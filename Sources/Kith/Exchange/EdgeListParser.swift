/// Reads the lines of an edge list out of chunks that may end anywhere.
///
/// ```
/// chunk 1    1 2 ⏎ 3 4 ⏎ 5      two links; the 5 is carried over
/// chunk 2    6 ⏎ 7 8 ⏎          5 6, out of the carry; then 7 8, where it lies
/// ```
///
/// Whole lines are read where they lie. The start of a line that its chunk cuts off is carried
/// over, and joined with what the next chunk begins with. A line that the scan refuses is looked
/// at a second time, slowly, to say what is wrong with it.
struct EdgeListParser {
  /// What errors call the input.
  let name: String
  /// The links delivered so far.
  private(set) var links = 0
  /// The lines that are done.
  private var lines = 0
  /// The start of the line that the last chunk cut off, up to one byte past the limit.
  private var carry: [UInt8] = []
  /// Whether the last chunk ended within a comment, of which nothing is carried over.
  private var isInComment = false

  init(name: String) {
    self.name = name
  }

  /// Reads the lines of the next chunk.
  mutating func parse(_ chunk: Span<UInt8>, _ body: (Int, Int) throws -> Void) throws {
    guard let start = try resume(chunk, body) else { return }
    try parseLines(chunk, from: start, body)
  }

  /// Reads the last line, if it has no line end.
  mutating func finish(_ body: (Int, Int) throws -> Void) throws {
    if !carry.isEmpty { try parseCarry(isWhole: true, body) }
  }

  /// Completes the line that the last chunk cut off.
  ///
  /// - Returns: Where the next line starts, or `nil` if this chunk does not end the line either.
  private mutating func resume(
    _ chunk: Span<UInt8>, _ body: (Int, Int) throws -> Void
  ) throws -> Int? {
    if carry.isEmpty, !isInComment { return 0 }
    let end = chunk.endOfLine(from: 0)
    let isWhole = end < chunk.count
    if isInComment {
      isInComment = !isWhole
      if isWhole { lines += 1 }
    } else {
      keep(chunk, 0..<end)
      try parseCarry(isWhole: isWhole, body)
    }
    return isWhole ? end + 1 : nil
  }

  /// Reads the line in the carry.
  ///
  /// If the line is not whole yet, this finds out whether it is a comment, or too long already, and
  /// otherwise keeps it.
  private mutating func parseCarry(
    isWhole: Bool, _ body: (Int, Int) throws -> Void
  ) throws {
    var line = carry
    carry = []
    if isWhole { line.append(UInt8(ascii: "\n")) }
    try parseLines(line.span, from: 0, body)
  }

  /// Adds bytes to the carry, up to one past the limit.
  private mutating func keep(_ chunk: Span<UInt8>, _ range: Range<Int>) {
    let room = EdgeListLine.limit + 1 - carry.count
    for index in range.prefix(room) { carry.append(chunk[index]) }
  }

  /// Reads the lines from `start` on, and carries over the start of the last one.
  private mutating func parseLines(
    _ chunk: Span<UInt8>, from start: Int, _ body: (Int, Int) throws -> Void
  ) throws {
    var position = start
    while position < chunk.count {
      let lineStart = position
      switch EdgeListLine.scan(chunk, &position, isFirst: lines == 0) {
      case .link(let source, let target):
        do {
          try body(source, target)
        } catch let refusal as EdgeListRefusal {
          throw error(of: refusal, inLine: chunk.extracting(lineStart..<position - 1))
        }
        links += 1
      case .nothing:
        break
      case .openComment:
        isInComment = true
        return
      case .unfinished, .refused:
        // Only a whole line, or one that is too long however it goes on, can be judged.
        if chunk.count - lineStart <= EdgeListLine.limit,
          chunk.endOfLine(from: lineStart) == chunk.count
        {
          return keep(chunk, lineStart..<chunk.count)
        }
        let fault = TextFault(inLineAt: lineStart, of: chunk, isFirst: lines == 0)
        throw GraphError.unreadableInput(
          file: name, line: lines + 1, column: fault.offset + 1, found: fault.found,
          expected: fault.expected)
      }
      lines += 1
    }
  }

  /// The refusal of a line's link, with the place.
  ///
  /// - Parameter line: The line, without its line feed.
  private func error(of refusal: EdgeListRefusal, inLine line: Span<UInt8>) -> GraphError {
    let isReturned = line[line.count - 1] == UInt8(ascii: "\r")
    return refusal.error(
      inLine: line.extracting(0..<line.count - (isReturned ? 1 : 0)), lines + 1, of: name)
  }
}
