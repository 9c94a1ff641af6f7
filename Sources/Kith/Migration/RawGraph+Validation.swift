extension RawGraph {
  /// What is wrong with the graph by its own constraints, and with what it says of itself: one
  /// sentence each.
  ///
  /// - Precondition: The graph is to be compact: a row that went and still has its number is a fault.
  /// - Complexity: O(rows + links).
  var faults: [String] {
    var faults: [String] = []
    for table in tables.indices {
      faults += tables[table].schema.faults(among: schema)
      if tables[table].schema.isAssociation {
        faults += faultsOfLinks(table)
        continue
      }
      guard tables[table].rows.isCompact else {
        faults.append("\(tables[table].schema.name) has columns without a value for each row")
        continue
      }
      for (place, column) in tables[table].schema.columns.enumerated() {
        faults += tables[table].faults(of: tables[table].rows.columns[place], in: column)
      }
      for constraint in tables[table].schema.constraints {
        do throws(RefusedStep) {
          try requireKept(constraint, in: table)
        } catch {
          faults += error.reasons
        }
      }
      faults += tables[table].faultsOfLargestKey
    }
    return faults
  }

  /// Requires that the rows of a table keep a constraint, all but those who break it.
  func requireKept(_ constraint: Schema.Constraint, in table: Int) throws(RefusedStep) {
    let raw = tables[table]
    if raw.schema.isAssociation { return }
    switch constraint.kind {
    case .primaryKey, .unique: try requireUnique(constraint, in: raw)
    case .foreignKey: try requireParents(constraint, in: raw)
    case .check, .index: break
    }
  }

  private func requireUnique(
    _ constraint: Schema.Constraint, in table: RawTable
  ) throws(RefusedStep) {
    var places: [Int] = []
    for column in constraint.columns { places.append(try table.requireColumn(column)) }
    let (values, missing) = uniqueValues(of: table, places)
    var faults = Examples()
    if constraint.kind == .primaryKey, missing > 0 {
      faults.add(missing == 1 ? "1 row has no key" : "\(missing) rows have no key")
    }
    for (value, rows) in repeated(values) {
      let keys = rows.prefix(5).map { "\(table.key($0))" }.joined(separator: ", ")
      faults.add(
        constraint.kind == .primaryKey
          ? "\(value) \(rows.count) times" : "\(value) in \(rows.count) rows, with the keys \(keys)"
      )
    }
    if faults.isEmpty { return }
    throw RefusedStep("\(table.schema.name) breaks \(constraint.name): \(faults)")
  }

  /// The values of which each may be there once, with their rows, and how many rows have none.
  private func uniqueValues(
    of table: RawTable, _ places: [Int]
  ) -> (values: [(value: StoredValue, row: Int)], missing: Int) {
    var values: [(value: StoredValue, row: Int)] = []
    values.reserveCapacity(table.rows.liveCount)
    var missing = 0
    for row in table.rows.numbers {
      let parts = places.map { table.rows.columns[$0][row] }
      if parts.contains(where: \.isNull) {
        missing += 1
      } else {
        values.append((parts.count == 1 ? parts[0] : .composite(parts), row))
      }
    }
    return (values, missing)
  }

  /// The values that are there more than once, with their rows, by the first of these.
  private func repeated(
    _ values: [(value: StoredValue, row: Int)]
  ) -> [(value: StoredValue, rows: [Int])] {
    // Where values ascend, as keys do that were given in turn, none can be there twice.
    if zip(values, values.dropFirst()).allSatisfy({ $0.value < $1.value }) { return [] }
    var seen = Set<StoredValue>(minimumCapacity: values.count)
    let twice = Set(values.lazy.map(\.value).filter { !seen.insert($0).inserted })
    if twice.isEmpty { return [] }
    let rows = Dictionary(grouping: values.filter { twice.contains($0.value) }, by: \.value)
    return rows.map { ($0.key, $0.value.map(\.row)) }.sorted { $0.rows[0] < $1.rows[0] }
  }

  private func requireParents(
    _ constraint: Schema.Constraint, in table: RawTable
  ) throws(RefusedStep) {
    guard let target = constraint.target,
      let (column, rows) = try orphans(of: table, by: constraint), !rows.isEmpty
    else { return }
    var faults = Examples()
    for row in rows {
      faults.add("\(table.rows.columns[column][row]) in the row \(table.key(row))")
    }
    throw RefusedStep(
      "\(table.schema.name) refers to rows of \(target) that do not exist (\(constraint.name)): "
        + "\(faults)" + kindsThatDiffer(table.schema, column, target))
  }

  /// What keeps a foreign key from ever referring to a row, where only one of it and the primary key
  /// was changed.
  private func kindsThatDiffer(_ table: Schema.Table, _ column: Int, _ target: String) -> String {
    let column = table.columns[column]
    guard let kind = self.table(target)?.schema.keyKind, kind != column.kind else { return "" }
    return "; \(table.name).\(column.name) is of the type \(column.kind), and the primary key of "
      + "\(target) of the type \(kind)"
  }

  /// The rows of a table that refer to rows which do not exist, and the column by which they do; nil
  /// for a constraint that is no foreign key of one column.
  func orphans(
    of table: RawTable, by constraint: Schema.Constraint
  ) throws(RefusedStep) -> (column: Int, rows: [Int])? {
    guard constraint.kind == .foreignKey, let target = constraint.target,
      constraint.columns.count == 1
    else { return nil }
    let parents = tables[try requireIndex(of: target)]
    let column = try table.requireColumn(constraint.columns[0])
    let keys = Set(parents.rows.numbers.map(parents.keys))
    let rows = table.rows.numbers.filter { row in
      let value = table.rows.columns[column][row]
      return !value.isNull && !keys.contains(value)
    }
    return (column, rows)
  }

  private func faultsOfLinks(_ association: Int) -> [String] {
    let raw = tables[association]
    let ends: (source: Int, target: Int)
    do throws(RefusedStep) {
      ends = try self.ends(of: association)
    } catch {
      return error.reasons
    }
    let (sources, targets) = (tables[ends.source], tables[ends.target])
    let allowsLoops = raw.schema.allowsLoops
    var (loops, nowhere) = (Examples(), Examples())
    for link in raw.links.all {
      let (source, target) = (Int(link.source), Int(link.target))
      guard sources.rows.isLive(source), targets.rows.isLive(target) else {
        nowhere.add("\(source) to \(target)")
        continue
      }
      if !allowsLoops, source == target { loops.add("\(sources.key(source)) to itself") }
    }
    return [
      loops.sentence("\(raw.schema.name) may not link a row to itself:"),
      nowhere.sentence("\(raw.schema.name) links rows that do not exist, by their numbers:"),
    ].compactMap { $0 }
  }
}

