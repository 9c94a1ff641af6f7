import KithCore

/// What one write did, by keys: what a log keeps of it.
///
/// Applied to the graph before the write it gives the graph after it, with all rows in their order
/// of insertion. What follows from the rows is not in it: the links of rows that were deleted, and
/// the links that foreign keys are.
struct Commit {
  /// A row and its table.
  struct RowChange {
    let table: Int
    /// The key by which the row is found, if it was there before.
    var key: StoredValue = .null
    /// The values of all columns, if the row is there afterwards.
    var values: [StoredValue] = []
  }

  /// A link of an association table.
  struct LinkChange {
    /// The number of the table among the association tables.
    let association: Int
    let source: StoredValue
    let target: StoredValue
  }

  /// The version of the store that the write led to.
  var version = 0
  /// The links that went between rows that stayed, by the keys before.
  var unlinked: [LinkChange] = []
  var deleted: [RowChange] = []
  var updated: [RowChange] = []
  /// In order of insertion.
  var inserted: [RowChange] = []
  /// The largest keys that tables remember, where they do not follow from the rows.
  var largestKeys: [RowChange] = []
  /// The links that came, by the keys afterwards.
  var linked: [LinkChange] = []
}

extension Commit {
  /// Finds what a write did.
  ///
  /// - Complexity: O(pages that differ); O(rows + links) if the write put a graph in place of the
  ///   other that was not made from it by changes.
  init(from before: Graph, to after: Graph) {
    version = after.version
    if !after.sharesSlots(with: before) {
      replace(before, with: after)
      return
    }
    for table in after.layout.tables.indices { compareRows(table, before, after) }
    for association in after.layout.associations.indices {
      compareLinks(association, before, after)
    }
  }

  /// Takes all rows of one graph away, and puts all of another in, whose order they then have.
  private mutating func replace(_ before: Graph, with after: Graph) {
    for number in after.layout.tables.indices {
      let (old, new) = (before.table(number), after.table(number))
      deleted += old.allSlots().map { RowChange(table: number, key: old.key(at: $0)) }
      inserted += new.allSlots().map {
        RowChange(table: number, values: new.values(at: $0))
      }
      noteLargestKey(number, after)
    }
    for (association, number) in after.layout.associations.enumerated() {
      let ends = Ends(of: association, in: after)
      after.links(number).forward.forEachSource { source, run in
        for index in run.indices { linked.append(ends.change(source, run[index])) }
      }
    }
  }

  private mutating func noteLargestKey(_ number: Int, _ after: Graph) {
    guard after.layout.tables[number].hasNextKey, let key = after.table(number).largestKey else {
      return
    }
    largestKeys.append(RowChange(table: number, key: key))
  }

  private mutating func compareRows(_ number: Int, _ before: Graph, _ after: Graph) {
    let (old, new) = (before.table(number), after.table(number))
    if old.isSameVersion(as: new) { return }
    var largest = old.largestKey
    new.rows.forEachChangedSlot(since: old.rows) { slot in
      switch (old.isLive(slot), new.isLive(slot)) {
      case (true, true):
        let values = new.values(at: slot)
        if !values.isIdentical(to: old.values(at: slot)) {
          updated.append(
            RowChange(table: number, key: old.key(at: slot), values: values))
          largest = max(largest ?? .null, new.key(at: slot))
        }
      case (true, false):
        deleted.append(RowChange(table: number, key: old.key(at: slot)))
      case (false, true):
        inserted.append(RowChange(table: number, values: new.values(at: slot)))
        largest = max(largest ?? .null, new.key(at: slot))
      case (false, false): break
      }
    }
    // A row that was inserted and deleted again leaves its key behind, and nothing else.
    if new.largestKey != largest { noteLargestKey(number, after) }
  }

  private mutating func compareLinks(_ association: Int, _ before: Graph, _ after: Graph) {
    let number = after.layout.associations[association]
    let (old, new) = (Ends(of: association, in: before), Ends(of: association, in: after))
    after.links(number).forward.forEachChange(since: before.links(number).forward) {
      source, gone, come in
      for target in gone where new.sources.isLive(source) && new.targets.isLive(target) {
        unlinked.append(old.change(source, target))
      }
      for target in come { linked.append(new.change(source, target)) }
    }
  }

  /// The tables at both ends of an association table, in one version of the graph.
  private struct Ends {
    let association: Int
    let sources: TableState
    let targets: TableState

    init(of association: Int, in graph: Graph) {
      self.association = association
      let info = graph.layout.links[graph.layout.associations[association]]
      (sources, targets) = (graph.table(info.source), graph.table(info.target))
    }

    /// A link between two rows, which live.
    func change(_ source: UInt32, _ target: UInt32) -> LinkChange {
      LinkChange(
        association: association, source: sources.key(at: source), target: targets.key(at: target))
    }
  }
}
