import KithCore

/// Writes a graph as a file of blocks.
///
/// ```
///  the schema │ its migrations │ for each table: rows, column, column, … │ for each association table: links
/// ```
///
/// Rows are numbered from 0 in order of insertion, without gaps where rows were deleted, so that
/// equal graphs have equal bytes, whatever was done to make them. Foreign keys and indexes are not
/// written: they follow from the columns.
struct GraphEncoder {
  private let graph: Graph
  /// The names of the migrations that led to the schema.
  private let migrations: [String]
  private var file = BlockFileWriter()

  init(_ graph: Graph, migrations: [String] = []) {
    (self.graph, self.migrations) = (graph, migrations)
  }

  /// The bytes of the file.
  ///
  /// - Complexity: O(rows + links).
  consuming func encode() -> [UInt8] {
    file.addSchema(graph.schema.tables, migrations: migrations)
    for table in graph.layout.tables.indices { addTable(table) }
    for link in graph.layout.links.indices where graph.layout.links[link].column == nil {
      addLinks(link)
    }
    return file.finish()
  }

  private mutating func addTable(_ number: Int) {
    let (info, table) = (graph.layout.tables[number], graph.table(number))
    file.add(.rows) { writer in
      writer.append(UInt64(table.count))
      writer.append(info.hasNextKey ? table.largestKey ?? .null : .null)
    }
    for (index, column) in info.columns.enumerated() {
      var encoder = ColumnEncoder(column)
      table.rows.forEachValue(of: index, below: table.slotEnd) { encoder.append($0) }
      file.add(.column) { encoder.write(into: &$0) }
    }
  }

  /// Adds how many links there are (8 bytes), how many each source has (4 bytes a row), and their
  /// targets (4 bytes a link), by source and then by target.
  private mutating func addLinks(_ number: Int) {
    let info = graph.layout.links[number]
    let links = graph.links(number)
    let sources = RowNumbers(graph.table(info.source))
    let targets = RowNumbers(graph.table(info.target))
    var degrees = [UInt32](repeating: 0, count: sources.count)
    var ends: [UInt32] = []
    ends.reserveCapacity(links.count)
    links.forward.forEachSource { source, run in
      degrees[Int(sources[source])] += UInt32(run.count)
      for index in run.indices { ends.append(targets[run[index]]) }
    }
    file.add(.links) { writer in
      writer.append(UInt64(links.count))
      writer.append(contentsOf: degrees)
      writer.append(contentsOf: ends)
    }
  }
}

/// The rows of a table by number, without the gaps of rows that were deleted.
private struct RowNumbers {
  let count: Int
  /// The number of the row at each slot; nil if there are no gaps, and the slot is the number.
  private let numbers: [UInt32]?

  init(_ table: TableState) {
    count = table.count
    guard table.count < table.slotEnd else {
      numbers = nil
      return
    }
    var numbers = [UInt32](repeating: 0, count: Int(table.slotEnd))
    for (number, slot) in table.allSlots().enumerated() { numbers[Int(slot)] = UInt32(number) }
    self.numbers = numbers
  }

  subscript(slot: UInt32) -> UInt32 { numbers.map { $0[Int(slot)] } ?? slot }
}

extension TableInfo {
  /// Whether the table remembers the largest key that it had, to give the next.
  var hasNextKey: Bool { keyKind == .integer || keyKind == .unsigned }
}
