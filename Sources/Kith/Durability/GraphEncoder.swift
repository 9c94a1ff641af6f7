import KithCore

/// Writes a graph as a file of blocks.
///
/// ```
///  the schema │ its migrations │ for each table: rows, column, column, … │ for each association table: links
/// ```
///
/// Rows are numbered from 0 in order of insertion, without gaps where rows were deleted, so that
/// equal graphs have equal bytes, whatever was done to make them; or in another order, which is the
/// order of insertion of who reads the file. Foreign keys and indexes are not written: they follow
/// from the columns.
///
/// Blocks are made and written one after the other; before the first, all are measured, which makes
/// none of them.
struct GraphEncoder {
  private let graph: Graph
  /// The names of the migrations that led to the schema.
  private let migrations: [String]
  /// The rows of each table in the order in which they are written.
  private let rows: [RowNumbering]
  private let blocks: [Content]

  /// A block by what it holds.
  private enum Content {
    case schema
    case migrations
    case rows(table: Int)
    case column(Int, table: Int)
    case links(Int)
  }

  /// - Parameter orders: For a table's number the slots of its rows in another order than that of
  ///   insertion.
  init(_ graph: Graph, migrations: [String] = [], orders: [Int: [UInt32]] = [:]) {
    (self.graph, self.migrations) = (graph, migrations)
    rows = graph.layout.tables.indices.map {
      RowNumbering(graph.table($0), inOrder: orders[$0])
    }
    blocks = GraphEncoder.blocks(of: graph.layout, hasMigrations: !migrations.isEmpty)
  }

  /// The blocks of a file, in order.
  private static func blocks(of layout: SchemaLayout, hasMigrations: Bool) -> [Content] {
    var blocks: [Content] = hasMigrations ? [.schema, .migrations] : [.schema]
    for (table, info) in layout.tables.enumerated() {
      blocks.append(.rows(table: table))
      for column in info.columns.indices { blocks.append(.column(column, table: table)) }
    }
    for link in layout.associations { blocks.append(.links(link)) }
    return blocks
  }

  /// What identifies the schema in logs, and the migrations that led to it.
  var fingerprint: UInt32 { LogFile.fingerprint(of: graph.schema.tables, migrations: migrations) }

  /// The bytes of the file.
  ///
  /// - Complexity: O(rows + links).
  func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    encode { bytes += $0 }
    return bytes
  }

  /// Hands the file to a sink, from front to back. Never more than one block is held.
  ///
  /// - Returns: The number of bytes.
  /// - Throws: What the sink throws.
  /// - Complexity: O(rows + links).
  @discardableResult
  func encode<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    let sizes = blocks.map(size)
    var stream = BlockStream(sizes: sizes)
    try stream.begin(sink)
    for (block, size) in zip(blocks, sizes) {
      switch block {
      case .schema: try stream.add(.schema, [schemaBytes], sink)
      case .migrations: try stream.add(.migrations, [migrationBytes], sink)
      case .rows(let table): try stream.add(.rows, [rowBytes(table)], sink)
      case .column(let column, let table):
        try stream.add(.column, columnBytes(column, table, room: size), sink)
      case .links(let link): try stream.add(.links, [linkBytes(link)], sink)
      }
    }
    stream.finish()
    return stream.byteCount
  }

  /// The bytes that a block holds.
  private func size(_ block: Content) -> Int {
    switch block {
    case .schema: return schemaBytes.count
    case .migrations: return migrationBytes.count
    case .rows(let table): return rowBytes(table).count
    case .column(let index, let number):
      let (column, table) = (graph.layout.tables[number].columns[index], graph.table(number))
      var size = ColumnSize(column, count: table.count)
      if column.kind.hasLengths {
        // In whatever order.
        table.forEachValue(of: index) { size.add($0) }
      }
      return size.byteCount
    case .links(let link):
      let sources = graph.table(graph.layout.links[link].source).count
      return 8 + 4 * sources + 4 * graph.links(link).count
    }
  }

  private var schemaBytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(graph.schema.tables)
    return writer.bytes
  }

  private var migrationBytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(names: migrations)
    return writer.bytes
  }

  private func rowBytes(_ number: Int) -> [UInt8] {
    let (info, table) = (graph.layout.tables[number], graph.table(number))
    var writer = ByteWriter()
    writer.append(UInt64(table.count))
    writer.append(info.hasNextKey ? table.largestKey ?? .null : .null)
    return writer.bytes
  }

  private func columnBytes(_ column: Int, _ number: Int, room: Int) -> [[UInt8]] {
    let table = graph.table(number)
    var encoder = ColumnEncoder(graph.layout.tables[number].columns[column], room: room)
    if let order = rows[number].order {
      for slot in order { encoder.append(table.value(of: column, at: slot)) }
    } else {
      table.forEachValue(of: column) { encoder.append($0) }
    }
    return encoder.parts
  }

  /// How many links there are (8 bytes), how many each source has (4 bytes a row), and their targets
  /// (4 bytes a link), by source and then by target.
  private func linkBytes(_ number: Int) -> [UInt8] {
    let info = graph.layout.links[number]
    let links = graph.links(number)
    let (sources, targets) = (rows[info.source], rows[info.target])
    var degrees = [UInt32](repeating: 0, count: sources.count)
    links.forward.forEachSource { source, run in
      degrees[Int(sources[source])] += UInt32(run.count)
    }
    var writer = ByteWriter()
    writer.bytes.reserveCapacity(8 + 4 * sources.count + 4 * links.count)
    writer.append(UInt64(links.count))
    writer.append(contentsOf: degrees)
    var ends: [UInt32] = []
    forEachRun(of: number) { run, isWhole in
      let start = ends.count
      for index in run.indices { ends.append(targets[run[index]]) }
      if isWhole { ends[start...].sort() }
      if ends.count < GraphEncoder.targetsAtOnce { return }
      writer.append(contentsOf: ends)
      ends.removeAll(keepingCapacity: true)
    }
    writer.append(contentsOf: ends)
    return writer.bytes
  }

  /// Calls `body` with the targets of each source that has some, in the order of the sources.
  ///
  /// - Parameter body: Is told whether these are all targets of a source, which are to be sorted by
  ///   their numbers, or may be a part, which is in order.
  private func forEachRun(
    of number: Int, _ body: (_ run: Span<UInt32>, _ isWhole: Bool) -> Void
  ) {
    let info = graph.layout.links[number]
    let (sources, targets) = (rows[info.source], rows[info.target])
    if sources.order == nil, targets.order == nil {
      return graph.links(number).forward.forEachSource { _, run in body(run, false) }
    }
    graph.links(number).withView(.forward) { runs in
      for source in sources.order ?? graph.table(info.source).allSlots() {
        runs.withTargets(of: source) { body($0, true) }
      }
    }
  }

  /// How many targets are gathered before they are written as bytes.
  private static let targetsAtOnce = 1 << 14
}

extension TableInfo {
  /// Whether the table remembers the largest key that it had, to give the next.
  var hasNextKey: Bool { keyKind == .integer || keyKind == .unsigned }
}
