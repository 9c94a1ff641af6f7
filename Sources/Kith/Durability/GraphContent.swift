/// A graph as a file holds it: tables by their numbers among all, and rows by theirs, from 0 without
/// gaps.
protocol GraphContent {
  /// What the tables are, then the association tables.
  var schema: [Schema.Table] { get }

  /// How many rows a table has, and the largest key that it remembers.
  func rows(of table: Int) -> RowsBlock

  /// Calls `body` with the values of a column, row by row.
  func forEachValue(of column: Int, in table: Int, _ body: (StoredValue) -> Void)

  /// How many links an association table has.
  func linkCount(of table: Int) -> Int

  /// How many of them each row has as a source.
  func degrees(of table: Int) -> [UInt32]

  /// Calls `body` with their targets, some at a time, by source and then by target.
  func forEachTargets(of table: Int, _ body: ([UInt32]) -> Void)
}
