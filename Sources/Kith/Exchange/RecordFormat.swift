import Foundation
import KithCore

/// How records are written as text.
protocol RecordFormat {
  /// The line before the records, if there is one, with its line end.
  func header(_ columns: [String]) -> String?
  /// One record, with its line end.
  func line(_ values: [StoredValue], _ columns: [String]) -> String
}

/// Records with named columns, on their way into a text.
protocol RecordSource {
  /// The names of the columns.
  var columnNames: [String] { get }
  /// Calls `body` with the values of one record after the other.
  func forEachRecord<Failure: Error>(
    _ body: ([StoredValue]) throws(Failure) -> Void
  ) throws(Failure)
}

extension RecordSource {
  /// The records as text.
  func text(_ format: some RecordFormat) -> String {
    var text = ""
    writeLines(format) { text += $0 }
    return text
  }

  /// Writes the records to the file at a URL, in place of what was in it.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  func write(_ format: some RecordFormat, to url: URL) throws(GraphError) {
    try FileReplacement(at: url).write { append throws(GraphError) in
      try writeLines(format, append)
    }
  }

  private func writeLines<Failure: Error>(
    _ format: some RecordFormat, _ append: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let columns = columnNames
    if let header = format.header(columns) { try append(header) }
    try forEachRecord { values throws(Failure) in try append(format.line(values, columns)) }
  }
}

extension Query: RecordSource {
  var columnNames: [String] { TextColumn.columns(of: Record.self).map(\.name) }

  func forEachRecord<Failure: Error>(
    _ body: ([StoredValue]) throws(Failure) -> Void
  ) throws(Failure) {
    let table = Record.table
    for row in self { try body(table.values(of: row)) }
  }
}

/// The links of an association table, in the order of the rows where they start, and then of those
/// where they end.
struct LinkRecords: RecordSource {
  private let graph: Graph
  private let number: Int
  /// The way of the links: backward, they start at the table's second column.
  private let direction: Direction
  let columnNames: [String]

  /// The links of an association table.
  ///
  /// - Parameter direction: The way of the links, whichever way the association table is walked.
  init<Source: Row, Target: Row>(
    _ graph: Graph, _ association: Association<Source, Target>, _ direction: Direction = .forward
  ) {
    self.graph = graph
    self.direction = direction
    number = graph.layout.link(association.identity)
    columnNames = TextColumn.columns(of: association).map(\.name)
  }

  func forEachRecord<Failure: Error>(
    _ body: ([StoredValue]) throws(Failure) -> Void
  ) throws(Failure) {
    let ends = graph.layout.tables(of: number, direction)
    let (sources, targets) = (graph.table(ends.from), graph.table(ends.to))
    let links = graph.links(number)
    for source in sources.allSlots() {
      let key = sources.key(at: source)
      for target in links.targets(of: source, direction) {
        try body([key, targets.key(at: target)])
      }
    }
  }
}
