/// The steps about columns of tables. A refused step changes nothing.
extension RawGraph {
  mutating func addColumn(
    _ column: Schema.Column, to name: String, before next: String?, _ values: [StoredValue]?
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(name)
    if tables[table].schema.column(column.name) != nil {
      throw RefusedStep("\(name) has a column \(column.name) already")
    }
    if column.name.isEmpty { throw RefusedStep("a column needs a name") }
    let place =
      try next.map { (next) throws(RefusedStep) in try tables[table].requireColumn(next) }
      ?? tables[table].schema.columns.count
    let rows = tables[table].rows
    let filled =
      values ?? [StoredValue](repeating: column.defaultValue ?? .null, count: rows.end)
    try requireFit(filled, column, of: table)
    tables[table].schema.columns.insert(column, at: place)
    tables[table].rows.columns.insert(filled, at: place)
    return rows.liveCount
  }

  mutating func dropColumn(
    _ column: String, from name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(name)
    let place = try tables[table].requireColumn(column)
    if let key = tables[table].schema.primaryKey, key.columns.contains(column) {
      throw RefusedStep("\(name).\(column) is part of the primary key (\(key.name))")
    }
    tables[table].schema.columns.remove(at: place)
    tables[table].rows.columns.remove(at: place)
    tables[table].schema.constraints.removeAll { $0.columns.contains(column) }
    tables[table].schema.indexes.removeAll { $0.columns.contains(column) }
    return tables[table].count
  }

  mutating func renameColumn(
    _ old: String, to new: String, of name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    let place = try tables[table].requireColumn(old)
    if tables[table].schema.column(new) != nil {
      throw RefusedStep("\(name) has a column \(new) already")
    }
    if new.isEmpty { throw RefusedStep("a column needs a name") }
    tables[table].schema.columns[place].name = new
    tables[table].schema.changeConstraints { constraint in
      constraint.columns = constraint.columns.map { $0 == old ? new : $0 }
    }
    return tables[table].count
  }

  mutating func changeColumn(
    _ name: String, to column: Schema.Column, of tableName: String, _ values: [StoredValue]?
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(tableName)
    let place = try tables[table].requireColumn(name)
    let old = tables[table].schema.columns[place]
    var changed = values ?? tables[table].rows.columns[place]
    if values == nil, old.kind != column.kind {
      changed = try converted(place, of: table, to: column.kind)
    }
    if old.isNullable, !column.isNullable, let filling = column.defaultValue {
      changed = changed.map { $0.isNull ? filling : $0 }
    }
    try requireFit(changed, column, of: table)
    let oldKey = tables[table].schema.keyKind
    tables[table].schema.columns[place] = column
    tables[table].rows.columns[place] = changed
    if tables[table].schema.keyKind != oldKey {
      keyKindChanged(of: table)
    } else {
      tables[table].noteKeys()
    }
    return tables[table].count
  }

  mutating func orderColumns(
    _ names: [String], of name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(name)
    let columns = tables[table].schema.columns
    let order = try places(of: names, in: columns.map(\.name), "columns of \(name)")
    let values = tables[table].rows.columns
    tables[table].schema.columns = order.map { columns[$0] }
    tables[table].rows.columns = order.map { values[$0] }
    return tables[table].count
  }

  private func requireTableOfRows(_ name: String) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    if tables[table].schema.isAssociation {
      throw RefusedStep("\(name) is an association table: it has its two columns, as they are")
    }
    return table
  }

  /// The values of a column in the form of another kind.
  private func converted(
    _ place: Int, of table: Int, to kind: StoredValue.Kind
  ) throws(RefusedStep) -> [StoredValue] {
    let rows = tables[table].rows
    var converted = rows.columns[place]
    var faults = Examples()
    for row in rows.numbers {
      if let value = converted[row].converted(to: kind) {
        converted[row] = value
      } else {
        faults.add("\(converted[row]) in the row \(tables[table].key(row))")
      }
    }
    if faults.isEmpty { return converted }
    let column = tables[table].schema.columns[place].name
    throw RefusedStep(
      "\(tables[table].schema.name).\(column) can't become \(kind) by itself: \(faults)")
  }

  /// Requires that values may stand in a column.
  private func requireFit(
    _ values: [StoredValue], _ column: Schema.Column, of table: Int
  ) throws(RefusedStep) {
    if let fault = column.faultOfLength(in: tables[table].schema.name) { throw RefusedStep(fault) }
    let faults = tables[table].faults(of: values, in: column)
    if !faults.isEmpty { throw RefusedStep(faults) }
  }

  /// Follows a primary key whose kind has changed: the columns of association tables change along, and
  /// the next key starts from those that are there.
  mutating func keyKindChanged(of table: Int) {
    let (name, kind) = (tables[table].schema.name, tables[table].schema.keyKind)
    tables[table].largestKey = .null
    tables[table].noteKeys()
    guard let kind else { return }
    for other in tables.indices where tables[other].schema.isAssociation {
      for column in tables[other].schema.columns.indices {
        let columnName = tables[other].schema.columns[column].name
        if tables[other].schema.foreignKey(columnName)?.target == name {
          tables[other].schema.columns[column].kind = kind
        }
      }
    }
  }
}
