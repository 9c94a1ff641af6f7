/// A column that a text can fill.
@usableFromInline
struct TextColumn: Sendable {
  /// The name by which a text calls it.
  let name: String
  /// What its values come down to.
  let kind: StoredValue.Kind
  /// Whether it may be empty.
  let isNullable: Bool
  /// The value of a column that the text does not have; nil if it must have it.
  let fallback: StoredValue?
  /// Whether the column can hold a value of its kind.
  let accepts: @Sendable (StoredValue) -> Bool
}

extension TextColumn {
  /// The columns of a table.
  ///
  /// - Precondition: None of them holds composites, which have no text form.
  @usableFromInline
  static func columns<Record: Row>(of type: Record.Type) -> [TextColumn] {
    Record.table.columns.map { column in
      TextColumn(
        name: column.name, kind: column.kind, isNullable: column.isNullable,
        fallback: column.defaultValue ?? (column.isNullable ? .null : nil),
        accepts: column.accepts
      ).checked(in: Record.table.name)
    }
  }

  /// The two foreign keys of an association table, whichever way it is walked.
  ///
  /// - Precondition: Neither refers to a composite key, which has no text form.
  static func columns<Source: Row, Target: Row>(
    of association: Association<Source, Target>
  ) -> [TextColumn] {
    guard let declared = association.identity.association else {
      preconditionFailure("an association table declares its columns")
    }
    let (first, second) = (declared.sourceColumn, declared.targetColumn)
    let columns =
      association.direction == .forward
      ? [key(of: Source.self, first), key(of: Target.self, second)]
      : [key(of: Target.self, first), key(of: Source.self, second)]
    return columns.map { $0.checked(in: association.identity.name) }
  }

  private static func key<Record: Row>(of type: Record.Type, _ name: String) -> TextColumn {
    TextColumn(
      name: name, kind: Record.ID.storedKind, isNullable: false, fallback: nil,
      accepts: { Record.ID($0) != nil })
  }

  private func checked(in table: String) -> TextColumn {
    precondition(
      kind != .composite,
      "\(table).\(name) holds a composite, which has no text form: give each part a column")
    return self
  }

  /// What should stand where the column's values are.
  var expectation: String {
    let value =
      switch kind {
      case .boolean: "true or false"
      case .integer: "an integer"
      case .unsigned: "an integer from 0"
      case .real: "a number"
      case .text: "text"
      case .date: "an ISO 8601 date"
      case .uuid: "a UUID"
      case .bytes: "base64"
      case .composite: "a composite"
      }
    return "\(value) for \(name)"
  }

  /// The value of the column that a piece of a record stands for.
  ///
  /// - Parameter value: What the piece says, or nil if that is of no value of the kind.
  /// - Throws: What should stand there, if the column can't hold the value.
  func held(
    _ value: StoredValue?, from range: Range<Int>, of record: Span<UInt8>
  ) throws(TextFault) -> StoredValue {
    guard let value, !value.isNull || isNullable else {
      throw TextFault(record, range, expected: expectation)
    }
    guard value.isNull || accepts(value) else {
      throw TextFault(record, range, expected: "a value that \(name) can hold")
    }
    return value
  }
}

extension [TextColumn] {
  /// The values of a record that says nothing: null where a value must follow.
  var fallbacks: [StoredValue] { map { $0.fallback ?? .null } }

  /// The place of a column that a piece of a record names.
  ///
  /// - Parameter named: The columns that the record has named already.
  /// - Throws: What should stand there instead.
  func index(
    of name: String, after named: [Int], from range: Range<Int>, of record: Span<UInt8>
  ) throws(TextFault) -> Int {
    guard let index = firstIndex(where: { $0.name == name }) else {
      let known = map(\.name).joined(separator: ", ")
      throw TextFault(record, range, expected: "one of the columns \(known)")
    }
    if named.contains(index) { throw TextFault(record, range, expected: "each column once") }
    return index
  }

  /// The first column that a text must name and does not.
  func firstMissing(in named: [Int]) -> TextColumn? {
    indices.first { self[$0].fallback == nil && !named.contains($0) }.map { self[$0] }
  }
}
