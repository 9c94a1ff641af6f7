extension NaiveStore {
  /// Deletes a row; false if there is none.
  package mutating func delete(_ table: Int, _ key: Value) throws(Refusal) -> Bool {
    guard let row = find(table, key) else { return false }
    try delete([Doomed(table: table, serial: row.serial)])
    return true
  }

  /// Deletes the rows with some keys.
  package mutating func delete(_ table: Int, keys: [Value]) throws(Refusal) {
    try delete(
      keys.compactMap { find(table, $0) }.map { Doomed(table: table, serial: $0.serial) })
  }

  struct Doomed: Hashable {
    let table: Int
    let serial: Int
  }

  /// The rows that go when some go, by the foreign keys that cascade.
  private func cascade(_ first: [Doomed]) -> Set<Doomed> {
    var doomed = Set(first)
    var next = first
    while let one = next.popLast() {
      for (child, reference) in children(of: one)
      where reference.rule == .cascade && doomed.insert(child.row).inserted {
        next.append(child.row)
      }
    }
    return doomed
  }

  private typealias Child = (row: Doomed, column: Int)

  /// The rows whose foreign keys refer to a row.
  private func children(of one: Doomed) -> [(Child, Shape.Reference)] {
    guard let key = key(one.table, serial: one.serial) else { return [] }
    return shape.referrers(of: one.table).flatMap { referrer in
      rows[referrer.table].filter { $0.values[referrer.column] == key }.map { row in
        ((Doomed(table: referrer.table, serial: row.serial), referrer.column), referrer.reference)
      }
    }
  }

  private mutating func delete(_ first: [Doomed]) throws(Refusal) {
    let doomed = cascade(first)
    var next = self
    var restricted: [Fault] = []
    var emptied: Set<Doomed> = []
    for one in doomed {
      for (child, reference) in children(of: one) where !doomed.contains(child.row) {
        let table = shape.tables[child.row.table]
        if reference.rule == .setNull {
          next.empty(child)
          emptied.insert(child.row)
        } else if !reference.isDeferred {
          restricted.append(
            Fault(
              .restrictedDelete, table.referenceName(child.column, in: shape), table.name,
              "\(key(one.table, serial: one.serial) ?? .null)"))
        }
      }
    }
    try refuse(any: restricted)
    try refuse(
      any: emptied.flatMap { one in
        next.row(one.table, serial: one.serial).map { next.broken(one.table, $0.values) } ?? []
      })
    for one in doomed { next.remove(one) }
    self = next
  }

  private mutating func empty(_ child: Child) {
    for place in rows[child.row.table].indices
    where rows[child.row.table][place].serial == child.row.serial {
      rows[child.row.table][place].values[child.column] = .null
    }
  }

  /// Takes a row away, and its links.
  private mutating func remove(_ one: Doomed) {
    rows[one.table].removeAll { $0.serial == one.serial }
    for (number, link) in shape.links.enumerated() {
      links[number] = links[number].filter { ends in
        !(link.source == one.table && ends.source == one.serial)
          && !(link.target == one.table && ends.target == one.serial)
      }
    }
  }
}
