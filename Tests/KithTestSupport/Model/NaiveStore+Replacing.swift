extension NaiveStore {
  /// Gives rows of one table other values, in one step: keys are compared when all have changed, and
  /// a new key goes into the foreign keys that referred to the row.
  mutating func replace(_ table: Int, _ changed: [Row]) throws(Refusal) {
    let isOne = changed.count == 1
    let faults = changed.flatMap { broken(table, $0.values) }
    try isOne ? refuse(first: faults) : refuse(any: faults)
    var next = self
    for row in changed { next.store(table, row) }
    let doubles = changed.flatMap { next.duplicates(table, $0) }
    try isOne ? refuse(first: doubles) : refuse(any: doubles)
    var chosen: Set<Place> = []
    var dangling: [Fault] = []
    for row in changed {
      let moved = row.values.indices.filter { value(table, row.serial, $0) != row.values[$0] }
      dangling += next.missing(table, row, moved)
      chosen.formUnion(moved.map { Place(table: table, serial: row.serial, column: $0) })
    }
    try isOne ? refuse(first: dangling) : refuse(any: dangling)
    try next.carry(table, renames(table, changed), chosen)
    self = next
  }

  /// A column of a row.
  struct Place: Hashable {
    let table: Int
    let serial: Int
    let column: Int
  }

  private func value(_ table: Int, _ serial: Int, _ column: Int) -> Value? {
    row(table, serial: serial)?.values[column]
  }

  private mutating func store(_ table: Int, _ row: Row) {
    for place in rows[table].indices where rows[table][place].serial == row.serial {
      rows[table][place] = row
    }
  }

  /// The keys that rows had, and those that they get instead.
  private func renames(_ table: Int, _ changed: [Row]) -> [Value: Value] {
    var renames: [Value: Value] = [:]
    for row in changed {
      guard let old = key(table, serial: row.serial) else { continue }
      let new = key(table, row.values)
      if old != new { renames[old] = new }
    }
    return renames
  }

  /// Puts new keys into the foreign keys that referred to the old ones, except where a new value
  /// was chosen, and goes on with the keys that change by that.
  private mutating func carry(
    _ table: Int, _ renames: [Value: Value], _ chosen: Set<Place>
  ) throws(Refusal) {
    if renames.isEmpty { return }
    var changes: [Int: [Int: [Change]]] = [:]
    for referrer in shape.referrers(of: table) {
      for row in rows[referrer.table] {
        let place = Place(table: referrer.table, serial: row.serial, column: referrer.column)
        guard !chosen.contains(place), let key = renames[row.values[referrer.column]]
        else { continue }
        changes[referrer.table, default: [:]][row.serial, default: []].append(
          Change(column: referrer.column, value: key))
      }
    }
    for (other, changes) in changes.sorted(by: { $0.key < $1.key }) {
      // The rows as they are by now: what was carried before may have changed them too.
      let changed = rows[other].filter { changes[$0.serial] != nil }.map { row in
        var row = row
        for change in changes[row.serial] ?? [] { row.values[change.column] = change.value }
        return row
      }
      let renamed = self.renames(other, changed)
      for row in changed { store(other, row) }
      try refuse(any: changed.flatMap { broken(other, $0.values) + duplicates(other, $0) })
      try carry(other, renamed, [])
    }
  }
}
