import KithCore

extension Graph {
  /// Deletes a row, and what the rules of its referrers say goes with it; all or nothing.
  mutating func delete(_ number: Int, _ slot: UInt32) throws(GraphError) {
    if isReferredTo(number, slot) { return try delete([(number, slot)]) }
    leaveIndexes(number, slot)
    removeRow(number, slot)
  }

  /// Whether a foreign key of any row, its own included, refers to a row.
  private func isReferredTo(_ number: Int, _ slot: UInt32) -> Bool {
    layout.tables[number].referrers.contains { linkCount(of: slot, $0, .backward) > 0 }
  }

  /// Deletes rows, and what the rules of their referrers say goes with them; all or nothing.
  mutating func delete(_ rows: [(table: Int, slot: UInt32)]) throws(GraphError) {
    let plan = try DeletionPlan(deleting: rows, from: self)
    if !plan.orphans.isEmpty {
      let orphans = plan.orphans
      try atomically { (graph) throws(GraphError) in try graph.empty(orphans) }
    }
    for abandoned in plan.abandoned { abandon(abandoned.link, abandoned.slot) }
    // All rows leave their indexes before any link goes, because the links say where they stand.
    let doomed = plan.doomed
    for (number, slot) in doomed { leaveIndexes(number, slot) }
    for (number, slot) in doomed { removeRow(number, slot) }
  }

  /// Empties foreign keys of rows: of many of one table in one step, so that what they share is changed
  /// once.
  private mutating func empty(_ orphans: [DeletionPlan.Orphan]) throws(GraphError) {
    var rest = orphans[...]
    while let first = rest.first {
      let alike = rest.prefix(Graph.mostEmptied).prefix { $0.table == first.table }
      rest = rest.dropFirst(alike.count)
      let (rows, old) = try remade(
        alike.map { orphan in (orphan.slot, orphan.columns.map { ($0, .null) }) }, of: first.table)
      try replaceNow(first.table, rows, old)
    }
  }

  /// The most rows that are held beside the table while they are changed.
  private static let mostEmptied = 4_096

  /// Lets a row wait for another row with the key of the one that it loses.
  private mutating func abandon(_ link: Int, _ slot: UInt32) {
    let info = layout.links[link]
    guard let column = info.column else { return }
    let key = table(info.source).value(of: column, at: slot)
    moveInIndexes(info.source, slot) { $0.relink(slot, .pending(link: link, key)) }
  }

  private mutating func removeRow(_ number: Int, _ slot: UInt32) {
    let info = layout.tables[number]
    for (link, direction) in info.associations { removeLinks(link, of: slot, direction) }
    for link in info.foreignKeys {
      forgetPending(link, slot)
      removeLinks(link, of: slot, .forward)
    }
    for link in info.referrers { removeLinks(link, of: slot, .backward) }
    changeTable(number) { $0.leave(slot) }
  }

  private mutating func removeLinks(_ link: Int, of slot: UInt32, _ direction: Direction) {
    if linkCount(of: slot, link, direction) == 0 { return }
    changeLinks(link) { $0.removeAll(of: slot, direction) }
  }
}