extension RawTable {
  /// What is wrong with the largest key that the table remembers: the next one follows it.
  fileprivate var faultsOfLargestKey: [String] {
    guard schema.hasNextKey else { return [] }
    if !schema.mayRemember(largestKey) { return [schema.fault(ofLargestKey: largestKey)] }
    return [largestKey.fault(asLargest: largestPresentKey(), of: schema.name)].compactMap { $0 }
  }

  /// What is wrong with values that are to stand in a column, row by row.
  func faults(of values: [StoredValue], in column: Schema.Column) -> [String] {
    let name = "\(schema.name).\(column.name)"
    var (missing, mistyped, long) = (Examples(), Examples(), Examples())
    for row in rows.numbers {
      let value = values[row]
      if value.isNull {
        if !column.isNullable { missing.add("\(key(row))") }
      } else if let kind = value.kind, kind != column.kind {
        mistyped.add("\(value) (\(kind)) in the row \(key(row))")
      } else if let maxLength = column.maxLength, value.isLonger(than: maxLength) {
        long.add("\(value) in the row \(key(row))")
      }
    }
    return [
      missing.sentence("\(name) may not be empty, and would be in the rows"),
      mistyped.sentence("\(name) is of the type \(column.kind), and would hold"),
      long.sentence("\(name) may be \(column.maxLength ?? 0) long, and would hold"),
    ].compactMap { $0 }
  }
}

extension Schema.Table {
  /// What is wrong with a description, beside the tables that are there.
  func faults(among others: [Schema.Table]) -> [String] {
    var faults: [String] = []
    if name.isEmpty { faults.append("a table needs a name") }
    if columns.isEmpty { faults.append("\(name) has no columns") }
    for column in columns.map(\.name).repeated {
      faults.append("\(name) has two columns named \(column)")
    }
    faults += columns.compactMap { $0.faultOfLength(in: name) }
    for constraint in (constraints + indexes).map(\.name).repeated {
      faults.append("\(name) has two constraints or indexes named \(constraint)")
    }
    if constraints.count(where: { $0.kind == .primaryKey }) > 1 {
      faults.append("\(name) has two primary keys")
    }
    for constraint in constraints + indexes {
      for column in constraint.columns where self.column(column) == nil {
        faults.append("\(constraint.name) names \(column), which is no column of \(name)")
      }
      if constraint.kind == .foreignKey { faults += faultsOfReference(constraint, others) }
    }
    if isAssociation, columns.count != 2 || columns.contains(where: { foreignKey($0.name) == nil })
    {
      faults.append("\(name) is an association table and does not have two foreign keys")
    }
    return faults
  }

  private func faultsOfReference(
    _ constraint: Schema.Constraint, _ others: [Schema.Table]
  ) -> [String] {
    guard let target = constraint.target,
      target == name || others.contains(where: { $0.name == target && !$0.isAssociation })
    else {
      return ["\(constraint.name) refers to \(constraint.target ?? "nothing"), which is no table"]
    }
    return constraint.columns.count == 1 ? [] : ["\(constraint.name) is not of one column"]
  }
}

extension Schema.Column {
  /// What is wrong with the longest length, if anything is.
  func faultOfLength(in table: String) -> String? {
    guard let maxLength, maxLength < 0 else { return nil }
    return "\(table).\(name) can't have the longest length \(maxLength)"
  }
}
