extension Schema {
  /// How constraints and indexes are named: templates with the names of the things they are about.
  ///
  /// ```swift
  /// try Schema(naming: .init(foreignKey: "{table}_{columns}_fkey")) { … }
  /// ```
  ///
  /// `{table}` is the table, `{columns}` its columns joined by underscores, `{target}` the table that
  /// a foreign key refers to, `{name}` the name that a check was given. Anything else in braces is a
  /// schema fault, and so is a name that comes out twice.
  public struct Naming: Sendable, Hashable {
    /// Primary keys.
    public var primaryKey: String
    /// Columns, and combinations of columns, whose values are allowed once.
    public var unique: String
    /// Foreign keys.
    public var foreignKey: String
    /// Checks of columns and of rows.
    public var check: String
    /// Indexes.
    public var index: String

    /// Makes a convention; what is not given is named as Kith does by itself.
    public init(
      primaryKey: String = "pk_{table}", unique: String = "uq_{table}_{columns}",
      foreignKey: String = "fk_{table}_{columns}_{target}", check: String = "ck_{table}_{name}",
      index: String = "ix_{table}_{columns}"
    ) {
      self.primaryKey = primaryKey
      self.unique = unique
      self.foreignKey = foreignKey
      self.check = check
      self.index = index
    }
  }
}

extension Schema.Naming {
  /// The name of a constraint of one kind.
  func name(
    _ kind: Schema.Constraint.Kind, table: String, columns: [String] = [], target: String = "",
    check: String = ""
  ) -> String {
    let parts = [
      "{table}": table, "{columns}": columns.joined(separator: "_"), "{target}": target,
      "{name}": check,
    ]
    var name = ""
    var rest = template(kind)[...]
    // What is put in place may have braces of its own.
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      let part = String(rest[start...end])
      name += rest[..<start] + (parts[part] ?? part)
      rest = rest[rest.index(after: end)...]
    }
    return name + rest
  }

  /// What is wrong with the templates, one sentence each.
  var faults: [String] {
    Schema.Constraint.Kind.allCases.compactMap { kind in
      let filled = name(kind, table: "t", columns: ["c"], target: "t", check: "n")
      guard filled.contains("{") || filled.contains("}") || filled.isEmpty else { return nil }
      return
        "the naming convention \"\(template(kind))\" may hold {table}, {columns}, {target} and "
        + "{name}, and nothing else in braces"
    }
  }

  private func template(_ kind: Schema.Constraint.Kind) -> String {
    switch kind {
    case .primaryKey: primaryKey
    case .unique: unique
    case .foreignKey: foreignKey
    case .check: check
    case .index: index
    }
  }
}
