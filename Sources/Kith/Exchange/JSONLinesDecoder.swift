/// Reads rows out of lines, each of which is a JSON object.
struct JSONLinesDecoder: RecordDecoder {
  private let columns: [TextColumn]
  private let fallbacks: [StoredValue]
  private var isAtStart = true

  /// Starts at the first line.
  init(_ columns: [TextColumn]) {
    self.columns = columns
    fallbacks = columns.fallbacks
  }

  var scanner: LineScanner { LineScanner() }

  var canGoOn: Bool { true }

  mutating func values(of record: Span<UInt8>) throws(TextFault) -> [StoredValue]? {
    let start = isAtStart ? record.byteOrderMarkLength : 0
    isAtStart = false
    if record.isBlank(from: start) { return nil }
    var values = fallbacks
    var named: [Int] = []
    for member in try record.jsonMembers(from: start) {
      let index = try index(of: member, after: named, record)
      named.append(index)
      values[index] = try value(of: member, columns[index], record)
    }
    if let missing = columns.firstMissing(in: named) {
      throw TextFault(
        offset: start, found: "an object without \(missing.name)", expected: missing.expectation)
    }
    return values
  }

  func finish() throws(TextFault) {}

  private func index(
    of member: JSONMember, after named: [Int], _ record: Span<UInt8>
  ) throws(TextFault) -> Int {
    do throws(UnknownColumn) {
      return try columns.index(of: member.name, after: named)
    } catch {
      throw TextFault(record, member.nameRange, expected: error.expected)
    }
  }

  private func value(
    of member: JSONMember, _ column: TextColumn, _ record: Span<UInt8>
  ) throws(TextFault) -> StoredValue {
    guard let value = StoredValue(member.value, column.kind), !value.isNull || column.isNullable
    else { throw TextFault(record, member.valueRange, expected: column.expectation) }
    guard value.isNull || column.accepts(value) else {
      throw TextFault(
        record, member.valueRange, expected: "a value that \(column.name) can hold")
    }
    return value
  }
}

extension StoredValue {
  /// The value of a kind that a JSON value stands for, or nil if it has another type.
  fileprivate init?(_ json: JSONScalar, _ kind: Kind) {
    switch (json, kind) {
    case (.null, _): self = .null
    case (.boolean(let value), .boolean): self = .boolean(value)
    case (.number(let text), .integer), (.number(let text), .unsigned),
      (.number(let text), .real):
      self.init(text, kind)
    case (.text(let text), .real):
      // JSON has no numbers for these.
      guard ["nan", "inf", "-inf"].contains(text) else { return nil }
      self.init(text, kind)
    case (.text(let text), .text), (.text(let text), .date), (.text(let text), .uuid),
      (.text(let text), .bytes):
      self.init(text, kind)
    case (.boolean, _), (.number, _), (.text, _): return nil
    }
  }
}
