/// Two schemas while their difference is found: each step is done to the first, until it is the
/// second.
struct SchemaComparison {
  private var graph: RawGraph
  private let target: [Schema.Table]
  private var operations: [Schema.Operation] = []

  init(from stored: [Schema.Table], to target: [Schema.Table]) {
    graph = RawGraph(stored)
    self.target = target
  }

  mutating func compare() -> [Schema.Operation] {
    renameTables()
    dropReplacedTables()
    createTables()
    dropTables()
    for table in target {
      guard let stored = stored(table.name) else { continue }
      if stored.isAssociation {
        renameEnds(stored, table)
      } else {
        renameColumns(of: table)
        addColumns(of: table)
        changeColumns(of: table)
      }
      compareConstraints(of: table)
      dropColumns(of: table)
      orderColumns(of: table)
    }
    let (present, wanted) = (graph.schema.map(\.name), target.map(\.name))
    if present != wanted { perform(.orderTables(wanted, from: present)) }
    return operations
  }

  private func stored(_ name: String) -> Schema.Table? {
    graph.table(name)?.schema
  }

  private mutating func perform(_ operation: Schema.Operation) {
    do throws(RefusedStep) {
      try graph.perform(operation)
    } catch {
      preconditionFailure("\(operation): \(error.reasons)")
    }
    operations.append(operation)
  }

  // MARK: Tables

  private mutating func renameTables() {
    let hints = RenameHints(
      target.map { table in
        let former = table.formerName.flatMap(stored)
        let isOfOneSort = former?.isAssociation == table.isAssociation
        return (table.name, isOfOneSort ? former?.name : nil)
      })
    for (old, new) in hints.steps(from: graph.schema.map(\.name)) {
      perform(.renameTable(old, to: new))
    }
  }

  /// Drops the tables in whose place others come under the same name: they can't be changed into
  /// those.
  private mutating func dropReplacedTables() {
    let replaced = target.compactMap { table in
      stored(table.name).flatMap { $0.canBecome(table) ? nil : $0.name }
    }
    drop(replaced)
  }

  private mutating func dropTables() {
    drop(graph.schema.map(\.name).filter { name in !target.contains { $0.name == name } })
  }

  /// Drops tables, those that refer to others first, after the foreign keys of tables that stay. Links
  /// go with the rows: an association table goes with either of its tables.
  private mutating func drop(_ names: [String]) {
    for table in graph.schema where !names.contains(table.name) && !table.isAssociation {
      for constraint in table.constraints where names.contains(constraint.target ?? "") {
        perform(.dropConstraint(constraint, from: table.name))
      }
    }
    let associations = graph.schema.filter { table in
      table.isAssociation && names.contains { $0 != table.name && table.refers(to: $0) }
    }
    var left = names + associations.map(\.name).filter { !names.contains($0) }
    while !left.isEmpty {
      let free = left.lastIndex { name in
        !graph.schema.contains { $0.name != name && $0.refers(to: name) }
      }
      guard let free else {
        breakCycle(left)
        continue
      }
      if let table = stored(left.remove(at: free)) {
        perform(.dropTable(table, before: graph.nameAfter(table)))
      }
    }
  }

  /// Drops one of the foreign keys by which tables refer to each other in a cycle.
  private mutating func breakCycle(_ names: [String]) {
    for table in graph.schema where names.contains(table.name) {
      for constraint in table.constraints {
        guard let target = constraint.target, target != table.name, names.contains(target) else {
          continue
        }
        return perform(.dropConstraint(constraint, from: table.name))
      }
    }
    preconditionFailure("a table that stays refers to one that goes by more than a foreign key")
  }

  /// Creates tables, those that others refer to first.
  private mutating func createTables() {
    var left = target.filter { stored($0.name) == nil }
    var late: [(Schema.Constraint, table: String)] = []
    while !left.isEmpty {
      let free = left.firstIndex { table in
        table.constraints.allSatisfy {
          $0.target == nil || $0.target == table.name || stored($0.target ?? "") != nil
        }
      }
      var table = left.remove(at: free ?? 0)
      if free == nil {
        // They refer to each other in a cycle: the references come when all are there.
        let references = table.constraints.filter {
          $0.target != table.name && left.map(\.name).contains($0.target ?? "")
        }
        late += references.map { ($0, table.name) }
        table.constraints.removeAll { references.contains($0) }
      }
      table.formerName = nil
      for column in table.columns.indices { table.columns[column].formerName = nil }
      perform(.createTable(table, before: presentName(after: table)))
    }
    for (constraint, table) in late { perform(.addConstraint(constraint, to: table)) }
  }

