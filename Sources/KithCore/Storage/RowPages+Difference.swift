extension RowPages {
  /// Calls `body` with the slots, ascending, at which a row lives in either version, in all pages
  /// that the versions do not share.
  ///
  /// A page that is not shared need not differ in all of its rows: the caller compares them.
  ///
  /// - Returns: The number of pages and nodes looked at.
  /// - Complexity: O(pages that differ).
  @discardableResult
  package func forEachChangedSlot(since old: RowPages, _ body: (UInt32) -> Void) -> Int {
    tree.forEachDifferingPage(since: old.tree) { index, old, new in
      let first = UInt32(index * RowPage.capacity)
      var bits = (old?.tag ?? 0) | (new?.tag ?? 0)
      while bits != 0 {
        body(first + UInt32(bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
  }
}
