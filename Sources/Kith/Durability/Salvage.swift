import KithCore

/// What can be saved of a damaged checkpoint: nothing that is not vouched for by a checksum.
///
/// A block that is damaged takes along what can't be without it: a column its values, or if rows must
/// have one, the rows; rows the links that they have, and the rows that must refer to them.
struct Salvage {
  /// What the damage leaves.
  private(set) var graph: RawGraph
  /// The migrations that led to the schema, or nil if their names are lost.
  private(set) var migrations: [String]? = []
  private(set) var losses: [GraphStore.Loss] = []
  private var blocks: BlockSearch
  /// How many rows there are in each table of which that is known; links can't be read without.
  private var counts: [String: Int] = [:]
  /// Whether rows may stay that have lost a value they can be without. If not, they are lost.
  private let keepsRowsInPart: Bool

  /// Reads the blocks that are whole.
  ///
  /// - Parameter declared: The tables, if their description is damaged.
  init(_ bytes: [UInt8], declared: [Schema.Table], keepsRowsInPart: Bool) {
    blocks = BlockSearch(bytes)
    self.keepsRowsInPart = keepsRowsInPart
    let tables = blocks.read(0, .schema) { (block) throws(FormatFault) in try block.tables() }
    graph = RawGraph(tables ?? declared)
    var next = 1
    if blocks.isBlock(1, .migrations) || blocks.count == graph.blockCount + 1 {
      migrations = blocks.read(1, .migrations) { (block) throws(FormatFault) in try block.names() }
      next = 2
    }
    if migrations == nil { losses.append(.migrations) }
    for index in graph.tables.indices {
      if graph.tables[index].schema.isAssociation {
        readLinks(of: index, block: next)
      } else {
        readRows(of: index, firstBlock: next)
      }
      next += graph.tables[index].schema.blockCount
    }
  }

  /// What is damaged, in the order in which it was met.
  var faults: [FormatFault] { blocks.faults }

  // MARK: Rows

  private mutating func readRows(of index: Int, firstBlock: Int) {
    let schema = graph.tables[index].schema
    let rows = blocks.read(firstBlock, .rows) { (block) throws(FormatFault) in
      try RowsBlock(&block, of: schema)
    }
    guard let rows else {
      losses.append(.rows(table: schema.name, count: nil))
      return
    }
    counts[schema.name] = rows.count
    graph.tables[index].largestKey = rows.largestKey
    var columns: [[StoredValue]] = []
    var losses: [GraphStore.Loss] = []
    var isWhole = true
    for (place, column) in schema.columns.enumerated() {
      let values = blocks.read(firstBlock + 1 + place, .column) { (block) throws(FormatFault) in
        try ColumnReader(block, column, count: rows.count).values()
      }
      if let values {
        columns.append(values)
      } else {
        let filling = keepsRowsInPart ? schema.filling(of: column) : nil
        isWhole = isWhole && filling != nil
        columns.append([StoredValue](repeating: filling ?? .null, count: rows.count))
        losses.append(.values(table: schema.name, column: column.name))
      }
    }
    graph.tables[index].rows = RawRows(columns: columns)
    if isWhole {
      self.losses += losses
    } else {
      // Links number the rows, and so must have them until they go with them.
      for row in 0..<rows.count { graph.tables[index].rows.remove(row) }
      self.losses.append(.rows(table: schema.name, count: rows.count))
    }
  }

  // MARK: Links

  private mutating func readLinks(of index: Int, block: Int) {
    let schema = graph.tables[index].schema
    let links = LinksBlock.Ends(of: schema, rows: counts).flatMap { ends in
      blocks.read(block, .links) { (block) throws(FormatFault) in
        RawLinks(try LinksBlock(&block, between: ends))
      }
    }
    if let links {
      graph.tables[index].links = links
    } else {
      losses.append(.links(table: schema.name, count: nil))
    }
  }

  // MARK: What goes with rows that are lost

  /// Takes a graph that commits were done to, and lets go what refers to rows that are lost.
  ///
  /// - Complexity: O(rows + links), for each step of a chain of references.
  mutating func mend(_ replayed: RawGraph) throws(RefusedStep) {
    graph = replayed
    // Rows that go may take others along. Those that stay then lose what they refer to.
    while try letGoOrphans() {}
    try clearReferences()
    let counts = graph.tables.map(\.links.count)
    try graph.compact()
    for (table, count) in zip(graph.tables, counts) where table.links.count < count {
      losses.append(.links(table: table.schema.name, count: count - table.links.count))
    }
  }

  /// Lets rows go that must refer to rows which are lost.
  ///
  /// - Returns: Whether there were any.
  private mutating func letGoOrphans() throws(RefusedStep) -> Bool {
    var hasLost = false
    for reference in try lostReferences() where !(reference.mayBeEmpty && keepsRowsInPart) {
      // One may have gone already, for another reference.
      let rows = reference.rows.filter(graph.tables[reference.table].rows.isLive)
      for row in rows { graph.tables[reference.table].rows.remove(row) }
      noteLostRows(rows.count, of: graph.tables[reference.table].schema.name)
      hasLost = true
    }
    return hasLost
  }

  private mutating func noteLostRows(_ count: Int, of table: String) {
    for place in losses.indices {
      if case .rows(table, let others?) = losses[place] {
        losses[place] = .rows(table: table, count: others + count)
        return
      }
    }
    losses.append(.rows(table: table, count: count))
  }

  /// Clears what refers to rows that are lost.
  private mutating func clearReferences() throws(RefusedStep) {
    for reference in try lostReferences() {
      for row in reference.rows {
        graph.tables[reference.table].rows.columns[reference.column][row] = .null
      }
      let schema = graph.tables[reference.table].schema
      losses.append(
        .references(
          table: schema.name, column: schema.columns[reference.column].name,
          count: reference.rows.count))
    }
  }

  /// Rows of one table that refer to lost ones by one column.
  private struct LostReferences {
    let table: Int
    let column: Int
    let mayBeEmpty: Bool
    let rows: [Int]
  }

  private func lostReferences() throws(RefusedStep) -> [LostReferences] {
    var lost: [LostReferences] = []
    for (index, table) in graph.tables.enumerated() where !table.schema.isAssociation {
      for constraint in table.schema.constraints {
        guard let (column, rows) = try graph.orphans(of: table, by: constraint), !rows.isEmpty
        else { continue }
        lost.append(
          LostReferences(
            table: index, column: column, mayBeEmpty: table.schema.columns[column].isNullable,
            rows: rows))
      }
    }
    return lost
  }
}

extension RawGraph {
  /// How many blocks a file of the graph has, without one for migrations.
  fileprivate var blockCount: Int { tables.reduce(1) { $0 + $1.schema.blockCount } }
}

extension Schema.Table {
  /// How many blocks a file has for the table.
  fileprivate var blockCount: Int { isAssociation ? 1 : 1 + columns.count }

  /// What can stand in every row in place of the values of a column, or nil if rows can't be without
  /// their own.
  fileprivate func filling(of column: Schema.Column) -> StoredValue? {
    let kinds = constraints.filter { $0.columns.contains(column.name) }.map(\.kind)
    if kinds.contains(.primaryKey) { return nil }
    if column.isNullable { return .null }
    return kinds.contains(.unique) ? nil : column.defaultValue
  }
}
