/// What differs between two versions of the naive store.
package struct NaiveDifference {
  private let before: NaiveStore
  private let after: NaiveStore

  package init(from before: NaiveStore, to after: NaiveStore) {
    self.before = before
    self.after = after
  }

  /// The rows of a table that are new, and have the key of no row that went.
  package func inserted(_ table: Int) -> [[Value]] {
    after.rows[table].filter { row in
      before.row(table, serial: row.serial) == nil && predecessor(table, row) == nil
    }.map(\.values)
  }

  /// The rows of a table that are gone, and whose key no new row has.
  package func deleted(_ table: Int) -> [[Value]] {
    before.rows[table].filter { row in
      guard after.row(table, serial: row.serial) == nil else { return false }
      let successor = after.find(table, before.key(table, row.values))
      return successor.map { before.row(table, serial: $0.serial) != nil } ?? true
    }.map(\.values)
  }

  /// The values before and after of rows that have others, or that were deleted and inserted again.
  package func updated(_ table: Int) -> Set<[[Value]]> {
    Set(
      after.rows[table].compactMap { row in
        let old = before.row(table, serial: row.serial) ?? predecessor(table, row)
        guard let old, old.values != row.values else { return nil }
        return [old.values, row.values]
      })
  }

  /// The row that went and had the key of a new one.
  private func predecessor(_ table: Int, _ row: NaiveStore.Row) -> NaiveStore.Row? {
    guard let old = before.find(table, after.key(table, row.values)),
      after.row(table, serial: old.serial) == nil
    else { return nil }
    return old
  }

  /// The links of an association table that are new, and those that are gone, by keys.
  package func links(_ number: Int) -> (appended: Set<[Value]>, removed: Set<[Value]>) {
    let removed = keys(before.links[number].subtracting(after.links[number]), number, before)
    let appended = keys(after.links[number].subtracting(before.links[number]), number, after)
    let both = removed.intersection(appended)
    return (appended.subtracting(both), removed.subtracting(both))
  }

  private func keys(
    _ links: Set<NaiveStore.LinkEnds>, _ number: Int, _ store: NaiveStore
  ) -> Set<[Value]> {
    let link = store.shape.links[number]
    return Set(
      links.map { ends in
        [
          store.key(link.source, serial: ends.source) ?? .null,
          store.key(link.target, serial: ends.target) ?? .null,
        ]
      })
  }
}
