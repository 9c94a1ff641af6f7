extension Schema {
  /// The schema as the text of a Mermaid entity relationship diagram.
  ///
  /// ```
  /// erDiagram
  ///   users {
  ///     integer id PK
  ///     text handle UK
  ///   }
  ///   users ||--o{ posts : author_id
  ///   users }o--o{ users : follows
  /// ```
  public var mermaid: String {
    var lines = ["erDiagram"]
    for table in tables where !table.isAssociation {
      lines.append("  \(quoted(table.name)) {")
      lines += table.columns.map { "    " + attribute($0, of: table) }
      lines.append("  }")
    }
    for table in tables {
      let references = table.constraints.filter { $0.kind == .foreignKey }
      if table.isAssociation {
        let ends = references.compactMap(\.target).map(quoted)
        lines.append("  \(ends[0]) }o--o{ \(ends[1]) : \(quoted(table.name))")
      } else {
        for reference in references {
          let isOptional = table.column(reference.columns[0])?.isNullable ?? false
          lines.append(
            "  \(quoted(reference.target ?? "")) \(isOptional ? "|o" : "||")--o{ "
              + "\(quoted(table.name)) : \(quoted(reference.columns[0]))")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One column of a table: its kind, its name, and which keys it is part of.
  private func attribute(_ column: Column, of table: Table) -> String {
    let keys = [("PK", Constraint.Kind.primaryKey), ("FK", .foreignKey), ("UK", .unique)].filter {
      mark in
      table.constraints.contains { $0.kind == mark.1 && $0.columns.contains(column.name) }
    }.map(\.0)
    let name = column.name.map { $0.isLetter || $0.isNumber || $0 == "_" ? String($0) : "_" }
    return "\(column.kind.rawValue) \(name.joined())"
      + (keys.isEmpty ? "" : " " + keys.joined(separator: ", "))
      + (column.isNullable ? " \"may be empty\"" : "")
  }

  /// A name as Mermaid takes it: in quotes, unless it is made of plain letters, digits, and
  /// underscores.
  private func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    return isPlain && !name.isEmpty ? name : "\"\(name.replacing("\"", with: "'"))\""
  }
}
