/// The plan for how many rows of many parents lie between two values of a column, such as the posts of a
/// feed that are newer than a date: each parent's are counted in an ordered index, and none is read.
struct FeedCount {
  private let graph: Graph
  /// The rows whose rows are counted.
  private let parents: QueryNode
  private let table: Int
  private let index: Int
  private let range: RankRange

  /// Recognizes `parents.rows.filter(…)`, where nothing but the index's column is compared, or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .filter = node, let (base, filter) = node.filtered,
      let (parents, hop) = base.parents, hop.direction == .backward
    else { return nil }
    let info = graph.layout.tables[node.table]
    for (number, index) in info.indexes.enumerated() where index.parentLink == hop.link {
      let column = info.columns[index.column]
      let (range, others) = RankRange.split([filter], by: index.column, column)
      guard others.isEmpty else { continue }
      self.graph = graph
      self.parents = parents
      self.range = range
      (table, self.index) = (node.table, number)
      return
    }
    return nil
  }

  /// The number of rows: each has one parent.
  ///
  /// - Complexity: O(parents · log rows).
  func run() -> Int {
    let state = graph.table(table)
    return Executor(graph: graph).set(parents).reduce(0) { sum, parent in
      sum + IndexedRows(state, index, below: parent).places(of: range).count
    }
  }
}
