import KithCore

/// The rows that a change of rows replaces: these, and those whose foreign keys follow the new keys of
/// the rows that they refer to, as SQL's `ON UPDATE CASCADE` has it.
///
/// All of them are known before the first is stored. So a row may get the key or the unique values that
/// another loses, whichever of them is changed by itself and whichever follows.
struct ReplacementPlan {
  /// The rows in the order in which they are tested: those that are changed, and then those that follow, a
  /// table after the other.
  let batches: [[Row]]

  /// A row that is replaced.
  struct Row {
    let place: RowPlace
    let old: RowValues
    let new: RowValues
    /// The row itself, or why its table refuses it.
    let replacement: Result<ReplacedRow, GraphError>
    /// Foreign keys whose links stay, because the rows that they lead to get other keys.
    let following: Set<Int>

    var isRekeyed: Bool { old.key != new.key }
  }

  /// - Parameters:
  ///   - number: The table whose rows are changed.
  ///   - changed: The rows as they are changed to, tested against their table's rules.
  ///   - old: What the rows come down to as they are.
  init(
    _ number: Int, _ changed: [(slot: UInt32, row: ReplacedRow)], _ old: [RowValues],
    in graph: borrowing Graph
  ) {
    var follow = Following(number, changed, old)
    follow.all(in: graph)
    let rows = follow.drafts.map { $0.row(in: graph) }
    let others = rows[changed.count...]
    batches =
      [Array(rows[..<changed.count])]
      + Set(others.map(\.place.table)).sorted().map { table in
        others.filter { $0.place.table == table }
      }
  }
}

/// Puts new keys of rows into the foreign keys that refer to them, and so on where that makes new keys.
private struct Following {
  private(set) var drafts: [Draft]
  private var indexes: [RowPlace: Int] = [:]

  /// A row that will be replaced, and what it is to come down to.
  struct Draft {
    let place: RowPlace
    let old: RowValues
    var new: RowValues
    /// The row itself; nil if it has to be made of its new values.
    var made: ReplacedRow?
    var following: Set<Int> = []
  }

  init(_ number: Int, _ changed: [(slot: UInt32, row: ReplacedRow)], _ old: [RowValues]) {
    drafts = zip(changed, old).map { changed, old in
      Draft(
        place: RowPlace(table: number, slot: changed.slot), old: old, new: changed.row.values,
        made: changed.row)
    }
  }

  mutating func all(in graph: borrowing Graph) {
    var rekeyed = drafts.indices.filter { drafts[$0].old.key != drafts[$0].new.key }
    if rekeyed.isEmpty { return }
    for index in drafts.indices { indexes[drafts[index].place] = index }
    while let index = rekeyed.popLast() {
      let (place, key) = (drafts[index].place, drafts[index].new.key)
      for link in graph.layout.tables[place.table].referrers {
        let info = graph.layout.links[link]
        guard let column = info.column else { continue }
        for slot in graph.links(link).targets(of: place.slot, .backward) {
          let child = draft(of: RowPlace(table: info.source, slot: slot), in: graph)
          let before = drafts[child].new.key
          drafts[child].follow(
            link, column, key, graph.layout.tables[info.source].value.primaryKey)
          if drafts[child].new.key != before { rekeyed.append(child) }
        }
      }
    }
  }

  /// The index of a row, which is replaced from now on.
  private mutating func draft(of place: RowPlace, in graph: borrowing Graph) -> Int {
    if let index = indexes[place] { return index }
    let values = graph.table(place.table).rowValues(at: place.slot)
    indexes[place] = drafts.count
    drafts.append(Draft(place: place, old: values, new: values))
    return drafts.count - 1
  }
}

extension Following.Draft {
  /// Puts the new key of the row that a foreign key refers to into its column, unless the change itself
  /// makes it refer to another row.
  mutating func follow(_ link: Int, _ column: Int, _ key: StoredValue, _ primaryKey: [Int]) {
    if !following.contains(link), new.columns[column] != old.columns[column] { return }
    following.insert(link)
    var columns = new.columns
    columns[column] = key
    let ownKey =
      primaryKey.contains(column) ? StoredValue.key(primaryKey.map { columns[$0] }) : new.key
    (new, made) = (RowValues(key: ownKey, columns: columns), nil)
  }

  func row(in graph: borrowing Graph) -> ReplacementPlan.Row {
    let replacement: Result<ReplacedRow, GraphError>
    if let made {
      replacement = .success(made)
    } else {
      let table = place.table
      do throws(GraphError) {
        replacement = .success(
          try graph.table(table).rows.remade(new, graph.layout.tables[table]))
      } catch {
        replacement = .failure(error)
      }
    }
    return ReplacementPlan.Row(
      place: place, old: old, new: (try? replacement.get())?.values ?? new,
      replacement: replacement, following: following)
  }
}
