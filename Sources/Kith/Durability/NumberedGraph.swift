import KithCore

/// A graph whose rows are numbered as a file has them: in order of insertion, without gaps where rows
/// were deleted, or in another order, which is the order of insertion of who reads the file.
struct NumberedGraph: GraphContent {
  let schema: [Schema.Table]
  private let graph: Graph
  /// The rows of each table in the order in which they are written.
  private let rows: [RowNumbering]

  /// - Parameter orders: For a table's number the slots of its rows in another order than that of
  ///   insertion.
  init(_ graph: Graph, orders: [Int: [UInt32]]) {
    self.graph = graph
    schema = graph.schema.tables
    rows = graph.layout.tables.indices.map { RowNumbering(graph.table($0), inOrder: orders[$0]) }
  }

  func rows(of table: Int) -> RowsBlock {
    let state = graph.table(table)
    return RowsBlock(
      count: state.count, largestKey: state.largestKey ?? .null, of: schema[table])
  }

  func forEachValue(of column: Int, in table: Int, _ body: (StoredValue) -> Void) {
    let state = graph.table(table)
    guard let order = rows[table].order else { return state.forEachValue(of: column, body) }
    for slot in order { body(state.value(of: column, at: slot)) }
  }

  // MARK: Links

  func linkCount(of table: Int) -> Int { links(of: table).links.count }

  func degrees(of table: Int) -> [UInt32] {
    let (links, info) = links(of: table)
    let sources = rows[info.source]
    var degrees = [UInt32](repeating: 0, count: sources.count)
    links.forward.forEachSource { source, run in
      degrees[Int(sources[source])] += UInt32(run.count)
    }
    return degrees
  }

  func forEachTargets(of table: Int, _ body: ([UInt32]) -> Void) {
    let targets = rows[links(of: table).info.target]
    var ends: [UInt32] = []
    forEachRun(of: table) { run, isWhole in
      let start = ends.count
      for index in run.indices { ends.append(targets[run[index]]) }
      if isWhole { ends[start...].sort() }
      if ends.count < NumberedGraph.targetsAtOnce { return }
      body(ends)
      ends.removeAll(keepingCapacity: true)
    }
    body(ends)
  }

  /// How many targets are gathered before they are handed on.
  private static let targetsAtOnce = 1 << 14

  /// Calls `body` with the targets of each source that has some, in the order of the sources.
  ///
  /// - Parameter body: Is told whether these are all targets of a source, which are to be sorted by
  ///   their numbers, or may be a part, which is in order.
  private func forEachRun(
    of table: Int, _ body: (_ run: Span<UInt32>, _ isWhole: Bool) -> Void
  ) {
    let (links, info) = links(of: table)
    let order = rows[info.source].order
    if order == nil, rows[info.target].order == nil {
      return links.forward.forEachSource { _, run in body(run, false) }
    }
    links.withView(.forward) { runs in
      for source in order ?? graph.table(info.source).allSlots() {
        runs.withTargets(of: source) { body($0, true) }
      }
    }
  }

  /// The links of an association table, and what is known of it.
  private func links(of table: Int) -> (links: Adjacency, info: Frozen<LinkInfo>) {
    let link = graph.layout.associations[table - rows.count]
    return (graph.links(link), graph.layout.links[link])
  }
}
