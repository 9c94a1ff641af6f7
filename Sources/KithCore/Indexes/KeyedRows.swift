/// The rows of one version of a table and their keys' ranks, read without counting owners.
///
/// Valid while the table it was taken from is neither changed nor dropped.
@usableFromInline
package struct KeyedRows {
  @usableFromInline let keys: KeyIndexView
  @usableFromInline let rows: PageTreeView

  /// - Parameters:
  ///   - keys: The keys.
  ///   - rows: The pages of the rows.
  @inlinable
  @inline(__always)
  package init(keys: KeyIndexView, rows: PageTreeView) {
    self.keys = keys
    self.rows = rows
  }

  /// Where the row lies whose key has a rank; nil when there is none.
  ///
  /// - Complexity: O(1) on average.
  package func find(_ rank: UInt64) -> LiveRow? {
    guard let slot = keys.find(rank) else { return nil }
    return rows.row(at: slot)
  }
}
