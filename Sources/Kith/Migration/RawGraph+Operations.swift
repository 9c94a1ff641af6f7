extension RawGraph {
  /// Does one step. A refused step changes nothing.
  ///
  /// - Parameter values: The values of a column that is added or changed, row by row; nil for those
  ///   that follow from the step alone.
  /// - Returns: How many rows, or links, the step touched.
  @discardableResult
  mutating func perform(
    _ operation: Schema.Operation, values: [StoredValue]? = nil
  ) throws(RefusedStep) -> Int {
    switch operation {
    case .createTable(let table, let next): return try create(table, before: next)
    case .dropTable(let table, _): return try drop(table.name)
    case .renameTable(let old, let new): return try renameTable(old, to: new)
    case .addColumn(let column, let table, let next):
      return try addColumn(column, to: table, before: next, values)
    case .dropColumn(let column, let table, _): return try dropColumn(column.name, from: table)
    case .renameColumn(let old, let new, let table):
      return try renameColumn(old, to: new, of: table)
    case .changeColumn(let old, let new, let table):
      return try changeColumn(old.name, to: new, of: table, values)
    case .addConstraint(let constraint, let table): return try add(constraint, to: table)
    case .dropConstraint(let constraint, let table):
      return try dropConstraint(constraint.name, from: table)
    case .renameConstraint(let old, let new, let table):
      return try renameConstraint(old, to: new, of: table)
    case .orderColumns(let names, _, let table): return try orderColumns(names, of: table)
    case .orderTables(let names, _): return try orderTables(names)
    }
  }

  // MARK: Tables

  private mutating func create(
    _ table: Schema.Table, before next: String?
  ) throws(RefusedStep) -> Int {
    if index(of: table.name) != nil { throw RefusedStep("there is a table \(table.name) already") }
    let faults = table.faults(among: schema)
    if !faults.isEmpty { throw RefusedStep(faults) }
    if table.isAssociation, table.constraints.count(where: { $0.kind == .foreignKey }) > 2 {
      throw RefusedStep("\(table.name) is an association table with more than two foreign keys")
    }
    let firstAssociation = tables.firstIndex { $0.schema.isAssociation } ?? tables.count
    let end = table.isAssociation ? tables.count : firstAssociation
    let place = try next.map { (next) throws(RefusedStep) in try requireIndex(of: next) } ?? end
    let room = table.isAssociation ? firstAssociation...tables.count : 0...firstAssociation
    guard room.contains(place) else {
      throw RefusedStep("association tables stand behind the tables, and \(table.name) would not")
    }
    tables.insert(RawTable(table), at: place)
    return 0
  }

  private mutating func drop(_ name: String) throws(RefusedStep) -> Int {
    let place = try requireIndex(of: name)
    for other in tables where other.schema.name != name {
      if let reference = other.schema.constraints.first(where: { $0.target == name }) {
        throw RefusedStep(
          "\(name) can't be dropped while \(other.schema.name) refers to it (\(reference.name))")
      }
      if other.ends.contains(name) {
        throw RefusedStep("\(name) can't be dropped while \(other.schema.name) links its rows")
      }
    }
    return tables.remove(at: place).count
  }

  private mutating func renameTable(
    _ old: String, to new: String
  ) throws(RefusedStep) -> Int {
    let place = try requireIndex(of: old)
    if index(of: new) != nil { throw RefusedStep("there is a table \(new) already") }
    if new.isEmpty { throw RefusedStep("a table needs a name") }
    tables[place].schema.name = new
    for table in tables.indices {
      tables[table].ends = tables[table].ends.map { $0 == old ? new : $0 }
      for constraint in tables[table].schema.constraints.indices
      where tables[table].schema.constraints[constraint].target == old {
        tables[table].schema.constraints[constraint].target = new
      }
    }
    return tables[place].count
  }

  private mutating func orderTables(_ names: [String]) throws(RefusedStep) -> Int {
    let order = try places(of: names, in: tables.map(\.schema.name), "tables")
    let ordered = order.map { tables[$0] }
    let flags = ordered.map(\.schema.isAssociation)
    guard flags == flags.sorted(by: { !$0 && $1 }) else {
      throw RefusedStep("association tables stand behind the tables")
    }
    tables = ordered
    return 0
  }

  /// Where each of some names stands among the present ones, which must be the same.
  private func places(
    of names: [String], in present: [String], _ what: String
  ) throws(RefusedStep) -> [Int] {
    guard names.count == present.count, Set(names) == Set(present),
      Set(names).count == names.count
    else {
      throw RefusedStep("the \(what) are \(present.joined(separator: ", ")), each to be named once")
    }
    return names.compactMap { present.firstIndex(of: $0) }
  }

  // MARK: Columns

  private mutating func addColumn(
    _ column: Schema.Column, to name: String, before next: String?, _ values: [StoredValue]?
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(name)
    if tables[table].schema.column(column.name) != nil {
      throw RefusedStep("\(name) has a column \(column.name) already")
    }
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

  private mutating func dropColumn(
    _ column: String, from name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireTableOfRows(name)
    let place = try tables[table].requireColumn(column)
    if let key = tables[table].schema.constraints.first(where: {
      $0.kind == .primaryKey && $0.columns.contains(column)
    }) {
      throw RefusedStep("\(name).\(column) is part of the primary key (\(key.name))")
    }
    tables[table].schema.columns.remove(at: place)
    tables[table].rows.columns.remove(at: place)
    tables[table].schema.constraints.removeAll { $0.columns.contains(column) }
    tables[table].schema.indexes.removeAll { $0.columns.contains(column) }
    return tables[table].count
  }

  private mutating func renameColumn(
    _ old: String, to new: String, of name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    let place = try tables[table].requireColumn(old)
    if tables[table].schema.column(new) != nil {
      throw RefusedStep("\(name) has a column \(new) already")
    }
    if new.isEmpty { throw RefusedStep("a column needs a name") }
    tables[table].schema.columns[place].name = new
    for index in tables[table].schema.constraints.indices {
      tables[table].schema.constraints[index].rename(old, to: new)
    }
    for index in tables[table].schema.indexes.indices {
      tables[table].schema.indexes[index].rename(old, to: new)
    }
    return tables[table].count
  }

  private mutating func changeColumn(
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

  private mutating func orderColumns(
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
  private mutating func keyKindChanged(of table: Int) {
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

  // MARK: Constraints

  private mutating func add(
    _ constraint: Schema.Constraint, to name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    var changed = tables[table].schema
    if constraint.kind == .index {
      changed.indexes.append(constraint)
    } else {
      changed.constraints.append(constraint)
    }
    // What was wrong before is for other steps: an association table may lack its other foreign key.
    let known = tables[table].schema.faults(among: schema)
    let faults = changed.faults(among: schema).filter { !known.contains($0) }
    if !faults.isEmpty { throw RefusedStep(faults) }
    if constraint.kind == .foreignKey { try requireEnd(constraint, of: tables[table]) }
    try requireKept(constraint, in: table)
    tables[table].schema = changed
    if constraint.kind == .primaryKey { keyKindChanged(of: table) }
    return tables[table].count
  }

  /// Requires that a foreign key of an association table leads where its links do: these are kept by
  /// the numbers of rows, which in another table are those of other rows.
  private func requireEnd(
    _ constraint: Schema.Constraint, of table: RawTable
  ) throws(RefusedStep) {
    guard table.schema.isAssociation, let column = constraint.columns.first else { return }
    let name = table.schema.name
    if let present = table.schema.foreignKey(column) {
      throw RefusedStep("\(name).\(column) has a foreign key already (\(present.name))")
    }
    let end = table.ends[try table.requireColumn(column)]
    guard let end, end != constraint.target else { return }
    throw RefusedStep(
      "the links of \(name) are between rows of \(end): to lead them elsewhere, create another "
        + "association table and copy them")
  }

  private mutating func dropConstraint(
    _ constraint: String, from name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    let count = tables[table].schema.constraints.count + tables[table].schema.indexes.count
    tables[table].schema.constraints.removeAll { $0.name == constraint }
    tables[table].schema.indexes.removeAll { $0.name == constraint }
    let left = tables[table].schema.constraints.count + tables[table].schema.indexes.count
    if left == count {
      throw RefusedStep("\(name) has no constraint and no index \(constraint)")
    }
    return tables[table].count
  }

  private mutating func renameConstraint(
    _ old: String, to new: String, of name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    let schema = tables[table].schema
    if (schema.constraints + schema.indexes).contains(where: { $0.name == new }) {
      throw RefusedStep("\(name) has a constraint or index \(new) already")
    }
    if let index = schema.constraints.firstIndex(where: { $0.name == old }) {
      tables[table].schema.constraints[index].name = new
    } else if let index = schema.indexes.firstIndex(where: { $0.name == old }) {
      tables[table].schema.indexes[index].name = new
    } else {
      throw RefusedStep("\(name) has no constraint and no index \(old)")
    }
    return tables[table].count
  }
}

extension Schema.Constraint {
  fileprivate mutating func rename(_ old: String, to new: String) {
    columns = columns.map { $0 == old ? new : $0 }
  }
}
