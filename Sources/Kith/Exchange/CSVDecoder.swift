/// Reads rows out of CSV records, as RFC 4180 describes them. The first record is the header.
struct CSVDecoder: RecordDecoder {
  private let columns: [TextColumn]
  private let separator: UInt8
  private let fallbacks: [StoredValue]
  /// For each field of a record, the column that the header names there.
  private var header: [Int] = []

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

  mutating func values(
    of record: Span<UInt8>, from start: Int
  ) throws(TextFault) -> [StoredValue]? {
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
      named.append(
        try columns.index(of: field.text ?? "", after: named, from: field.range, of: record))
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
      let value = field.text.map { StoredValue($0, columns[column].kind) } ?? .null
      values[column] = try columns[column].held(value, from: field.range, of: record)
    }
    if fields.count < header.count {
      throw TextFault(
        offset: record.count, found: "the end of the record",
        expected: columns[header[fields.count]].expectation)
    }
    return values
  }
}
