/// Reads rows out of lines, each of which is a JSON object.
struct JSONLinesDecoder: RecordDecoder {
  private let columns: [TextColumn]
  private let fallbacks: [StoredValue]

  /// Starts at the first line.
  init(_ columns: [TextColumn]) {
    self.columns = columns
    fallbacks = columns.fallbacks
  }

  var scanner: LineScanner { LineScanner() }

  var canGoOn: Bool { true }

  func values(of record: Span<UInt8>, from start: Int) throws(TextFault) -> [StoredValue]? {
    if record.isBlank(from: start) { return nil }
    var values = fallbacks
    var named: [Int] = []
    for member in try record.jsonMembers(from: start) {
      let index = try columns.index(
        of: member.name, after: named, from: member.nameRange, of: record)
      named.append(index)
      values[index] = try columns[index].held(
        StoredValue(member.value, columns[index].kind), from: member.valueRange, of: record)
    }
    if let missing = columns.firstMissing(in: named) {
      throw TextFault(
        offset: start, found: "an object without \(missing.name)", expected: missing.expectation)
    }
    return values
  }

  func finish() throws(TextFault) {}
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
