/// The steps about constraints and indexes. A refused step changes nothing.
extension RawGraph {
  mutating func add(
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

  mutating func dropConstraint(
    _ constraint: String, from name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    try requireConstraint(constraint, of: tables[table].schema)
    tables[table].schema.constraints.removeAll { $0.name == constraint }
    tables[table].schema.indexes.removeAll { $0.name == constraint }
    return tables[table].count
  }

  mutating func renameConstraint(
    _ old: String, to new: String, of name: String
  ) throws(RefusedStep) -> Int {
    let table = try requireIndex(of: name)
    if tables[table].schema.constraint(new) != nil {
      throw RefusedStep("\(name) has a constraint or index \(new) already")
    }
    if new.isEmpty { throw RefusedStep("a constraint or index needs a name") }
    try requireConstraint(old, of: tables[table].schema)
    tables[table].schema.changeConstraints { if $0.name == old { $0.name = new } }
    return tables[table].count
  }

  private func requireConstraint(
    _ name: String, of table: Schema.Table
  ) throws(RefusedStep) {
    if table.constraint(name) == nil {
      throw RefusedStep("\(table.name) has no constraint and no index \(name)")
    }
  }
}

extension Schema.Table {
  /// The constraint or index with a name, or nil.
  func constraint(_ name: String) -> Schema.Constraint? {
    (constraints + indexes).first { $0.name == name }
  }

  /// Changes each constraint and each index.
  mutating func changeConstraints(_ change: (inout Schema.Constraint) -> Void) {
    for place in constraints.indices { change(&constraints[place]) }
    for place in indexes.indices { change(&indexes[place]) }
  }
}
