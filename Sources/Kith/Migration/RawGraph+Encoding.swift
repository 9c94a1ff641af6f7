import KithCore

extension RawGraph {
  /// The bytes of a file that holds the graph, as `GraphEncoder` writes them.
  ///
  /// - Precondition: The graph is compacted, and nothing is wrong with it.
  /// - Complexity: O(rows + links).
  func encoded(migrations: [String]) throws(RefusedStep) -> [UInt8] {
    var blocks = [EncodedBlock(.schema) { $0.append(schema) }]
    if !migrations.isEmpty {
      blocks.append(EncodedBlock(.migrations) { $0.append(names: migrations) })
    }
    for table in tables where !table.schema.isAssociation { blocks += table.encoded }
    for index in tables.indices where tables[index].schema.isAssociation {
      let sources = tables[try ends(of: index).source].rows.liveCount
      blocks.append(tables[index].links.encoded(sources: sources))
    }
    return BlockStream.encode(blocks)
  }
}

extension RawTable {
  /// The block of rows, and one for each column.
  fileprivate var encoded: [EncodedBlock] {
    let head = EncodedBlock(.rows) { writer in
      writer.append(UInt64(rows.liveCount))
      writer.append(schema.hasNextKey ? largestKey : .null)
    }
    let columns = schema.columns.enumerated().map { place, column in
      var encoder = ColumnEncoder(column)
      for value in rows.columns[place] { encoder.append(value) }
      return EncodedBlock(kind: .column, parts: encoder.parts)
    }
    return [head] + columns
  }
}

extension RawLinks {
  fileprivate func encoded(sources: Int) -> EncodedBlock {
    let links = all
    var degrees = [UInt32](repeating: 0, count: sources)
    for link in links { degrees[Int(link.source)] += 1 }
    return EncodedBlock(.links) { writer in
      writer.append(UInt64(links.count))
      writer.append(contentsOf: degrees)
      writer.append(contentsOf: links.map(\.target))
    }
  }
}

extension ByteWriter {
  /// Adds a list of texts.
  mutating func append(names: [String]) {
    appendVarint(UInt64(names.count))
    for name in names { append(name) }
  }
}
