extension Schema {
  /// One step from a schema to another. Each knows enough to be undone.
  public enum Operation: Sendable, Hashable {
    /// Makes a table, or an association table, before another one, or as the last.
    case createTable(Table, before: String?)
    /// Drops a table, which stands before another one, with all that is in it.
    case dropTable(Table, before: String?)
    /// Gives a table another name.
    case renameTable(String, to: String)
    /// Adds a column before another one, or as the last.
    case addColumn(Column, to: String, before: String?)
    /// Drops a column, which stands before another one, with its values.
    case dropColumn(Column, from: String, before: String?)
    /// Gives a column another name.
    case renameColumn(String, to: String, of: String)
    /// Changes the kind of a column, its default, its longest length, or whether it may be empty.
    case changeColumn(Column, to: Column, of: String)
    /// Adds a constraint or an index.
    case addConstraint(Constraint, to: String)
    /// Drops a constraint or an index.
    case dropConstraint(Constraint, from: String)
    /// Gives a constraint or an index another name.
    case renameConstraint(String, to: String, of: String)
    /// Puts the columns of a table in another order.
    case orderColumns([String], from: [String], of: String)
    /// Puts the tables in another order.
    case orderTables([String], from: [String])
  }
}

extension Schema.Operation {
  /// The step that undoes this one. Rows, values and links that were dropped do not come back.
  public var inverse: Schema.Operation {
    switch self {
    case .createTable(let table, let next): .dropTable(table, before: next)
    case .dropTable(let table, let next): .createTable(table, before: next)
    case .renameTable(let old, let new): .renameTable(new, to: old)
    case .addColumn(let column, let table, let next): .dropColumn(column, from: table, before: next)
    case .dropColumn(let column, let table, let next): .addColumn(column, to: table, before: next)
    case .renameColumn(let old, let new, let table): .renameColumn(new, to: old, of: table)
    case .changeColumn(let old, let new, let table): .changeColumn(new, to: old, of: table)
    case .addConstraint(let constraint, let table): .dropConstraint(constraint, from: table)
    case .dropConstraint(let constraint, let table): .addConstraint(constraint, to: table)
    case .renameConstraint(let old, let new, let table): .renameConstraint(new, to: old, of: table)
    case .orderColumns(let new, let old, let table): .orderColumns(old, from: new, of: table)
    case .orderTables(let new, let old): .orderTables(old, from: new)
    }
  }

  /// What would be lost, if there is anything: a sentence.
  public var loss: String? {
    switch self {
    case .dropTable(let table, _):
      "the \(table.isAssociation ? "links" : "rows") of \(table.name) are lost"
    case .dropColumn(let column, let table, _): "the values of \(table).\(column.name) are lost"
    default: nil
    }
  }
}

extension Schema.Operation: CustomStringConvertible {
  /// The step in words, such as `add column users.name (text, may be empty)`.
  public var description: String {
    switch self {
    case .createTable(let table, _): "add \(table.noun) \(table.name)"
    case .dropTable(let table, _): "remove \(table.noun) \(table.name)"
    case .renameTable(let old, let new): "rename table \(old) to \(new)"
    case .addColumn(let column, let table, _):
      "add column \(table).\(column.name) (\(column.words))"
    case .dropColumn(let column, let table, _): "remove column \(table).\(column.name)"
    case .renameColumn(let old, let new, let table): "rename column \(table).\(old) to \(new)"
    case .changeColumn(let old, let new, let table):
      Schema.Operation.words(from: old, to: new, "\(table).\(new.name)")
    case .addConstraint(let constraint, let table): "add \(constraint.words) to \(table)"
    case .dropConstraint(let constraint, let table):
      "remove \(constraint.noun) \(constraint.name) from \(table)"
    case .renameConstraint(let old, let new, let table): "rename \(old) of \(table) to \(new)"
    case .orderColumns(let names, _, let table):
      "put the columns of \(table) in the order \(names.joined(separator: ", "))"
    case .orderTables(let names, _): "put the tables in the order \(names.joined(separator: ", "))"
    }
  }

  /// What changes of a column.
  private static func words(
    from old: Schema.Column, to new: Schema.Column, _ column: String
  ) -> String {
    var words: [String] = []
    if old.kind != new.kind { words.append("change the type from \(old.kind) to \(new.kind)") }
    if old.maxLength != new.maxLength {
      words.append(
        new.maxLength.map { "set the longest length \($0)" } ?? "lift the longest length")
    }
    if old.defaultValue != new.defaultValue {
      words.append(new.defaultValue.map { "set the default \($0)" } ?? "remove the default")
    }
    var parts = words.isEmpty ? [] : ["\(words.joined(separator: ", ")) of \(column)"]
    if old.isNullable != new.isNullable {
      let subject = parts.isEmpty ? column : "it"
      parts.append("make \(subject) \(new.isNullable ? "optional" : "required")")
    }
    return parts.isEmpty ? "leave \(column) as it is" : parts.joined(separator: ", and ")
  }
}

extension Schema.Table {
  fileprivate var noun: String { isAssociation ? "association table" : "table" }
}

extension Schema.Column {
  fileprivate var words: String {
    var words = ["\(kind)"]
    if let maxLength { words.append("at most \(maxLength) long") }
    if isNullable { words.append("may be empty") }
    if let defaultValue { words.append("default \(defaultValue)") }
    return words.joined(separator: ", ")
  }
}

extension Schema.Constraint {
  fileprivate var noun: String {
    switch kind {
    case .primaryKey: "primary key"
    case .unique: "unique constraint"
    case .foreignKey: "foreign key"
    case .check: "check"
    case .index: "index"
    }
  }

  fileprivate var words: String {
    var words = "\(noun) \(name)"
    if !columns.isEmpty { words += " on \(columns.joined(separator: ", "))" }
    if let target { words += " referring to \(target)" }
    if let onDelete, onDelete != .restrict { words += ", on delete \(onDelete)" }
    return words + (isDeferred ? ", deferred" : "")
  }
}
