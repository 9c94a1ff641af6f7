/// What a file holds, whatever the schema is today.
struct RawFile: Sendable {
  var graph: RawGraph
  /// The names of the migrations that led to the schema, in the order in which they ran.
  var migrations: [String]
}

extension RawFile {
  /// Reads a file, as `GraphEncoder` writes it.
  ///
  /// - Complexity: O(rows + links).
  init(decoding bytes: [UInt8]) throws(FormatFault) {
    var file = try StoredGraph(bytes)
    self.init(graph: RawGraph(file.schema), migrations: file.migrations)
    for index in graph.tables.indices {
      if graph.tables[index].schema.isAssociation {
        graph.tables[index].links = RawLinks(try file.nextLinks())
      } else {
        let table = try file.nextTable()
        graph.tables[index].largestKey = table.largestKey
        var columns: [[StoredValue]] = []
        for column in table.columns { columns.append(try column.values()) }
        graph.tables[index].rows = RawRows(columns: columns)
      }
    }
    try file.finish()
  }
}

extension RawLinks {
  /// The links of a block, which are in order.
  init(_ block: LinksBlock) {
    var links: [RawLink] = []
    links.reserveCapacity(block.targets.count)
    for source in block.offsets.indices.dropLast() {
      for place in block.offsets[source]..<block.offsets[source + 1] {
        links.append(RawLink(source: UInt32(source), target: block.targets[Int(place)]))
      }
    }
    self.init(inOrder: links)
  }
}
