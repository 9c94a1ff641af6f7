/// A schema of the naive store: what may differ from one random schema to the next.
///
/// The tables, their columns and the kinds of their values are always the same, because row types
/// are; how many of them a schema has, and which keys, rules and indexes, is what a shape says.
package struct Shape: Sendable, Equatable {
  package enum Kind: Sendable { case boolean, integer, real, text, pair, date, uuid, bytes }
  package enum Rule: String, Sendable { case restrict, cascade, setNull }

  package struct Reference: Sendable, Equatable {
    package var table: Int
    package var rule: Rule
    package var isDeferred: Bool
  }

  package struct Column: Sendable, Equatable {
    package let name: String
    package let kind: Kind
    package let isNullable: Bool
    package var isUnique = false
    package var isIndexed = false
    package var maxLength: Int?
    /// A value that a check does not accept.
    package var refused: Value?
    package var reference: Reference?
  }

  package struct Table: Sendable, Equatable {
    package let name: String
    package var columns: [Column]
    /// The columns of the primary key.
    package let key: [Int]
    /// The columns of which each combination of values is allowed once.
    package var unique: [Int] = []
    /// An index of the rows below a foreign key, in the order of another column.
    package var order: Order?
  }

  package struct Order: Sendable, Equatable {
    package let parent: Int
    package let column: Int
  }

  package struct Link: Sendable, Equatable {
    package let name: String
    package let source: Int
    package let target: Int
    package var allowsSelfLinks = true
  }

  package var tables: [Table]
  package var links: [Link]
}

extension Shape {
  /// All tables, without any rule.
  package static let bare: [Table] = [
    node("a"), match, node("b"), word, node("c"), ticket,
  ]

  private static func node(_ name: String) -> Table {
    Table(
      name: name,
      columns: [
        Column(name: "id", kind: .integer, isNullable: false),
        Column(name: "owner", kind: .integer, isNullable: false),
        Column(name: "parent", kind: .integer, isNullable: true),
        Column(name: "match", kind: .pair, isNullable: true),
        Column(name: "label", kind: .text, isNullable: true),
        Column(name: "name", kind: .text, isNullable: false),
        Column(name: "rank", kind: .real, isNullable: true),
        Column(name: "flag", kind: .boolean, isNullable: false),
        Column(name: "moment", kind: .date, isNullable: true),
        Column(name: "code", kind: .uuid, isNullable: true),
        Column(name: "data", kind: .bytes, isNullable: false),
      ], key: [0])
  }

  private static let match = Table(
    name: "matches",
    columns: [
      Column(name: "left", kind: .integer, isNullable: false),
      Column(name: "right", kind: .integer, isNullable: false),
      Column(name: "extra", kind: .integer, isNullable: true),
    ], key: [0, 1])

  private static let word = Table(
    name: "words",
    columns: [
      Column(name: "id", kind: .text, isNullable: false),
      Column(name: "home", kind: .integer, isNullable: true),
      Column(name: "size", kind: .integer, isNullable: false),
    ], key: [0])

  private static let ticket = Table(
    name: "tickets",
    columns: [
      Column(name: "id", kind: .uuid, isNullable: false),
      Column(name: "at", kind: .date, isNullable: false),
      Column(name: "home", kind: .integer, isNullable: true),
    ], key: [0])

  /// The foreign keys that refer to a table.
  package func referrers(of table: Int) -> [(table: Int, column: Int, reference: Reference)] {
    tables.indices.flatMap { source in
      tables[source].columns.indices.compactMap { column in
        guard let reference = tables[source].columns[column].reference, reference.table == table
        else { return nil }
        return (source, column, reference)
      }
    }
  }

  /// Whether foreign keys that may not be empty form a cycle over several tables, so that no first
  /// row could be inserted.
  package var isStuck: Bool {
    func needs(_ table: Int) -> Set<Int> {
      Set(
        tables[table].columns.compactMap { column in
          guard let reference = column.reference, !column.isNullable, !reference.isDeferred,
            reference.table != table
          else { return nil }
          return reference.table
        })
    }
    return tables.indices.contains { table in
      var reached = needs(table)
      for _ in tables { reached.formUnion(reached.flatMap(needs)) }
      return reached.contains(table)
    }
  }

  /// Whether a foreign key becomes empty when its column may not.
  package var emptiesRequired: Bool {
    tables.contains { $0.columns.contains { !$0.isNullable && $0.reference?.rule == .setNull } }
  }
}

// MARK: Names

extension Shape.Table {
  package var keyName: String { "pk_\(name)" }

  func uniqueName(_ columns: [Int]) -> String {
    "uq_\(name)_" + columns.map { self.columns[$0].name }.joined(separator: "_")
  }

  func referenceName(_ column: Int, in shape: Shape) -> String {
    let target = columns[column].reference.map { shape.tables[$0.table].name } ?? ""
    return "fk_\(name)_\(columns[column].name)_\(target)"
  }
}

extension Shape: CustomStringConvertible {
  /// The rules of the schema, a line each.
  package var description: String {
    var lines: [String] = []
    for table in tables {
      lines.append("table \(table.name)")
      for column in table.columns {
        let rules = column.rules(in: self)
        if !rules.isEmpty { lines.append("  \(column.name)\(rules)") }
      }
      if !table.unique.isEmpty {
        lines.append(
          "  unique " + table.unique.map { table.columns[$0].name }.joined(separator: ", "))
      }
      if let order = table.order {
        lines.append(
          "  index \(table.columns[order.parent].name) by \(table.columns[order.column].name)")
      }
    }
    for link in links {
      let ends = "\(tables[link.source].name) → \(tables[link.target].name)"
      lines.append("links \(link.name): \(ends)\(link.allowsSelfLinks ? "" : ", no self links")")
    }
    return lines.joined(separator: "\n")
  }
}

extension Shape.Column {
  fileprivate func rules(in shape: Shape) -> String {
    var rules = isUnique ? " unique" : ""
    if isIndexed { rules += " indexed" }
    if let maxLength { rules += " maxLength(\(maxLength))" }
    if let refused { rules += " check(not \(refused))" }
    if let reference {
      rules += " references \(shape.tables[reference.table].name), \(reference.rule.rawValue)"
      if reference.isDeferred { rules += ", deferred" }
    }
    return rules
  }
}
