/// Reads rows out of CSV records, as RFC 4180 describes them. The first record is the header.
struct CSVDecoder: RecordDecoder {
  private let columns: [TextColumn]
  private let separator: UInt8
  private let fallbacks: [StoredValue]
  /// For each field of a record, the column that the header names there.
  private var header: [Int] = []
  private var isAtStart = true

  /// Starts at the header.
  ///
  /// - Precondition: The separator is an ASCII character, and no quote or line end.
  init(_ columns: [TextColumn], separator: Character) {
    self.columns = columns
    self.separator = CSVFormat.byte(of: separator)
    fallbacks = columns.fallbacks
  }

  var scanner: CSVScanner { CSVScanner(separator: separator) }

  var canGoOn: Bool { !header.isEmpty }

  mutating func values(of record: Span<UInt8>) throws(TextFault) -> [StoredValue]? {
    let start = isAtStart ? record.byteOrderMarkLength : 0
    isAtStart = false
    if start == record.count { return nil }
    let fields = try record.csvFields(from: start, separator: separator)
    if header.isEmpty {
      header = try columnsNamed(by: fields, of: record)
      return nil
    }
    return try values(of: fields, of: record)
  }

  func finish() throws(TextFault) {
    if header.isEmpty {
      throw TextFault(offset: 0, found: "the end of the text", expected: "a header")
    }
  }

  private func columnsNamed(
    by fields: [CSVField], of record: Span<UInt8>
  ) throws(TextFault) -> [Int] {
    var named: [Int] = []
    for field in fields {
      do throws(UnknownColumn) {
        named.append(try columns.index(of: field.text ?? "", after: named))
      } catch {
        throw TextFault(record, field.range, expected: error.expected)
      }
    }
    if let missing = columns.firstMissing(in: named) {
      throw TextFault(
        offset: record.count, found: "the end of the header",
        expected: "the column \(missing.name), which must have a value")
    }
    return named
  }

  private func values(
    of fields: [CSVField], of record: Span<UInt8>
  ) throws(TextFault) -> [StoredValue] {
    if fields.count > header.count {
      throw TextFault(
        record, fields[header.count].range.lowerBound..<record.count,
        expected: "the end of the record, after \(header.count) fields")
    }
    var values = fallbacks
    for (field, column) in zip(fields, header) {
      values[column] = try value(of: field, columns[column], record)
    }
    if fields.count < header.count {
      throw TextFault(
        offset: record.count, found: "the end of the record",
        expected: columns[header[fields.count]].expectation)
    }
    return values
  }

  private func value(
    of field: CSVField, _ column: TextColumn, _ record: Span<UInt8>
  ) throws(TextFault) -> StoredValue {
    guard let text = field.text else {
      if column.isNullable { return .null }
      throw TextFault(record, field.range, expected: column.expectation)
    }
    guard let value = StoredValue(text, column.kind) else {
      throw TextFault(record, field.range, expected: column.expectation)
    }
    guard column.accepts(value) else {
      throw TextFault(record, field.range, expected: "a value that \(column.name) can hold")
    }
    return value
  }
}
