import KithCore

/// What goes when rows are deleted, found before anything is changed.
///
/// A plan does not hold the graph that it was made for: then the graph need not be copied to be
/// changed.
struct DeletionPlan {
  /// The rows to delete.
  private(set) var doomed: [(table: Int, slot: UInt32)] = []
  /// The rows that stay, and their foreign keys that become empty.
  private(set) var orphans: [Orphan] = []
  /// The rows that stay, and wait until the end of the write for another row with the key of the one
  /// that goes.
  private(set) var abandoned: [(link: Int, slot: UInt32)] = []
  private var isDoomed: Set<RowPlace> = []

  /// A row that stays, and its foreign keys that become empty.
  struct Orphan {
    let table: Int
    let slot: UInt32
    let columns: [Int]
  }

  /// Dooms rows, and follows the rules of all who refer to a doomed row, until nobody is left.
  ///
  /// - Throws: `GraphError.restrictedDelete` if a row that stays forbids it.
  init(deleting rows: [(table: Int, slot: UInt32)], from graph: Graph) throws(GraphError) {
    for (table, slot) in rows { add(table, slot) }
    cascade(in: graph)
    try empty(in: graph)
  }

  /// Dooms a row, unless it is doomed already.
  private mutating func add(_ table: Int, _ slot: UInt32) {
    if isDoomed.insert(RowPlace(table: table, slot: slot)).inserted { doomed.append((table, slot)) }
  }

  /// Dooms the rows that go with a doomed row.
  private mutating func cascade(in graph: Graph) {
    var next = 0
    while next < doomed.count {
      let (table, slot) = doomed[next]
      next += 1
      for link in graph.layout.tables[table].referrers
      where graph.layout.links[link].onDelete == .cascade {
        for child in graph.links(link).targets(of: slot, .backward) {
          add(graph.layout.links[link].source, child)
        }
      }
    }
  }

  /// Finds the foreign keys of rows that stay and refer to a doomed row.
  private mutating func empty(in graph: Graph) throws(GraphError) {
    var emptied: [RowPlace: [Int]] = [:]
    var order: [RowPlace] = []
    for (table, slot) in doomed {
      for link in graph.layout.tables[table].referrers {
        let info = graph.layout.links[link]
        guard info.onDelete != .cascade, let column = info.column else { continue }
        for child in graph.links(link).targets(of: slot, .backward) {
          let place = RowPlace(table: info.source, slot: child)
          if isDoomed.contains(place) { continue }
          if info.onDelete == .restrict, info.isDeferred {
            abandoned.append((link, child))
            continue
          }
          if info.onDelete == .restrict {
            throw .restrictedDelete(
              constraint: info.targetConstraint, table: info.tableName,
              key: "\(graph.table(table).key(at: slot))")
          }
          if emptied[place] == nil { order.append(place) }
          emptied[place, default: []].append(column)
        }
      }
    }
    orphans = order.map { Orphan(table: $0.table, slot: $0.slot, columns: emptied[$0] ?? []) }
  }
}

/// A row of any table.
struct RowPlace: Hashable {
  let table: Int
  let slot: UInt32
}
