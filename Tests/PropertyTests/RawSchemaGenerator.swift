import Foundation
import Kith
import KithTestSupport

/// Schemas that are described by hand, at random.
enum RawSchemaGenerator {
  private static let names = ["a", "b", "c", "d", "e"]
  private static let kinds: [StoredValue.Kind] = [
    .integer, .text, .boolean, .real, .date, .uuid, .bytes, .unsigned,
  ]

  /// A few tables, keys of one or two columns, references, also to themselves and in cycles, unique
  /// constraints, checks, indexes, and association tables.
  static let schema = Generator<[Schema.Table]> { choices in
    var tables = names.filter { _ in choices.number(below: 3) > 0 }.map { table($0, &choices) }
    for index in tables.indices { addReferences(to: index, &tables, &choices) }
    for name in ["x", "y"] where !tables.isEmpty && choices.number(below: 2) == 1 {
      tables.append(association(name, tables, &choices))
    }
    return tables
  }

  private static func column(_ name: String, _ choices: inout Choices) -> Schema.Column {
    let kind = choices.pick(kinds)
    var column = Schema.Column.column(name, kind, isNullable: choices.number(below: 2) == 1)
    if choices.number(below: 4) == 1 { column.defaultValue = RawRowsGenerator.value(kind, 1) }
    if kind == .text || kind == .bytes, choices.number(below: 4) == 1 { column.maxLength = 40 }
    return column
  }

  private static func table(_ name: String, _ choices: inout Choices) -> Schema.Table {
    let isComposite = choices.number(below: 5) == 1
    var columns: [Schema.Column] = [
      .column("id", choices.pick([.integer, .text, .uuid, .unsigned]))
    ]
    if isComposite { columns.append(.column("part", .integer)) }
    columns += names.filter { _ in choices.number(below: 2) == 1 }.map { column($0, &choices) }
    var table = Schema.Table(
      name, columns: columns,
      constraints: [key("pk_\(name)", isComposite ? ["id", "part"] : ["id"])])
    for column in columns.dropFirst(isComposite ? 2 : 1) {
      switch choices.number(below: 6) {
      // There are too few truth values to be unique.
      case 1 where column.kind != .boolean:
        table.constraints.append(.unique("uq_\(column.name)", column.name))
      case 2: table.constraints.append(.check("ck_\(column.name)", column.name))
      case 3: table.indexes.append(.index("ix_\(column.name)", column.name))
      default: break
      }
    }
    return table
  }

  private static func key(_ name: String, _ columns: [String]) -> Schema.Constraint {
    var constraint = Schema.Constraint.primaryKey(name)
    constraint.columns = columns
    return constraint
  }

  private static func addReferences(
    to index: Int, _ tables: inout [Schema.Table], _ choices: inout Choices
  ) {
    for target in tables where choices.number(below: 5) == 1 {
      guard let kind = keyKind(of: target) else { continue }
      let name = "to_\(target.name)"
      tables[index].columns.append(.column(name, kind, isNullable: true))
      tables[index].constraints.append(
        .foreignKey(
          "fk_\(name)", name, references: target.name,
          onDelete: choices.pick([.restrict, .cascade, .setNull]),
          deferred: choices.number(below: 4) == 1))
    }
  }

  /// The kind of a key of one column.
  static func keyKind(of table: Schema.Table) -> StoredValue.Kind? {
    let key = table.constraints.first { $0.kind == .primaryKey }?.columns ?? []
    return key.count == 1 ? table.column(key[0])?.kind : nil
  }

  private static func association(
    _ name: String, _ tables: [Schema.Table], _ choices: inout Choices
  ) -> Schema.Table {
    let rows = tables.filter { !$0.isAssociation }
    let (source, target) = (choices.pick(rows), choices.pick(rows))
    return Schema.Table(
      name,
      columns: [
        .column("from", keyKind(of: source) ?? .composite),
        .column("to", keyKind(of: target) ?? .composite),
      ],
      constraints: [
        .primaryKey("pk_\(name)", "from", "to"),
        .foreignKey("fk_\(name)_from", "from", references: source.name, onDelete: .cascade),
        .foreignKey("fk_\(name)_to", "to", references: target.name, onDelete: .cascade),
      ], isAssociation: true)
  }

  /// A schema in which a table and an association table have each other's names.
  static func exchanged(_ schema: [Schema.Table]) -> [Schema.Table] {
    func other(_ name: String) -> String {
      ["a": "x", "x": "a", "b": "y", "y": "b"][name] ?? name
    }
    return schema.map { table in
      var table = table
      table.name = other(table.name)
      for place in table.constraints.indices {
        table.constraints[place].target = table.constraints[place].target.map(other)
      }
      return table
    }
  }

  // MARK: Edits

  /// A schema with some changes that lose nothing of the rows that are there.
  static func edited(_ schema: [Schema.Table], _ choices: inout Choices) -> [Schema.Table] {
    var tables = schema
    for index in tables.indices where !tables[index].isAssociation {
      for _ in 0..<choices.number(below: 4) { edit(&tables[index], &choices) }
    }
    for index in tables.indices where choices.number(below: 5) == 1 { rename(index, &tables) }
    if choices.number(below: 3) == 1 { tables.insert(table("new", &choices), at: 0) }
    let rows = tables.filter { !$0.isAssociation }
    if choices.number(below: 4) == 1 {
      tables = rows.reversed() + tables.filter(\.isAssociation)
    }
    return tables
  }

