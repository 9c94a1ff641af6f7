import KithCore

/// Reads a graph from a file of blocks, as `GraphEncoder` writes it.
///
/// Keys are checked as well as what `StoredGraph` checks: a file that another program made is refused,
/// or read as a sound graph.
struct GraphDecoder {
  private var file: StoredGraph
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
    file = try StoredGraph(bytes)
    graph = Graph(schema, geometry)
    self.rows = rows
    layout = graph.layout
    let difference = schema.difference(from: file.schema)
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
        let links = try file.nextLinks()
        fill(link, offsets: links.offsets, targets: links.targets)
      }
    }
    try file.finish()
    for table in layout.tables.indices { try buildIndexes(table) }
    return graph
  }

  // MARK: Tables

  private mutating func readTable(_ number: Int) throws(FormatFault) {
    let table = try file.nextTable()
    let state = try TableState(
      layout.tables[number], graph.geometry, decoding: table, rows: rows?[number])
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
    fill(link, offsets: offsets, targets: parents)
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

  private mutating func fill(_ link: Int, offsets: [UInt32], targets: [UInt32]) {
    let targetCount = tables[layout.links[link].target].count
    graph.changeLinks(link) {
      $0.fill(offsets: offsets, targets: targets, targetCount: targetCount, workers: .allCores)
    }
  }
}
