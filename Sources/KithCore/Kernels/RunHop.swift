/// One hop of a walk: the runs that it reads, from the rows on the near side to those on the far side.
package struct RunHop: Sendable {
  package let runs: RunsView
  /// The other direction.
  package let reversed: RunsView
  /// One more than the largest slot on the far side.
  package let rowCount: Int

  package init(runs: RunsView, reversed: RunsView, rowCount: Int) {
    self.runs = runs
    self.reversed = reversed
    self.rowCount = rowCount
  }
}

extension [RunHop] {
  /// The hops of a step that leads back to its table, walked back: the last one first.
  var walkedBack: [RunHop] {
    indices.reversed().map { index in
      RunHop(
        runs: self[index].reversed, reversed: self[index].runs,
        rowCount: self[(index + count - 1) % count].rowCount)
    }
  }
}
