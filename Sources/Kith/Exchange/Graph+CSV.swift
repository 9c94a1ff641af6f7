public import Foundation

extension Graph {
  /// Inserts rows from CSV, as RFC 4180 describes it.
  ///
  /// ```
  /// id,handle,name,joined
  /// 1,ada,"Lovelace, Ada",2026-01-01T00:00:00Z
  /// 2,grace,,2026-01-02T00:00:00Z
  /// ```
  ///
  /// The first record is the header: names of columns, in any order. A column that it does not name
  /// gets its default, or stays empty if it may be; one that has neither must be named. An empty
  /// field is no value, and `""` is an empty text. Truth values are `true` and `false`, or `1` and
  /// `0`; dates are ISO 8601, or the seconds since 2001 began after an `@`; binary data is base64.
  /// Any of the three line ends is accepted, as are a byte order mark, a missing last line end and
  /// blank lines. A record of more than 16 MiB is refused.
  ///
  /// - Parameters:
  ///   - type: The type of the rows.
  ///   - source: The text.
  ///   - separator: What stands between two fields: an ASCII character.
  ///   - allOrNothing: Whether a record that is refused stops the load. Otherwise the others are
  ///     inserted, and the report says what was refused.
  /// - Throws: `GraphError.unreadableFile`; `.unreadableInput` for a header that does not fit the
  ///   table; with `allOrNothing`, `.unreadableInput` or `.refusedInput` for the first record that
  ///   is refused; `CancellationError` before the next 1 MiB if the task is cancelled. Then nothing has
  ///   changed.
  /// - Complexity: O(*n*) for *n* bytes of text, and the cost of inserting the rows, in the memory
  ///   of one record.
  /// - Precondition: No column of the table holds composites; they have no text form.
  @discardableResult
  @inlinable
  public mutating func load<Record: Row>(
    _ type: Record.Type, csv source: TextSource, separator: Character = ",",
    allOrNothing: Bool = true
  ) throws -> LoadReport {
    try load(
      TextColumn.columns(of: type), csv: source, separator, allOrNothing,
      Graph.insertion(of: type))
  }

  @usableFromInline
  mutating func load(
    _ columns: [TextColumn], csv source: TextSource, _ separator: Character, _ allOrNothing: Bool,
    _ insert: RowInsertion
  ) throws -> LoadReport {
    let decoder = CSVDecoder(columns, separator: separator)
    return try load(rowsOf: source, decoder, allOrNothing: allOrNothing, insert)
  }

  /// Inserts links from CSV. The header names the two foreign keys of the association table, and a
  /// link that is there already is counted as a duplicate.
  ///
  /// - Parameters:
  ///   - association: The association table. Which way it is walked makes no difference.
  ///   - source: The text.
  ///   - separator: What stands between two fields: an ASCII character.
  ///   - allOrNothing: Whether a record that is refused stops the load.
  /// - Throws: As for rows; then nothing has changed.
  /// - Precondition: Neither table has a composite primary key.
  @discardableResult
  public mutating func load<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, csv source: TextSource,
    separator: Character = ",", allOrNothing: Bool = true
  ) throws -> LoadReport {
    let decoder = CSVDecoder(TextColumn.columns(of: association), separator: separator)
    return try load(
      linksOf: association.identity, from: source, decoder, allOrNothing: allOrNothing)
  }

  /// The links of an association table as CSV, with a header.
  ///
  /// Links come in the order of the rows where they start, and then of those where they end.
  ///
  /// - Precondition: Neither table has a composite primary key.
  public func csv<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, separator: Character = ","
  ) -> String {
    LinkRecords(self, association).text(CSVFormat(separator: separator))
  }

  /// Writes the links of an association table to a CSV file, in place of what is in it.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  /// - Precondition: Neither table has a composite primary key.
  public func write<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, csv url: URL, separator: Character = ","
  ) throws(GraphError) {
    try LinkRecords(self, association).write(CSVFormat(separator: separator), to: url)
  }
}

extension Query {
  /// The rows as CSV, as RFC 4180 describes it, with a header. `Graph.load` reads the same rows
  /// back.
  ///
  /// - Parameters:
  ///   - separator: What stands between two fields: an ASCII character.
  ///   - forSpreadsheets: Whether a text that a spreadsheet would take for a formula, such as `=1+1`,
  ///     has an apostrophe before it. Such a text is not read back as it was.
  /// - Precondition: No column of the table holds composites; they have no text form.
  public func csv(separator: Character = ",", forSpreadsheets: Bool = false) -> String {
    text(CSVFormat(separator: separator, guardsFormulas: forSpreadsheets))
  }

  /// Writes the rows to a CSV file, in place of what is in it.
  ///
  /// They go to a new file beside it, in pieces of 1 MiB, which takes its name when it is whole.
  ///
  /// - Parameters:
  ///   - url: The URL of the file.
  ///   - separator: What stands between two fields: an ASCII character.
  ///   - forSpreadsheets: Whether a text that a spreadsheet would take for a formula has an apostrophe
  ///     before it.
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  /// - Precondition: No column of the table holds composites; they have no text form.
  public func write(
    csv url: URL, separator: Character = ",", forSpreadsheets: Bool = false
  ) throws(GraphError) {
    try write(CSVFormat(separator: separator, guardsFormulas: forSpreadsheets), to: url)
  }
}