  /// The first table behind a wanted one that is there already and of the same sort.
  private func presentName(after table: Schema.Table) -> String? {
    let followers = target.drop { $0.name != table.name }.dropFirst()
    let present = followers.first { stored($0.name) != nil }?.name
    let firstAssociation = graph.schema.first(where: \.isAssociation)?.name
    guard let present, let follower = stored(present) else { return nil }
    return follower.isAssociation == table.isAssociation || present == firstAssociation
      ? present : firstAssociation
  }

  // MARK: Columns

  /// Follows the names of the two columns of an association table, which have their places.
  private mutating func renameEnds(_ stored: Schema.Table, _ table: Schema.Table) {
    for (old, new) in zip(stored.columns, table.columns) where old.name != new.name {
      perform(.renameColumn(old.name, to: new.name, of: table.name))
    }
  }

  private mutating func renameColumns(of table: Schema.Table) {
    let hints = RenameHints(table.columns.map { ($0.name, $0.formerName) })
    for (old, new) in hints.steps(from: stored(table.name)?.columns.map(\.name) ?? []) {
      perform(.renameColumn(old, to: new, of: table.name))
    }
  }

  private mutating func addColumns(of table: Schema.Table) {
    for (place, column) in table.columns.enumerated() {
      guard let present = stored(table.name), present.column(column.name) == nil else { continue }
      let followers = table.columns[(place + 1)...]
      let next = followers.first { present.column($0.name) != nil }
      var added = column
      added.formerName = nil
      perform(.addColumn(added, to: table.name, before: next?.name))
    }
  }

  private mutating func changeColumns(of table: Schema.Table) {
    for wanted in table.columns {
      guard var present = stored(table.name)?.column(wanted.name) else { continue }
      func step(_ change: (inout Schema.Column) -> Void) {
        var changed = present
        change(&changed)
        if changed == present { return }
        perform(.changeColumn(present, to: changed, of: table.name))
        present = changed
      }
      step {
        if $0.kind != wanted.kind { $0.defaultValue = wanted.defaultValue }
        ($0.kind, $0.maxLength) = (wanted.kind, wanted.maxLength)
      }
      step { $0.defaultValue = wanted.defaultValue }
      step { $0.isNullable = wanted.isNullable }
    }
  }

  private mutating func dropColumns(of table: Schema.Table) {
    for column in stored(table.name)?.columns ?? [] where table.column(column.name) == nil {
      let next = graph.columnAfter(column.name, of: table.name)
      perform(.dropColumn(column, from: table.name, before: next))
    }
  }

  private mutating func orderColumns(of table: Schema.Table) {
    let (present, wanted) = (
      stored(table.name)?.columns.map(\.name) ?? [], table.columns.map(\.name)
    )
    if present != wanted { perform(.orderColumns(wanted, from: present, of: table.name)) }
  }

  // MARK: Constraints

  private mutating func compareConstraints(of table: Schema.Table) {
    let wanted = table.constraints + table.indexes
    var gone = present(table.name).filter { !wanted.contains($0) }
    var come = wanted.filter { !present(table.name).contains($0) }
    for new in come {
      // One that says the same under another name is the same.
      guard !present(table.name).contains(where: { $0.name == new.name }),
        let old = gone.first(where: { $0.says(theSameAs: new) })
      else { continue }
      perform(.renameConstraint(old.name, to: new.name, of: table.name))
      gone.removeAll { $0 == old }
      come.removeAll { $0 == new }
    }
    for constraint in gone { perform(.dropConstraint(constraint, from: table.name)) }
    for constraint in come { perform(.addConstraint(constraint, to: table.name)) }
  }

  private func present(_ table: String) -> [Schema.Constraint] {
    stored(table).map { $0.constraints + $0.indexes } ?? []
  }
}

extension Schema.Table {
  /// Whether some steps make the table into another of the same name, and keep what is in it.
  fileprivate func canBecome(_ other: Schema.Table) -> Bool {
    if isAssociation != other.isAssociation { return false }
    if !isAssociation { return true }
    let areSwapped =
      columns.first?.name == other.columns.last?.name
      || columns.last?.name == other.columns.first?.name
    return ends == other.ends && !areSwapped
  }

  fileprivate func refers(to name: String) -> Bool { constraints.contains { $0.target == name } }
}

extension Schema.Constraint {
  /// Whether two constraints differ in their names alone.
  fileprivate func says(theSameAs other: Schema.Constraint) -> Bool {
    var renamed = other
    renamed.name = name
    return self == renamed && !(kind == .check && columns.isEmpty)
  }
}
