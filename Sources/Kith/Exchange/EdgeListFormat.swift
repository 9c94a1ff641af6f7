/// Writes links as an edge list, below a comment with their number and that of the rows.
struct EdgeListFormat: RecordFormat {
  private let heading: String

  /// Describes the links of an association table, and what to count before them.
  init<Source: Row, Target: Row>(_ graph: Graph, _ association: Association<Source, Target>) {
    EdgeListKeys.requireIntegers(of: Source.self)
    EdgeListKeys.requireIntegers(of: Target.self)
    let link = graph.layout.link(association.identity)
    let info = graph.layout.links[link]
    let tables = info.source == info.target ? [info.source] : [info.source, info.target]
    let rows = tables.reduce(0) { $0 + graph.table($1).count }
    heading = """
      # Directed graph: \(info.tableName.onOneLine)
      # Nodes: \(rows) Edges: \(graph.links(link).count)
      # FromNodeId\tToNodeId

      """
  }

  func header(_ columns: [String]) -> String? { heading }

  func line(_ values: [StoredValue], _ columns: [String]) -> String {
    values.map(\.description).joined(separator: "\t") + "\n"
  }
}
