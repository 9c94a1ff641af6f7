import KithCore

/// Reads a graph from a file of blocks, as `GraphEncoder` writes it.
///
/// Checksums vouch for the bytes; still every size is checked before room is made for what follows,
/// and every row number, order and key before it is used: a file that another program made is
/// refused, or read as a sound graph.
struct GraphDecoder {
  private var file: BlockFileReader
  private var graph: Graph
  private let layout: SchemaLayout
  private var tables: [StoredTable] = []
  /// The rows of each table as the file has them, if they are at hand.
  private let rows: [any RowStorage]?
  /// For each link that is a foreign key the slot that each row refers to, `.max` if none.
  private var parents: [Int: [UInt32]] = [:]

  /// Reads the frame and the schema.
  ///
  /// - Parameters:
  ///   - geometry: The sizes of the structures to make.
  ///   - rows: The rows of each table as the file has them, if they need not be made.
  init(
    _ schema: Schema, _ bytes: [UInt8], geometry: Geometry = .standard,
    rows: [any RowStorage]? = nil
  ) throws(FormatFault) {
    file = try BlockFileReader(bytes)
    graph = Graph(schema, geometry)
    self.rows = rows
    layout = graph.layout
    let difference = schema.difference(from: try file.schema().tables)
    if !difference.isEmpty { throw .otherSchema(difference.operations.map(\.description)) }
  }

  /// Reads the rest.
  ///
  /// - Complexity: O(rows + links), and O(*n* log *n*) for ordered indexes over *n* rows.
  consuming func decode() throws(FormatFault) -> Graph {
    for table in layout.tables.indices { try readTable(table) }
    for link in layout.links.indices {
      if let column = layout.links[link].column {
        try linkForeignKey(link, column)
      } else {
        try readLinks(link)
      }
    }
    try file.finish()
    for table in layout.tables.indices { try buildIndexes(table) }
    return graph
  }

  // MARK: Tables

  private mutating func readTable(_ number: Int) throws(FormatFault) {
    let info = layout.tables[number]
    var block = try file.block(.rows)
    let start = block.offset
    let count = try block.number(UInt64.self)
    guard count < UInt32.max - 1 else {
      throw .damaged(offset: start, "\(info.name) can't have \(count) rows")
    }
    let keyOffset = block.offset
    let largestKey = try block.value()
    try block.finish()
    var columns: [ColumnReader] = []
    for column in info.columns {
      columns.append(try ColumnReader(try file.block(.column), column, count: Int(count)))
    }
    let table = StoredTable(
      count: Int(count), largestKey: largestKey, columns: columns, offset: start)
    guard largestKey.isNull || largestKey.isOf(info.keyKind) && info.hasNextKey else {
      throw .damaged(offset: keyOffset, "\(info.name) can't have the largest key \(largestKey)")
    }
    let state = try TableState(info, graph.geometry, decoding: table, rows: rows?[number])
    graph.changeTable(number) { $0 = state }
    tables.append(table)
  }

  private mutating func buildIndexes(_ number: Int) throws(FormatFault) {
    for (place, index) in layout.tables[number].indexes.enumerated() {
      let parentCount = index.parentLink.map { graph.table(layout.links[$0].target).slotEnd } ?? 1
      let parents = index.parentLink.map { self.parents[$0] ?? [] }
      let table = tables[number]
      try graph.changeTable(number) { (state) throws(FormatFault) in
        try state.buildIndex(
          place, index, from: table, parents: parents, parentCount: Int(parentCount))
      }
    }
  }

  // MARK: Links

  /// Links the rows of a table to those that a foreign key refers to.
  private mutating func linkForeignKey(_ link: Int, _ column: Int) throws(FormatFault) {
    let info = layout.links[link]
    let (table, target) = (tables[info.source], graph.table(info.target))
    let column = table.columns[column]
    var parents = try slots(of: column, in: target)
    var isComplete = true
    for row in 0..<table.count where parents[row] == .max || !column.hasValue(row) {
      isComplete = false
      parents[row] = .max
      if !column.hasValue(row) { continue }
      let key = try column.value(of: row)
      guard info.isDeferred else {
        throw .damaged(
          offset: table.offset,
          "\(info.tableName) refers to \(key), which does not exist "
            + "(\(info.targetConstraint))")
      }
      graph.awaitParent(link, UInt32(row), key)
    }
    self.parents[link] = parents
    var offsets = [UInt32](0...UInt32(table.count))
    if !isComplete {
      var count: UInt32 = 0
      for row in 0..<table.count {
        if parents[row] != .max { count += 1 }
        offsets[row + 1] = count
      }
      parents.removeAll { $0 == .max }
    }
    let (targets, targetCount) = (parents, Int(target.slotEnd))
    graph.changeLinks(link) {
      $0.fill(offsets: offsets, targets: targets, targetCount: targetCount, workers: .allCores)
    }
  }

  /// The slot of the row whose key each value of a column is; `.max` if there is none.
  private func slots(
    of column: ColumnReader, in target: TableState
  ) throws(FormatFault) -> [UInt32] {
    if target.keysRank, column.hasRanks {
      defer { withExtendedLifetime(target) {} }
      return target.rankedKeys.slots(of: column.ranks())
    }
    var reader = column
    var slots: [UInt32] = []
    slots.reserveCapacity(column.count)
    for _ in 0..<column.count {
      let key = try reader.next()
      slots.append(key.isNull ? .max : target.slot(ofKey: key) ?? .max)
    }
    return slots
  }

  private mutating func readLinks(_ link: Int) throws(FormatFault) {
    let info = layout.links[link]
    var block = try file.block(.links)
    let start = block.offset
    let count = try block.number(UInt64.self)
    let (sources, targets) = (tables[info.source].count, tables[info.target].count)
    // 32 bits must be able to count the links.
    guard count <= UInt32.max, block.count == sources * 4 + Int(count) * 4 else {
      throw .damaged(
        offset: start, "\(count) links from \(sources) rows do not have \(block.count) bytes")
    }
    let bytes = block.bytes
    let degrees: [UInt32] = bytes.numbers(
      at: try block.take(sources * 4).lowerBound, count: sources)
    let place = try block.take(Int(count) * 4).lowerBound
    let ends: [UInt32] = bytes.numbers(at: place, count: Int(count))
    var offsets: [UInt32] = [0]
    offsets.reserveCapacity(sources + 1)
    var end: UInt64 = 0
    for degree in degrees {
      end += UInt64(degree)
      offsets.append(UInt32(truncatingIfNeeded: end))
    }
    guard end == count else {
      throw .damaged(offset: start, "\(count) links are counted, and rows have \(end)")
    }
    let fault = LinkRules(targetCount: targets, allowsLoops: layout.allowsLoops(link))
      .firstFault(offsets: offsets, targets: ends, workers: .allCores)
    if let fault {
      throw .damaged(
        offset: place + fault * 4,
        "a link of \(info.tableName) is out of order, from a row to itself, or leads nowhere")
    }
    graph.changeLinks(link) {
      $0.fill(offsets: offsets, targets: ends, targetCount: targets, workers: .allCores)
    }
  }
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

extension StoredValue {
  /// Whether a value is an integer of a kind.
  fileprivate func isOf(_ kind: Kind) -> Bool {
    switch (self, kind) {
    case (.integer, .integer), (.unsigned, .unsigned): true
    default: false
    }
  }
}
