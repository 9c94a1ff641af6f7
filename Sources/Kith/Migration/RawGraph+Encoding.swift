/// A graph that is compacted, and with which nothing is wrong, has its rows by the numbers of a file.
extension RawGraph: GraphContent {
  func rows(of table: Int) -> RowsBlock {
    let table = tables[table]
    return RowsBlock(
      count: table.rows.liveCount, largestKey: table.largestKey, of: table.schema)
  }

  func forEachValue(of column: Int, in table: Int, _ body: (StoredValue) -> Void) {
    for value in tables[table].rows.columns[column] { body(value) }
  }

  func linkCount(of table: Int) -> Int { tables[table].links.count }

  func degrees(of table: Int) -> [UInt32] {
    guard let ends = try? ends(of: table) else {
      preconditionFailure("links that are encoded have tables at both ends")
    }
    var degrees = [UInt32](repeating: 0, count: tables[ends.source].rows.liveCount)
    for link in tables[table].links.all { degrees[Int(link.source)] += 1 }
    return degrees
  }

  func forEachTargets(of table: Int, _ body: ([UInt32]) -> Void) {
    body(tables[table].links.all.map(\.target))
  }
}
