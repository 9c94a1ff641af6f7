import KithCore

/// The description of tables in bytes: all that `Schema.Table` says, by names.
///
/// A list is its length and its items; a text is its length and its bytes; what may be missing has a
/// 1 before it, or a 0 in its place; lengths have seven bits a byte.
///
/// ```
///  tables      name, is an association (1), columns, constraints, indexes
///  column      name, kind, may be empty (1), default (a value with its mark), longest length
///  constraint  name, kind, columns, target table, rule on delete, is deferred (1)
/// ```
///
/// Constraints and indexes come in the order of their names, so that it does not matter which was
/// declared, or added, first.
extension ByteWriter {
  /// Adds the description of tables.
  mutating func append(_ tables: [Schema.Table]) {
    append(list: tables) { writer, table in
      writer.append(table.name)
      writer.append(flag: table.isAssociation)
      writer.append(list: table.columns) { $0.append($1) }
      writer.append(list: table.constraints.sorted { $0.name < $1.name }) { $0.append($1) }
      writer.append(list: table.indexes.sorted { $0.name < $1.name }) { $0.append($1) }
    }
  }

  /// Adds a list of texts, such as the names of migrations.
  mutating func append(names: [String]) { append(list: names) { $0.append($1) } }

  private mutating func append(_ column: Schema.Column) {
    append(column.name)
    append(column.kind.rawValue)
    append(flag: column.isNullable)
    append(optional: column.defaultValue) { $0.append($1) }
    append(optional: column.maxLength) { $0.appendVarint(UInt64($1)) }
  }

  private mutating func append(_ constraint: Schema.Constraint) {
    append(constraint.name)
    append(constraint.kind.rawValue)
    append(names: constraint.columns)
    append(optional: constraint.target) { $0.append($1) }
    append(optional: constraint.onDelete) { $0.append($1.rawValue) }
    append(flag: constraint.isDeferred)
  }

  private mutating func append(flag: Bool) { append(flag ? 1 : 0 as UInt8) }

  private mutating func append<Item>(
    list: [Item], _ add: (inout ByteWriter, Item) -> Void
  ) {
    appendVarint(UInt64(list.count))
    for item in list { add(&self, item) }
  }

  private mutating func append<Item>(
    optional item: Item?, _ add: (inout ByteWriter, Item) -> Void
  ) {
    append(flag: item != nil)
    if let item { add(&self, item) }
  }
}

extension ByteReader {
  /// The description of tables.
  mutating func tables() throws(FormatFault) -> [Schema.Table] {
    let start = offset
    let tables = try list { (reader) throws(FormatFault) in
      let (name, isAssociation) = (try reader.text(), try reader.flag())
      return Schema.Table(
        name: name,
        columns: try reader.list { (reader) throws(FormatFault) in try reader.column() },
        constraints: try reader.list { (reader) throws(FormatFault) in try reader.constraint() },
        indexes: try reader.list { (reader) throws(FormatFault) in try reader.constraint() },
        isAssociation: isAssociation)
    }
    let faults = tables.flatMap { $0.faults(among: tables) }
    let associations = tables.map(\.isAssociation)
    guard faults.isEmpty, Set(tables.map(\.name)).count == tables.count,
      associations == associations.sorted(by: { !$0 && $1 })
    else {
      throw .damaged(
        offset: start, "no schema is described: " + (faults.first ?? "tables are out of order"))
    }
    return tables
  }

  /// A list of texts.
  mutating func names() throws(FormatFault) -> [String] {
    try list { (reader) throws(FormatFault) in try reader.text() }
  }

  private mutating func column() throws(FormatFault) -> Schema.Column {
    Schema.Column(
      name: try text(), kind: try named(), isNullable: try flag(),
      defaultValue: try optional { (reader) throws(FormatFault) in try reader.value() },
      maxLength: try optional { (reader) throws(FormatFault) in
        Int(clamping: try reader.varint())
      })
  }

  private mutating func constraint() throws(FormatFault) -> Schema.Constraint {
    Schema.Constraint(
      name: try text(), kind: try named(),
      columns: try names(),
      target: try optional { (reader) throws(FormatFault) in try reader.text() },
      onDelete: try optional { (reader) throws(FormatFault) in try reader.named() },
      isDeferred: try flag())
  }

  private mutating func flag() throws(FormatFault) -> Bool {
    let start = offset
    switch try number(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw .damaged(offset: start, "neither yes nor no")
    }
  }

  /// A case of an enumeration, by its name.
  private mutating func named<Name: RawRepresentable<String>>() throws(FormatFault) -> Name {
    let start = offset
    let name = try text()
    guard let named = Name(rawValue: name) else {
      throw .damaged(offset: start, "\"\(name)\" is no \(Name.self)")
    }
    return named
  }

  private mutating func list<Item>(
    _ item: (inout ByteReader) throws(FormatFault) -> Item
  ) throws(FormatFault) -> [Item] {
    var items: [Item] = []
    for _ in 0..<(try length()) { items.append(try item(&self)) }
    return items
  }

  private mutating func optional<Item>(
    _ item: (inout ByteReader) throws(FormatFault) -> Item
  ) throws(FormatFault) -> Item? {
    try flag() ? try item(&self) : nil
  }
}