  private static func edit(_ table: inout Schema.Table, _ choices: inout Choices) {
    let place = choices.number(below: table.columns.count)
    let name = table.columns[place].name
    let isKey = table.constraints.contains { $0.kind == .primaryKey && $0.columns.contains(name) }
    let isReference = table.constraints.contains { $0.kind == .foreignKey && $0.columns == [name] }
    switch choices.number(below: 9) {
    case 0:
      let fresh = "new\(table.columns.count)"
      var added = column(fresh, &choices)
      if added.defaultValue == nil { added.isNullable = true }
      if table.column(fresh) == nil { table.columns.insert(added, at: place) }
    case 1:
      let renamed = "\(name)_renamed"
      guard table.column(renamed) == nil, table.columns[place].formerName == nil else { return }
      table.columns[place].formerName = name
      table.columns[place].name = renamed
      for index in table.constraints.indices {
        table.constraints[index].columns = table.constraints[index].columns.map {
          $0 == name ? renamed : $0
        }
      }
      for index in table.indexes.indices {
        table.indexes[index].columns = table.indexes[index].columns.map {
          $0 == name ? renamed : $0
        }
      }
    case 2 where !isKey: table.columns[place].isNullable = true
    case 3 where !isKey && !isReference && table.columns[place].kind == .integer:
      // The default must be of the new kind.
      table.columns[place].kind = .text
      table.columns[place].defaultValue = nil
    case 4:
      table.columns[place].defaultValue = RawRowsGenerator.value(table.columns[place].kind, 2)
    case 5: table.columns[place].maxLength = nil
    case 6:
      table.constraints.removeAll { $0.kind == .unique || $0.kind == .check }
    case 7: table.columns.reverse()
    default:
      if table.indexes.isEmpty {
        table.indexes.append(.index("ix_new", name))
      } else {
        table.indexes = []
      }
    }
  }

  private static func rename(_ index: Int, _ tables: inout [Schema.Table]) {
    let name = tables[index].name
    tables[index].formerName = name
    tables[index].name = "\(name)_renamed"
    for table in tables.indices {
      for constraint in tables[table].constraints.indices
      where tables[table].constraints[constraint].target == name {
        tables[table].constraints[constraint].target = "\(name)_renamed"
      }
    }
  }
}

/// Rows for schemas that are described by hand.
enum RawRowsGenerator {
  /// Rows of all tables that keep all constraints: keys and unique values ascend, references lead to
  /// rows that are there, or nowhere.
  static func rows(
    _ schema: [Schema.Table], _ choices: inout Choices
  ) -> [(table: String, rows: [[String: StoredValue]])] {
    let counts = schema.map { $0.isAssociation ? 0 : choices.number(below: 6) }
    func count(_ name: String?) -> Int {
      schema.firstIndex { $0.name == name }.map { counts[$0] } ?? 0
    }
    func key(_ name: String?, _ number: Int) -> StoredValue {
      guard let table = schema.first(where: { $0.name == name }) else { return .null }
      guard let kind = RawSchemaGenerator.keyKind(of: table) else {
        return .composite([value(table.columns[0].kind, number), .integer(Int64(number))])
      }
      return value(kind, number)
    }
    var made: [(table: String, rows: [[String: StoredValue]])] = []
    for (index, table) in schema.enumerated() {
      var rows: [[String: StoredValue]] = []
      if table.isAssociation {
        let targets = table.columns.map { column in
          table.constraints.first { $0.kind == .foreignKey && $0.columns == [column.name] }?.target
        }
        let most = count(targets[0]) * count(targets[1])
        for _ in 0..<min(most, choices.number(below: 8)) {
          rows.append([
            "from": key(targets[0], choices.number(below: count(targets[0]))),
            "to": key(targets[1], choices.number(below: count(targets[1]))),
          ])
        }
      }
      for number in 0..<counts[index] {
        var row: [String: StoredValue] = [:]
        for column in table.columns {
          let reference = table.constraints.first {
            $0.kind == .foreignKey && $0.columns == [column.name]
          }
          if let target = reference?.target {
            let parents = count(target)
            row[column.name] =
              parents == 0 || choices.number(below: 3) == 0
              ? .null : key(target, choices.number(below: parents))
          } else if column.isNullable, choices.number(below: 3) == 0 {
            row[column.name] = .null
          } else {
            row[column.name] = value(column.kind, number)
          }
        }
        rows.append(row)
      }
      made.append((table.name, rows))
    }
    return made
  }

  /// The value of a kind that a number stands for: another for another number, but for truth values.
  static func value(_ kind: StoredValue.Kind, _ number: Int) -> StoredValue {
    switch kind {
    case .boolean: .boolean(number % 2 == 1)
    case .integer: .integer(Int64(number))
    case .unsigned: .unsigned(UInt64(number))
    case .real: .real(Double(number) / 4)
    case .text: .text("각 \(number)")
    case .date: .date(Date(timeIntervalSinceReferenceDate: Double(number) * 1.5))
    case .uuid: .uuid(UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, UInt8(number))))
    case .bytes: .bytes([UInt8(number), 0])
    case .composite: .null
    }
  }
}
