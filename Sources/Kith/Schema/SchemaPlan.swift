import KithCore

/// A schema in the making, and what was found wrong with it so far.
struct SchemaPlan {
  private(set) var tables: [TableInfo] = []
  private(set) var links: [LinkInfo] = []
  private(set) var faults: [String]
  private var rowTypes: Set<ObjectIdentifier> = []
  private var linkedTypes: Set<ObjectIdentifier> = []
  private let naming: Schema.Naming

  init(_ naming: Schema.Naming) {
    self.naming = naming
    faults = naming.faults
  }

  /// Adds a table, its columns, and the rules that it keeps alone.
  mutating func add<Record: Row>(tableOf type: Record.Type) {
    let table = Record.table
    guard rowTypes.insert(ObjectIdentifier(type)).inserted else {
      return faults.append("\(type) is listed twice")
    }
    if table.columns.isEmpty { faults.append("\(table.name) has no columns") }
    if table.primaryKey.isEmpty {
      faults.append("\(table.name) has no column for \\.id, and names no primaryKey(…)")
    }
    let primaryKey = columns(table.primaryKey, of: table, "the primary key")
    let names = primaryKey.map { table.columns[$0].name }
    for column in primaryKey where table.columns[column].description.isNullable {
      faults.append(
        "the primary key of \(table.name) holds \(table.columns[column].name), which may be nil: "
          + "let insert { id in … } give new rows their keys")
    }
    var info = TableInfo(
      name: table.name, rowType: ObjectIdentifier(type), keyKind: Record.ID.storedKind,
      columns: table.columns.map(\.description), primaryKey: primaryKey,
      primaryKeyName: naming.name(.primaryKey, table: table.name, columns: names),
      reader: table.reader, makeRows: { RowsOf<Record>() },
      decodeRows: { (table, info) throws(FormatFault) in
        try RowsOf<Record>.decoding(table, info)
      })
    info.formerName = table.formerName
    info.checkNames = table.checks.map {
      naming.name(.check, table: table.name, check: $0.name)
    }
    for (index, column) in table.columns.enumerated() {
      if column.isUnique { addUnique([index], to: &info) }
      addLimit(index, column.maxLength, to: &info)
    }
    for unique in table.uniques {
      addUnique(columns(unique, of: table, "a unique constraint"), to: &info)
    }
    tables.append(info)
  }

  private mutating func addUnique(_ columns: [Int], to info: inout TableInfo) {
    if columns.isEmpty { return faults.append("a unique constraint of \(info.name) has no column") }
    let names = columns.map { info.columns[$0].name }
    info.uniques.append(
      UniqueInfo(
        name: naming.name(.unique, table: info.name, columns: names), columns: columns))
  }

  private mutating func addLimit(_ column: Int, _ limit: Int?, to info: inout TableInfo) {
    guard let limit else { return }
    let described = info.columns[column]
    guard described.kind == .text || described.kind == .bytes, limit >= 0 else {
      return faults.append("\(info.name).\(described.name) can't have the maxLength \(limit)")
    }
    if let length = described.defaultValue?.length, length > limit {
      faults.append("the default of \(info.name).\(described.name) is longer than \(limit)")
    }
    let name = naming.name(.check, table: info.name, check: "\(described.name)_max_length")
    info.limits.append((column, name, limit))
  }

