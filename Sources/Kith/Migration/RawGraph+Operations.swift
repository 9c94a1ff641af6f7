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
  func places(
    of names: [String], in present: [String], _ what: String
  ) throws(RefusedStep) -> [Int] {
    guard names.count == present.count, Set(names) == Set(present),
      Set(names).count == names.count
    else {
      throw RefusedStep("the \(what) are \(present.joined(separator: ", ")), each to be named once")
    }
    return names.compactMap { present.firstIndex(of: $0) }
  }
}
