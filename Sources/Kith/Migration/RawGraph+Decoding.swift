import KithCore

/// What a file holds, whatever the schema is today.
struct RawFile: Sendable {
  var graph: RawGraph
  /// The names of the migrations that led to the schema, in the order in which they ran.
  var migrations: [String] = []

  init(_ schema: [Schema.Table]) {
    graph = RawGraph(schema)
  }

  /// Reads a file, as `GraphEncoder` writes it.
  ///
  /// - Complexity: O(rows + links).
  init(decoding bytes: [UInt8]) throws(FormatFault) {
    var file = try BlockFileReader(bytes)
    let header = try file.schema()
    graph = RawGraph(header.tables)
    migrations = header.migrations
    for index in graph.tables.indices {
      if graph.tables[index].schema.isAssociation {
        try graph.readLinks(of: index, &file)
      } else {
        try graph.readRows(of: index, &file)
      }
    }
    try file.finish()
  }
}

extension BlockFileReader {
  /// What the tables are, and by which migrations they became so.
  mutating func schema() throws(FormatFault) -> (tables: [Schema.Table], migrations: [String]) {
    var block = try block(.schema)
    let tables = try block.tables()
    try block.finish()
    guard isNext(.migrations) else { return (tables, []) }
    block = try self.block(.migrations)
    let migrations = try block.names()
    try block.finish()
    return (tables, migrations)
  }
}

extension RawGraph {
  fileprivate mutating func readRows(
    of index: Int, _ file: inout BlockFileReader
  ) throws(FormatFault) {
    var block = try file.block(.rows)
    let (count, largestKey) = try block.sizes(of: tables[index].schema)
    try block.finish()
    tables[index].largestKey = largestKey
    var columns: [[StoredValue]] = []
    for column in tables[index].schema.columns {
      columns.append(try ColumnReader(try file.block(.column), column, count: count).values())
    }
    tables[index].rows = RawRows(columns: columns)
  }

  fileprivate mutating func readLinks(
    of index: Int, _ file: inout BlockFileReader
  ) throws(FormatFault) {
    var block = try file.block(.links)
    tables[index].links = try links(of: index, &block)
    try block.finish()
  }

  /// The links of an association table, read from its block.
  func links(of index: Int, _ block: inout ByteReader) throws(FormatFault) -> RawLinks {
    let start = block.offset
    let ends: (source: Int, target: Int)
    do throws(RefusedStep) {
      ends = try self.ends(of: index)
    } catch {
      throw .damaged(offset: start, error.reasons.joined(separator: "; "))
    }
    let (sources, targets) = (tables[ends.source].rows.end, tables[ends.target].rows.end)
    let count = try block.number(UInt64.self)
    guard count <= UInt32.max, block.count == sources * 4 + Int(count) * 4 else {
      throw .damaged(
        offset: start, "\(count) links from \(sources) rows do not have \(block.count) bytes")
    }
    var degrees = ByteReader(block.bytes, try block.take(sources * 4))
    var links: [RawLink] = []
    links.reserveCapacity(Int(count))
    for source in 0..<UInt32(sources) {
      for _ in 0..<(try degrees.number(UInt32.self)) {
        let place = block.offset
        let link = RawLink(source: source, target: try block.number())
        guard link.target < targets, links.last.map({ $0 < link }) ?? true else {
          throw .damaged(
            offset: place,
            "a link of \(tables[index].schema.name) is out of order, or leads nowhere")
        }
        links.append(link)
      }
    }
    return RawLinks(inOrder: links)
  }
}

extension ByteReader {
  /// How many rows a table has, and the largest key that it remembers.
  mutating func sizes(
    of table: Schema.Table
  ) throws(FormatFault) -> (rows: Int, largestKey: StoredValue) {
    let start = offset
    let count = try number(UInt64.self)
    guard count < UInt32.max - 1 else {
      throw .damaged(offset: start, "\(table.name) can't have \(count) rows")
    }
    return (Int(count), try value())
  }

  /// A list of texts.
  mutating func names() throws(FormatFault) -> [String] {
    var names: [String] = []
    for _ in 0..<(try length()) { names.append(try text()) }
    return names
  }
}

extension ColumnReader {
  /// The values of all rows, where none was read yet.
  consuming func values() throws(FormatFault) -> [StoredValue] {
    var values: [StoredValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try next()) }
    return values
  }
}