  /// The places of properties among the columns; each that is no column is a fault.
  private mutating func columns<Record: Row>(
    _ keyPaths: [any PartialKeyPath<Record> & Sendable], of table: Table<Record>, _ user: String
  ) -> [Int] {
    keyPaths.compactMap { keyPath in
      let column = table.columnIndex(of: keyPath)
      if column == nil {
        faults.append("\(user) of \(table.name) names a property that is no column")
      }
      return column
    }
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
      if column.isIndexed { addIndex(number, on: [index]) }
    }
    for declared in table.indexes {
      let named = columns(declared, of: table, "an index")
      if named.count == declared.count { addIndex(number, on: named) }
    }
  }

  /// Adds an index of a table on the column that gives the order, perhaps behind a foreign key or another
  /// column.
  private mutating func addIndex(_ number: Int, on columns: [Int]) {
    let table = tables[number]
    let name = naming.name(
      .index, table: table.name, columns: columns.map { table.columns[$0].name })
    if Set(columns).count < columns.count {
      faults.append("\(name) is ordered by the column that keeps its rows apart")
    }
    // Numbers below a foreign key are kept a run a parent; all else is one sequence that is compared.
    let isNumber = table.columns[columns[columns.count - 1]].kind.ranksExactly
    var link: Int?
    if isNumber, columns.count == 2 {
      link = links.firstIndex { $0.source == number && $0.column == columns[0] }
    }
    tables[number].indexes.append(
      IndexInfo(
        name: name, parentLink: link, columns: columns,
        isRanked: isNumber && (columns.count == 1 || link != nil)))
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
    let columns = [association.sourceColumn, association.targetColumn]
    let link = links.count
    var info = LinkInfo(
      identity: identity, tableName: name,
      targetConstraint: naming.name(
        .foreignKey, table: name, columns: [columns[1]], target: tables[target].name),
      sourceConstraint: naming.name(
        .foreignKey, table: name, columns: [columns[0]], target: tables[source].name),
      source: source, target: target, column: nil, onDelete: .cascade)
    info.allowsSelfLinks = association.allowsSelfLinks
    info.primaryKeyName = naming.name(.primaryKey, table: name, columns: columns)
    info.selfLinkConstraint = naming.name(.check, table: name, check: "no_self_links")
    info.columnNames = columns
    links.append(info)
    tables[source].associations.append((link, .forward))
    tables[target].associations.append((link, .backward))
  }

  /// Finds names that are empty or used twice.
  mutating func checkNames() {
    let associations = links.filter { $0.column == nil }.map(\.tableName)
    faults += (tables.map(\.name) + associations).repeated.map { "two tables are named \($0)" }
    for table in tables {
      faults += table.columns.map(\.name).repeated.map {
        "\(table.name) has two columns named \($0)"
      }
      let constraints = table.uniques.map(\.name) + table.checkNames + table.limits.map(\.name)
      let foreignKeys = table.foreignKeys.map { links[$0].targetConstraint }
      let names = [table.primaryKeyName] + constraints + foreignKeys + table.indexes.map(\.name)
      faults += names.repeated.map { "\(table.name) has two constraints or indexes named \($0)" }
      if table.columns.contains(where: { $0.name.isEmpty }) {
        faults.append("\(table.name) has a column without a name")
      }
    }
    if (tables.map(\.name) + associations).contains("") {
      faults.append("a table has no name")
    }
  }

  /// Finds names that were exchanged, as they say: nothing shows whether that was done.
  mutating func checkHints() {
    let associations = links.filter { $0.column == nil }
    let hints = [
      RenameHints(tables.map { ($0.name, $0.formerName) }),
      RenameHints(associations.map { ($0.tableName, $0.identity.association?.formerName) }),
    ]
    faults += hints.compactMap { $0.fault() }
    faults += tables.compactMap { table in
      RenameHints(table.columns.map { ($0.name, $0.formerName) }).fault("\(table.name).")
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
          info.target != table, !info.isDeferred
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

  private mutating func addForeignKey(_ reference: Reference, table: Int, column: Int) {
    let (tableName, columnName) = (tables[table].name, tables[table].columns[column].name)
    guard let target = number(of: reference.rowType) else {
      return faults.append(
        "\(tableName).\(columnName) refers to \(reference.typeName), which is not listed")
    }
    if reference.onDelete == .setNull, !tables[table].columns[column].isNullable {
      faults.append(
        "\(tableName).\(columnName) is set to nil on delete, but its column may not be empty")
    }
    let constraint = naming.name(
      .foreignKey, table: tableName, columns: [columnName], target: tables[target].name)
    tables[table].foreignKeys.append(links.count)
    tables[target].referrers.append(links.count)
    links.append(
      LinkInfo(
        identity: reference.identity, tableName: tableName, targetConstraint: constraint,
        sourceConstraint: constraint, source: table, target: target, column: column,
        onDelete: reference.onDelete, isDeferred: reference.isDeferred))
  }

  private func number(of rowType: ObjectIdentifier) -> Int? {
    tables.firstIndex { $0.rowType == rowType }
  }
}
