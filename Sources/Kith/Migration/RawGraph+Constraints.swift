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
    let count = tables[table].schema.constraints.count + tables[table].schema.indexes.count
    tables[table].schema.constraints.removeAll { $0.name == constraint }
    tables[table].schema.indexes.removeAll { $0.name == constraint }
    let left = tables[table].schema.constraints.count + tables[table].schema.indexes.count
    if left == count {
      throw RefusedStep("\(name) has no constraint and no index \(constraint)")
    }
    return tables[table].count
  }

  mutating func renameConstraint(
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
