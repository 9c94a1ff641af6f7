/// A graph by names and values, as a file says it, whatever types there are today.
///
/// Rows are numbered in order of insertion. A row that goes leaves its number unused until the graph
/// is compacted, so that links need not be numbered again with every row.
struct RawGraph: Sendable {
  /// The tables in their order, then the association tables.
  var tables: [RawTable] = []

  /// A graph without rows.
  init(_ schema: [Schema.Table] = []) {
    tables = schema.map { RawTable($0) }
  }

  /// What the tables are.
  var schema: [Schema.Table] { tables.map(\.schema) }

  /// The place of a table, or nil if there is none of that name.
  func index(of name: String) -> Int? { tables.firstIndex { $0.schema.name == name } }

  /// The table of a name, or nil if there is none.
  func table(_ name: String) -> RawTable? { index(of: name).map { tables[$0] } }

  /// The place of a table.
  func requireIndex(of name: String) throws(RefusedStep) -> Int {
    guard let index = index(of: name) else { throw RefusedStep("there is no table \(name)") }
    return index
  }

  /// The table before which a table stands; nil if it is the last of its sort.
  func nameAfter(_ table: Schema.Table) -> String? {
    let next = schema.drop { $0.name != table.name }.dropFirst().first
    return next?.isAssociation == table.isAssociation ? next?.name : nil
  }

  /// The column before which a column of a table stands; nil if it is the last one.
  func columnAfter(_ column: String, of table: String) -> String? {
    self.table(table)?.schema.columns.drop { $0.name != column }.dropFirst().first?.name
  }

  /// The places of the tables that the links of an association table start from and lead to.
  func ends(of association: Int) throws(RefusedStep) -> (source: Int, target: Int) {
    let ends = tables[association].schema.ends
    guard ends.count == 2, let source = ends[0], let target = ends[1] else {
      throw RefusedStep("\(tables[association].schema.name) does not link two tables")
    }
    return (try requireIndex(of: source), try requireIndex(of: target))
  }

  /// Numbers the rows from 0 again, without gaps, and lets go the links of rows that went.
  mutating func compact() throws(RefusedStep) {
    let numbers = tables.map { $0.rows.compactNumbers }
    for index in tables.indices where tables[index].schema.isAssociation {
      let (source, target) = try ends(of: index)
      tables[index].links.renumber(numbers[source], numbers[target])
    }
    for index in tables.indices where numbers[index] != nil { tables[index].rows.compact() }
  }
}
