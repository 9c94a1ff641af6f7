public import Foundation

extension Graph {
  /// Inserts rows from JSON lines: one object a line, its names those of the columns.
  ///
  /// ```
  /// {"id":1,"handle":"ada","name":"Ada","joined":"2026-01-01T00:00:00Z"}
  /// {"id":2,"handle":"grace","name":null,"joined":"2026-01-02T00:00:00Z"}
  /// ```
  ///
  /// A column that an object does not name gets its default, or stays empty if it may be; one that
  /// has neither must be named. Integers are exact, whatever their size. Dates, UUIDs and binary
  /// data are text in the same forms as in CSV, and so are numbers that JSON does not know: `"nan"`,
  /// `"inf"` and `"-inf"`. Blank lines are passed over. A line of more than 16 MiB is refused.
  ///
  /// - Parameters:
  ///   - type: The type of the rows.
  ///   - source: The text.
  ///   - allOrNothing: Whether a line that is refused stops the load. Otherwise the others are
  ///     inserted, and the report says what was refused.
  /// - Throws: `GraphError.unreadableFile`; with `allOrNothing`, `.unreadableInput` or
  ///   `.refusedInput` for the first line that is refused; `CancellationError` before the next 1 MiB if
  ///   the task is cancelled. Then nothing has changed.
  /// - Complexity: O(*n*) for *n* bytes of text, and the cost of inserting the rows, in the memory
  ///   of one line.
  /// - Precondition: No column of the table holds composites; they have no text form.
  @discardableResult
  @inlinable
  public mutating func load<Record: Row>(
    _ type: Record.Type, jsonLines source: TextSource, allOrNothing: Bool = true
  ) throws -> LoadReport {
    try load(
      TextColumn.columns(of: type), jsonLines: source, allOrNothing, Graph.insertion(of: type))
  }

  @usableFromInline
  mutating func load(
    _ columns: [TextColumn], jsonLines source: TextSource, _ allOrNothing: Bool,
    _ insert: RowInsertion
  ) throws -> LoadReport {
    let decoder = JSONLinesDecoder(columns)
    return try load(rowsOf: source, decoder, allOrNothing: allOrNothing, insert)
  }

  /// Inserts links from JSON lines: objects that name the two foreign keys of the association
  /// table. A link that is there already is counted as a duplicate.
  ///
  /// - Parameters:
  ///   - association: The association table. Which way it is walked makes no difference.
  ///   - source: The text.
  ///   - allOrNothing: Whether a line that is refused stops the load.
  /// - Throws: As for rows; then nothing has changed.
  /// - Precondition: Neither table has a composite primary key.
  @discardableResult
  public mutating func load<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, jsonLines source: TextSource,
    allOrNothing: Bool = true
  ) throws -> LoadReport {
    let decoder = JSONLinesDecoder(TextColumn.columns(of: association))
    return try load(
      linksOf: association.identity, from: source, decoder, allOrNothing: allOrNothing)
  }

  /// The links of an association table as JSON lines.
  ///
  /// Links come in the order of the rows where they start, and then of those where they end.
  ///
  /// - Precondition: Neither table has a composite primary key.
  public func jsonLines<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> String {
    LinkRecords(self, association).text(JSONLinesFormat())
  }

  /// Writes the links of an association table to a file of JSON lines, in place of what is in it.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  /// - Precondition: Neither table has a composite primary key.
  public func write<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, jsonLines url: URL
  ) throws(GraphError) {
    try LinkRecords(self, association).write(JSONLinesFormat(), to: url)
  }
}

extension Query {
  /// The rows as JSON lines: one object a line, its names in the order of the columns.
  /// `Graph.load` reads the same rows back.
  ///
  /// - Precondition: No column of the table holds composites; they have no text form.
  public func jsonLines() -> String {
    text(JSONLinesFormat())
  }

  /// Writes the rows to a file of JSON lines, in place of what is in it.
  ///
  /// They go to a new file beside it, in pieces of 1 MiB, which takes its name when it is whole.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  /// - Precondition: No column of the table holds composites; they have no text form.
  public func write(jsonLines url: URL) throws(GraphError) {
    try write(JSONLinesFormat(), to: url)
  }
}
