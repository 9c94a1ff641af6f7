import KithCore

/// Writes a graph as a file of blocks.
///
/// ```
///  the schema │ its migrations │ for each table: rows, column, column, … │ for each association table: links
/// ```
///
/// Equal graphs have equal bytes, whatever was done to make them. Foreign keys and indexes are not
/// written: they follow from the columns.
///
/// Blocks are made and written one after the other; before the first, all are measured, which makes
/// none of the large ones.
struct GraphEncoder {
  private let content: any GraphContent
  private let blocks: [Block]
  /// What identifies the schema in logs, and the migrations that led to it.
  let fingerprint: UInt32

  /// A block by what it holds.
  private enum Block {
    /// A small one, that is made.
    case made(BlockFile.Kind, [UInt8])
    case column(Schema.Column, place: Int, table: Int)
    case links(degrees: [UInt32], table: Int)

    init(_ kind: BlockFile.Kind, _ fill: (inout ByteWriter) -> Void) {
      var writer = ByteWriter()
      fill(&writer)
      self = .made(kind, writer.bytes)
    }
  }

  /// - Parameters:
  ///   - migrations: The names of the migrations that led to the schema.
  ///   - orders: For a table's number the slots of its rows in another order than that of insertion.
  init(_ graph: Graph, migrations: [String] = [], orders: [Int: [UInt32]] = [:]) {
    self.init(NumberedGraph(graph, orders: orders), migrations: migrations)
  }

  /// - Parameter migrations: The names of the migrations that led to the schema.
  init(_ content: some GraphContent, migrations: [String]) {
    let schema = content.schema
    self.content = content
    fingerprint = LogFile.fingerprint(of: schema, migrations: migrations)
    var blocks = [Block(.schema) { $0.append(schema) }]
    if !migrations.isEmpty { blocks.append(Block(.migrations) { $0.append(names: migrations) }) }
    for (number, table) in schema.enumerated() {
      if table.isAssociation {
        blocks.append(.links(degrees: content.degrees(of: number), table: number))
        continue
      }
      blocks.append(Block(.rows) { content.rows(of: number).write(into: &$0) })
      for (place, column) in table.columns.enumerated() {
        blocks.append(.column(column, place: place, table: number))
      }
    }
    self.blocks = blocks
  }

  /// The bytes of the file.
  ///
  /// - Complexity: O(rows + links).
  func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    encode { bytes += $0 }
    return bytes
  }

  /// Hands the file to a sink, from front to back. Never more than one large block is held.
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
      case .made(let kind, let bytes): try stream.add(kind, [bytes], sink)
      case .column(let column, let place, let table):
        var encoder = ColumnEncoder(column, room: size)
        content.forEachValue(of: place, in: table) { encoder.append($0) }
        try stream.add(.column, encoder.parts, sink)
      case .links(let degrees, let table):
        try stream.add(.links, [LinksBlock.encode(table, of: content, degrees)], sink)
      }
    }
    stream.finish()
    return stream.byteCount
  }

  /// The bytes that a block holds.
  private func size(_ block: Block) -> Int {
    switch block {
    case .made(_, let bytes): return bytes.count
    case .column(let column, let place, let table):
      var size = ColumnSize(column, count: content.rows(of: table).count)
      if column.kind.hasLengths {
        content.forEachValue(of: place, in: table) { size.add($0) }
      }
      return size.byteCount
    case .links(let degrees, let table):
      return LinksBlock.byteCount(
        sources: degrees.count, links: content.linkCount(of: table))
    }
  }
}
