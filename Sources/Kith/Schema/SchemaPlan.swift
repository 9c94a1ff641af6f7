import KithCore

/// A schema in the making, and what was found wrong with it so far.
struct SchemaPlan {
  private(set) var tables: [TableInfo] = []
  private(set) var links: [LinkInfo] = []
  private(set) var faults: [String] = []
  private var rowTypes: Set<ObjectIdentifier> = []
  private var linkedTypes: Set<ObjectIdentifier> = []

  /// Adds a table and its columns.
  mutating func add<Record: Row>(tableOf type: Record.Type) {
    let table = Record.table
    guard rowTypes.insert(ObjectIdentifier(type)).inserted else {
      return faults.append("\(type) is listed twice")
    }
    if table.columns.isEmpty { faults.append("\(table.name) has no columns") }
    if table.primaryKey.isEmpty {
      faults.append("\(table.name) has no column for \\.id, and names no primaryKey(_:_:)")
    }
    for part in table.primaryKey where table.columnIndex(of: part) == nil {
      faults.append("the primary key of \(table.name) names a property that is no column")
    }
    tables.append(
      TableInfo(
        name: table.name, rowType: ObjectIdentifier(type), keyKind: Record.ID.storedKind,
        columns: table.columns.map { column in
          ColumnInfo(
            name: column.name, kind: column.kind, isNullable: column.isNullable,
            isUnique: column.isUnique)
        },
        makeRows: { RowsOf<Record>() }))
  }

  /// Adds the foreign keys and indexes of a table, when all tables are known.
  mutating func addForeignKeysAndIndexes<Record: Row>(of type: Record.Type) {
    let table = Record.table
    guard linkedTypes.insert(ObjectIdentifier(type)).inserted,
      let number = number(of: ObjectIdentifier(type))
    else { return }
    for (index, column) in table.columns.enumerated() {
      if let reference = column.reference {
        addForeignKey(reference, table: number, column: index)
      }
      if column.isIndexed, column.kind.ranksExactly {
        addIndex("ix_\(table.name)_\(column.name)", table: number, parentLink: nil, column: index)
      }
    }
    for declared in table.orderedIndexes {
      guard let parent = table.columnIndex(of: declared.parent),
        let order = table.columnIndex(of: declared.order)
      else {
        faults.append("an index of \(table.name) names a property that is no column")
        continue
      }
      let (parentName, orderName) = (table.columns[parent].name, table.columns[order].name)
      let name = "ix_\(table.name)_\(parentName)_\(orderName)"
      guard let link = links.firstIndex(where: { $0.source == number && $0.column == parent })
      else {
        faults.append("\(name) is not below a foreign key: \(parentName) has no references:")
        continue
      }
      if !table.columns[order].kind.ranksExactly {
        faults.append("\(name) is not ordered by a number or a date")
      }
      addIndex(name, table: number, parentLink: link, column: order)
    }
  }

  /// Adds an association table.
  mutating func add(_ identity: LinkIdentity) {
    guard let association = identity.association else { return }
    let name = identity.name
    guard !links.contains(where: { $0.identity === identity }) else {
      return faults.append("\(name) is listed twice")
    }
    guard let source = number(of: association.source.rowType),
      let target = number(of: association.target.rowType)
    else {
      for end in [association.source, association.target] where number(of: end.rowType) == nil {
        faults.append("\(name) links \(end.typeName), which is not listed")
      }
      return
    }
    if association.sourceColumn == association.targetColumn {
      faults.append("\(name) has two columns named \(association.sourceColumn)")
    }
    let link = links.count
    links.append(
      LinkInfo(
        identity: identity, tableName: name,
        targetConstraint: "fk_\(name)_\(association.targetColumn)_\(tables[target].name)",
        sourceConstraint: "fk_\(name)_\(association.sourceColumn)_\(tables[source].name)",
        source: source, target: target, column: nil, onDelete: .cascade,
        allowsSelfLinks: association.allowsSelfLinks))
    tables[source].associations.append((link, .forward))
    tables[target].associations.append((link, .backward))
  }

  /// Finds names that are empty or used twice.
  mutating func checkNames() {
    let associations = links.filter { $0.column == nil }.map(\.tableName)
    reportRepeats(in: tables.map(\.name) + associations) { "two tables are named \($0)" }
    for table in tables {
      reportRepeats(in: table.columns.map(\.name)) { "\(table.name) has two columns named \($0)" }
      reportRepeats(in: table.indexes.map(\.name)) { "\(table.name) has two indexes \($0)" }
      if table.columns.contains(where: { $0.name.isEmpty }) {
        faults.append("\(table.name) has a column without a name")
      }
    }
    if (tables.map(\.name) + associations).contains("") {
      faults.append("a table has no name")
    }
  }

  /// Finds foreign keys that may not be empty and form a cycle over several tables: no first row
  /// could be inserted.
  mutating func checkCycles() {
    var state = [Int](repeating: 0, count: tables.count)
    var path: [Int] = []
    func visit(_ table: Int) -> [Int]? {
      if state[table] == 2 { return nil }
      if state[table] == 1 { return path.firstIndex(of: table).map { Array(path[$0...]) } }
      state[table] = 1
      path.append(table)
      defer {
        state[table] = 2
        path.removeLast()
      }
      for link in tables[table].foreignKeys {
        let info = links[link]
        guard let column = info.column, !tables[table].columns[column].isNullable,
          info.target != table
        else { continue }
        if let cycle = visit(info.target) { return cycle }
      }
      return nil
    }
    for table in tables.indices {
      if let cycle = visit(table) {
        let names = (cycle + [cycle[0]]).map { tables[$0].name }.joined(separator: " → ")
        faults.append("no first row could be inserted, because \(names) need each other")
        return
      }
    }
  }

  private mutating func addForeignKey(
    _ reference: Reference, table: Int, column: Int
  ) {
    let name = "fk_\(tables[table].name)_\(tables[table].columns[column].name)"
    guard let target = number(of: reference.rowType) else {
      return faults.append("\(name) refers to \(reference.typeName), which is not listed")
    }
    if reference.onDelete == .setNull, !tables[table].columns[column].isNullable {
      faults.append("\(name) is set to nil on delete, but its column may not be empty")
    }
    let constraint = "\(name)_\(tables[target].name)"
    tables[table].foreignKeys.append(links.count)
    tables[target].referrers.append(links.count)
    links.append(
      LinkInfo(
        identity: reference.identity, tableName: tables[table].name, targetConstraint: constraint,
        sourceConstraint: constraint,
        source: table, target: target, column: column, onDelete: reference.onDelete,
        allowsSelfLinks: true))
  }

  private mutating func addIndex(_ name: String, table: Int, parentLink: Int?, column: Int) {
    tables[table].indexes.append(IndexInfo(name: name, parentLink: parentLink, column: column))
  }

  private func number(of rowType: ObjectIdentifier) -> Int? {
    tables.firstIndex { $0.rowType == rowType }
  }

  private mutating func reportRepeats(in names: [String], _ fault: (String) -> String) {
    var seen: Set<String> = []
    var reported: Set<String> = []
    for name in names where !seen.insert(name).inserted && reported.insert(name).inserted {
      faults.append(fault(name))
    }
  }
}
