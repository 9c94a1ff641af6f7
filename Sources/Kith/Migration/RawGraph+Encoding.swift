import KithCore

extension RawGraph {
  /// The bytes of a file that holds the graph, as `GraphEncoder` writes them.
  ///
  /// - Precondition: The graph is compacted, and nothing is wrong with it.
  /// - Complexity: O(rows + links).
  func encoded(migrations: [String]) throws(RefusedStep) -> [UInt8] {
    var file = BlockFileWriter()
    file.addSchema(schema, migrations: migrations)
    for table in tables where !table.schema.isAssociation { file.add(table) }
    for index in tables.indices where tables[index].schema.isAssociation {
      let sources = tables[try ends(of: index).source].rows.liveCount
      file.add(tables[index].links.all, sources: sources)
    }
    return file.finish()
  }
}

extension BlockFileWriter {
  /// Adds what the tables are, and by which migrations they became so.
  mutating func addSchema(_ tables: [Schema.Table], migrations: [String]) {
    add(.schema) { $0.append(tables) }
    if !migrations.isEmpty { add(.migrations) { $0.append(names: migrations) } }
  }

  fileprivate mutating func add(_ table: RawTable) {
    add(.rows) { writer in
      writer.append(UInt64(table.rows.liveCount))
      writer.append(table.schema.hasNextKey ? table.largestKey : .null)
    }
    for (place, column) in table.schema.columns.enumerated() {
      var encoder = ColumnEncoder(column)
      for value in table.rows.columns[place] { encoder.append(value) }
      add(.column) { encoder.write(into: &$0) }
    }
  }

  fileprivate mutating func add(_ links: [RawLink], sources: Int) {
    var degrees = [UInt32](repeating: 0, count: sources)
    for link in links { degrees[Int(link.source)] += 1 }
    add(.links) { writer in
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
