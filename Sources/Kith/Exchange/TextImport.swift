/// Reads the values of rows out of the records of a text.
protocol RecordDecoder {
  associatedtype Scanner: RecordScanner

  /// What finds the ends of the records.
  var scanner: Scanner { get }

  /// Whether the records that follow one that is refused can be read.
  var canGoOn: Bool { get }

  /// The values of a record, one for each column, or nil if the record holds no row: a header, or a
  /// blank line.
  ///
  /// - Parameter start: Where its text starts, behind a byte order mark.
  mutating func values(
    of record: Span<UInt8>, from start: Int
  ) throws(TextFault) -> [StoredValue]?

  /// Finds what is missing at the end of the text.
  func finish() throws(TextFault)
}

/// The reading of a text, record by record, and what became of each.
struct TextImport<Decoder: RecordDecoder> {
  private let source: TextSource
  private let allOrNothing: Bool
  private var decoder: Decoder
  /// Whether no record was decoded yet: the first may start with a byte order mark.
  private var isAtStart = true
  /// What was read, and what was refused.
  var report = LoadReport()

  /// Inserts what a record holds, or refuses it.
  typealias Insert = (_ values: [StoredValue]) throws(GraphError) -> Void

  /// Describes the reading of a text. Nothing is read yet.
  init(_ source: TextSource, _ decoder: Decoder, allOrNothing: Bool) {
    self.source = source
    self.decoder = decoder
    self.allOrNothing = allOrNothing
  }

  /// Reads the whole text.
  ///
  /// - Throws: What can't be read at all, and, if it is all or nothing, the first refusal;
  ///   `CancellationError` before the next chunk if the task is cancelled.
  mutating func read(_ insert: Insert) throws {
    var reader = RecordReader(decoder.scanner)
    try source.forEachChunk { chunk in
      try reader.parse(chunk) { record, line throws(GraphError) in
        try take(record, line, insert)
      }
    }
    try reader.finish { record, line throws(GraphError) in try take(record, line, insert) }
    do throws(TextFault) {
      try decoder.finish()
    } catch {
      throw GraphError.unreadableInput(
        file: source.name, line: 1, column: 1, found: error.found, expected: error.expected)
    }
  }

  private mutating func take(
    _ record: Span<UInt8>, _ line: Int, _ insert: Insert
  ) throws(GraphError) {
    do throws(GraphError) {
      guard let values = try values(of: record, line) else { return }
      report.lines += 1
      do throws(GraphError) {
        try insert(values)
      } catch {
        throw .refusedInput(file: source.name, line: line, column: 1, reason: error)
      }
    } catch {
      try report.refuse(error, allOrNothing || !decoder.canGoOn)
    }
  }

  private mutating func values(
    of record: Span<UInt8>, _ line: Int
  ) throws(GraphError) -> [StoredValue]? {
    do throws(TextFault) {
      guard record.count <= RecordReader<Decoder.Scanner>.limit else {
        throw TextFault(record, 0..<record.count, expected: "a record of at most 16 MiB")
      }
      let start = isAtStart ? record.byteOrderMarkLength : 0
      isAtStart = false
      return try decoder.values(of: record, from: start)
    } catch {
      report.lines += 1
      throw error.error(
        in: record, file: source.name, line: line,
        endsLinesAtReturn: Decoder.Scanner.endsLinesAtReturn)
    }
  }
}
