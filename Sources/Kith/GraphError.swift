public import Foundation

/// A change or a question that Kith refused, with what a user needs to mend it.
///
/// Every refusal leaves the graph as it was.
///
/// `key` is text to be shown, not to be parsed. In it a value is written as
/// ``StoredValue/description`` writes it: a number as `1`, text as `"it"`, a key of several columns
/// as `(1, "it")`. Each case says which values stand there, and with which words.
public enum GraphError: Error, Hashable, Sendable {
  /// A row with this primary key, or this unique value, is there already.
  ///
  /// `key` is the value that is taken: the primary key, such as `1`, or the value of the unique
  /// column, such as `"ada"`; a value of several columns is in parentheses, such as `(1, "it")`.
  case duplicateKey(constraint: String, table: String, key: String)
  /// A foreign key, or an end of a link, names a row that does not exist.
  ///
  /// `table` is the table that refers, and `key` the primary key that no row has, such as `7`.
  case missingReference(constraint: String, table: String, key: String)
  /// The row can't be deleted while others refer to it.
  ///
  /// `key` is the primary key of the row that would be deleted, such as `1`; `table` is the table of
  /// those that refer to it.
  case restrictedDelete(constraint: String, table: String, key: String)
  /// The row, or the link, breaks a rule that its table declares.
  ///
  /// For the check of a column, `key` is the name of the column and the value, such as `text = ""`;
  /// for the check of a whole row, the row's primary key, such as `1`. For a link from a row to itself,
  /// and for a row that `insert { id in … }` makes with another key than the one it was given, it is
  /// the primary key of that row.
  case failedCheck(constraint: String, table: String, key: String)
  /// A value is longer than its column allows; `limit` counts characters, or bytes for binary data.
  ///
  /// `key` is the name of the column and the row's primary key, such as `text of 9`.
  case valueTooLong(constraint: String, table: String, key: String, limit: Int)
  /// No row has this key.
  ///
  /// `key` is the primary key that was asked for, such as `1`. Where a query was asked for its only row
  /// and has none, it is the words `that the query asks for`.
  case notFound(table: String, key: String)
  /// One row was asked for, and there are several.
  case severalFound(table: String)
  /// The cursor was made by another query or order, or is no cursor at all.
  case invalidCursor(reason: String)
  /// All that is wrong with a schema, one sentence each.
  case schemaFaults([String])
  /// A line of an input can't be read. Lines and columns count from 1, columns in bytes.
  case unreadableInput(file: String, line: Int, column: Int, found: String, expected: String)
  /// A line of an input can be read, but what it says is refused.
  indirect case refusedInput(file: String, line: Int, column: Int, reason: GraphError)
  /// A file can't be opened or read at all.
  case unreadableFile(file: String, reason: String)
  /// A file can't be written: what was there before is there still.
  case unwritableFile(file: String, reason: String)
  /// A file, or data that holds a graph, is not what was written: from a byte on it was changed, or
  /// cut off. Bytes count from 0.
  case damagedFile(file: String, offset: Int, reason: String)
  /// A file holds a graph of another schema: the steps that would lead to this one.
  case otherSchema(file: String, differences: [String])
  /// The folder of a store is not at its last migration, or its tables are not those of the schema:
  /// what is missing, one sentence each.
  case migrationNeeded(folder: String, reasons: [String])
  /// A step of a migration can't be done, or what the migration leaves breaks its own constraints: why,
  /// one sentence each. Nothing has changed.
  case migrationRefused(migration: String, reasons: [String])
  /// Migrations were done to the folder of a store that this program does not have: it is older than
  /// the one that did them, or they were removed from its list.
  case newerMigrations(folder: String, migrations: [String])
  /// A migration that is asked for is not there, or can't be reached: why.
  case migrationUnreachable(reason: String)
  /// The store has moved on since the version that a write expected.
  case conflict(expected: Int, found: Int)
  /// All that an integrity check found wrong, one sentence each.
  case damaged([String])
  /// The table has used all of its 4,294,967,294 slots, or the largest integer key.
  case tableFull(table: String)
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .duplicateKey(let constraint, let table, let key):
      "\(table) already holds \(key) (\(constraint))"
    case .missingReference(let constraint, let table, let key):
      "\(table) refers to \(key), which does not exist (\(constraint))"
    case .restrictedDelete(let constraint, let table, let key):
      "\(key) can't be deleted: rows of \(table) refer to it (\(constraint))"
    case .failedCheck(let constraint, let table, let key):
      "\(key) is not allowed in \(table) (\(constraint))"
    case .valueTooLong(let constraint, let table, let key, let limit):
      "\(table): \(key) is longer than \(limit) (\(constraint))"
    case .notFound(let table, let key):
      "\(table) holds no row \(key)"
    case .severalFound(let table):
      "one row of \(table) was asked for, and several match"
    case .invalidCursor(let reason):
      "the cursor can't be used here: \(reason)"
    case .schemaFaults(let faults):
      "the schema is not valid: " + faults.joined(separator: "; ")
    case .unreadableInput(let file, let line, let column, let found, let expected):
      "\(file):\(line):\(column): expected \(expected), found \(found)"
    case .refusedInput(let file, let line, let column, let reason):
      "\(file):\(line):\(column): \(reason)"
    case .unwritableFile(let file, let reason):
      "\(file) can't be written: \(reason)"
    case .damagedFile(let file, let offset, let reason):
      "\(file) is damaged at byte \(offset): \(reason)"
    case .otherSchema(let file, let differences):
      "\(file) has another schema, and would have to be migrated: "
        + differences.joined(separator: "; ")
    case .migrationNeeded(let folder, let reasons):
      "\(folder) needs to be migrated: " + reasons.joined(separator: "; ").onOneLine
    case .migrationRefused(let migration, let reasons):
      "\(migration) can't be done: ".onOneLine + reasons.joined(separator: "; ").onOneLine
    case .newerMigrations(let folder, let migrations):
      "\(folder) was migrated by a newer program, or what it has had was removed from the list: "
        + migrations.joined(separator: ", ").onOneLine
    case .migrationUnreachable(let reason):
      reason.onOneLine
    case .conflict(let expected, let found):
      "the write expected version \(expected) of the store, which is at version \(found) by now: "
        + "read again, and write what follows from that"
    case .damaged(let faults):
      "the graph is damaged: " + faults.joined(separator: "; ")
    case .unreadableFile(let file, let reason):
      "\(file): \(reason)"
    case .tableFull(let table):
      "\(table) is full: it has had 4,294,967,294 rows in its life, or its largest key is taken"
    }
  }
}

extension GraphError: LocalizedError {
  /// The description, for those who show `localizedDescription`.
  public var errorDescription: String? { description }
}
