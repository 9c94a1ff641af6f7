import CSQLite

/// A connection to a database in memory, or in a file. One thread at a time has it.
final class SQLite: @unchecked Sendable {
  private let handle: OpaquePointer
  private var statements: [String: Statement] = [:]

  static var version: String { String(cString: sqlite3_libversion()) }

  /// How every connection is set up; `synchronous` and the lock mean nothing in memory, and are stated
  /// so that nobody has to wonder.
  static let pragmas = [
    "journal_mode=MEMORY", "synchronous=OFF", "locking_mode=EXCLUSIVE", "temp_store=MEMORY",
    "cache_size=-4000000",
  ]

  /// How connections to a file are set up, beside `synchronous`.
  static let filePragmas = ["busy_timeout=60000", "journal_mode=WAL"]

  /// A database in memory.
  convenience init() throws {
    try self.init(path: ":memory:", pragmas: SQLite.pragmas)
  }

  /// A database in a file.
  ///
  /// - Parameter synchronous: `FULL`, which syncs every commit, or `NORMAL`, which syncs at
  ///   checkpoints.
  convenience init(file: String, synchronous: String) throws {
    try self.init(path: file, pragmas: SQLite.filePragmas + ["synchronous=\(synchronous)"])
  }

  private init(path: String, pragmas: [String]) throws {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else { throw SQLiteError(code: code, text: "open") }
    handle = opened
    for pragma in pragmas { try execute("PRAGMA \(pragma)") }
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  func execute(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else {
      throw SQLiteError(code: code, text: "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
    }
  }

  /// A prepared statement; the same text gives the same one.
  func statement(_ sql: String) throws -> Statement {
    if let known = statements[sql] { return known }
    var prepared: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    let code = sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil)
    guard code == SQLITE_OK, let prepared else {
      throw SQLiteError(code: code, text: "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
    }
    let statement = Statement(prepared)
    statements[sql] = statement
    return statement
  }

  /// How many rows the last statement changed.
  var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Does something in one transaction.
  ///
  /// - Parameter begin: `BEGIN IMMEDIATE` where others write too, so that who waits waits here.
  func transaction(_ begin: String = "BEGIN", _ body: () throws -> Void) throws {
    try statement(begin).run()
    do {
      try body()
    } catch {
      try execute("ROLLBACK")
      throw error
    }
    try statement("COMMIT").run()
  }
}

/// A prepared statement whose parameters and results are integers.
final class Statement {
  private let handle: OpaquePointer

  init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  /// Runs the statement and calls `body` on each row of the result.
  @inline(__always)
  func forEach(_ parameters: Int..., body: (borrowing ResultRow) -> Void) throws {
    try forEach(parameters, body)
  }

  @inline(__always)
  private func forEach(_ parameters: [Int], _ body: (borrowing ResultRow) -> Void) throws {
    for (index, value) in parameters.enumerated() {
      sqlite3_bind_int64(handle, Int32(index + 1), Int64(value))
    }
    defer { sqlite3_reset(handle) }
    while true {
      let code = sqlite3_step(handle)
      if code == SQLITE_ROW {
        body(ResultRow(handle: handle))
      } else if code == SQLITE_DONE {
        return
      } else {
        throw SQLiteError(code: code, text: "step")
      }
    }
  }

  func run(_ parameters: Int...) throws { try forEach(parameters) { _ in } }

  /// The only number of the only row, or nil.
  func number(_ parameters: Int...) throws -> Int? {
    var found: Int?
    try forEach(parameters) { found = $0[0] }
    return found
  }

  /// The first column of all rows.
  func numbers(_ parameters: Int...) throws -> [Int] {
    var found: [Int] = []
    try forEach(parameters) { found.append($0[0]) }
    return found
  }
}

/// A row of a result, to be read while the statement stands on it.
struct ResultRow: ~Copyable {
  fileprivate let handle: OpaquePointer

  subscript(column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
}

/// What SQLite refused.
struct SQLiteError: Error, CustomStringConvertible {
  let code: Int32
  let text: String

  /// Whether a constraint refused a change.
  var isConstraint: Bool { code & 0xff == SQLITE_CONSTRAINT }

  var description: String { "SQLite error \(code): \(text)" }
}
