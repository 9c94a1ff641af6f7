import KithCore

/// A graph in a file of blocks, as `GraphEncoder` writes it, read part by part from front to back.
///
/// Checksums vouch for the bytes; still every size is checked before room is made for what follows,
/// and every row number and order before it is used, since another program may have made the file.
struct StoredGraph {
  /// What the tables are, then the association tables.
  let schema: [Schema.Table]
  /// The names of the migrations that led to the schema, in the order in which they ran.
  let migrations: [String]
  private var file: BlockFileReader
  /// The table that is read next.
  private var next = 0
  /// How many rows each table has that was read.
  private var counts: [String: Int] = [:]

  /// Reads the frame, the schema and the migrations.
  init(_ bytes: [UInt8]) throws(FormatFault) {
    file = try BlockFileReader(bytes)
    var block = try file.block(.schema)
    schema = try block.tables()
    try block.finish()
    guard file.isNext(.migrations) else {
      migrations = []
      return
    }
    block = try file.block(.migrations)
    migrations = try block.names()
    try block.finish()
  }

  /// Reads the next table, which has rows.
  mutating func nextTable() throws(FormatFault) -> StoredTable {
    let table = schema[next]
    next += 1
    var block = try file.block(.rows)
    let start = block.offset
    let rows = try RowsBlock(&block, of: table)
    counts[table.name] = rows.count
    var columns: [ColumnReader] = []
    for column in table.columns {
      columns.append(try ColumnReader(try file.block(.column), column, count: rows.count))
    }
    return StoredTable(
      count: rows.count, largestKey: rows.largestKey, columns: columns, offset: start)
  }

  /// Reads the links of the next table, which is an association table.
  mutating func nextLinks() throws(FormatFault) -> LinksBlock {
    let table = schema[next]
    next += 1
    var block = try file.block(.links)
    guard let ends = LinksBlock.Ends(of: table, rows: counts) else {
      throw .damaged(offset: block.offset, "\(table.name) does not link two tables")
    }
    return try LinksBlock(&block, between: ends)
  }

  /// Requires that nothing is left.
  func finish() throws(FormatFault) { try file.finish() }
}

/// One table as a file has it.
struct StoredTable {
  let count: Int
  let largestKey: StoredValue
  /// The columns, to be read from the first row.
  let columns: [ColumnReader]
  /// Where the table starts in the file, for faults that no single byte shows.
  let offset: Int
}
