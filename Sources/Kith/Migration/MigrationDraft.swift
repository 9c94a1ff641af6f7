extension GraphStore.Migrations {
  /// The Swift source of the next migration: the steps from the tables of the folder to those of the
  /// schema, and back, ready to be read and changed.
  ///
  /// The steps are tried on a copy of what the folder holds, so that what could not be done is
  /// refused now: a column that may not be empty and has no default, a unique constraint that rows
  /// break, values that have no equal in another kind.
  ///
  /// - Parameters:
  ///   - message: What the migration is about, in a few words; its name is made of it.
  ///   - losingData: Whether tables and columns that hold something may be dropped.
  /// - Returns: A Swift file. If nothing differs its migration does nothing, and says so.
  /// - Throws: `GraphError.migrationNeeded` if migrations are to be done first, and
  ///   `.migrationRefused` with all that can't be done, or would lose data.
  /// - Complexity: O(rows + links).
  public func draft(_ message: String, losingData: Bool = false) throws -> String {
    let history = try history()
    guard history.pending.isEmpty else {
      throw GraphError.migrationNeeded(
        folder: store.path, reasons: history.pending.map { "\($0) is to be done" })
    }
    let draft = MigrationDraft(message, number: history.migrations.count + 1, difference)
    try MigrationRun(store).rehearse(draft.name) { tables in
      for operation in draft.difference.operations {
        try tables.perform(operation, losingData: losingData)
      }
    }
    return draft.source
  }
}

/// The source of a migration.
struct MigrationDraft {
  private let message: String
  private let number: String
  let difference: Schema.Difference

  init(_ message: String, number: Int, _ difference: Schema.Difference) {
    let digits = "\(number)"
    self.number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.difference = difference
  }

  private var words: [String] {
    message.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
  }

  /// The name of the migration, such as `0002_display_name`.
  var name: String { ([number] + words).joined(separator: "_") }

  /// The name of the constant, such as `m0002DisplayName`.
  var constant: String { "m\(number)" + words.map(\.capitalized).joined() }

  var source: String {
    """
    import Kith

    extension Migration {
      /// \(message.isEmpty ? name : message)
      static let \(constant) = Migration(\(name.literal)) { tables in
    \(body(difference, losingData: false))
      } down: { tables in
    \(body(difference.inverse, losingData: true))
      }
    }

    """
  }

  /// The steps, a line each. What a way back drops came with the way there.
  private func body(_ difference: Schema.Difference, losingData: Bool) -> String {
    if difference.isEmpty {
      return "    // The tables of the folder are those of the schema already."
    }
    return difference.operations.map { operation in
      let lines = operation.source(losingData: losingData || operation.loss != nil)
      return lines.map { "    \($0)" }.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension Schema.Operation {
  /// The call that does the step, as lines of Swift.
  fileprivate func source(losingData: Bool) -> [String] {
    let consent = losingData ? ", losingData: true" : ""
    switch self {
    case .createTable(let table, let next): return table.source(next.argument)
    case .dropTable(let table, _): return ["try tables.drop(\(table.name.literal)\(consent))"]
    case .renameTable(let old, let new):
      return ["try tables.rename(\(old.literal), to: \(new.literal))"]
    case .addColumn(let column, let table, let next):
      return ["try tables.addColumn(\(column.source), to: \(table.literal)\(next.argument))"]
    case .dropColumn(let column, let table, _):
      return [
        "try tables.dropColumn(\(column.name.literal), from: \(table.literal)\(consent))"
      ]
    case .renameColumn(let old, let new, let table):
      return [
        "try tables.renameColumn(\(old.literal), of: \(table.literal), to: \(new.literal))"
      ]
    case .changeColumn(let old, let new, let table):
      return [
        "try tables.changeColumn(\(old.name.literal), of: \(table.literal), to: \(new.source))"
      ]
    case .addConstraint(let constraint, let table):
      return ["try tables.add(\(constraint.source), to: \(table.literal))"]
    case .dropConstraint(let constraint, let table):
      return ["try tables.dropConstraint(\(constraint.name.literal), from: \(table.literal))"]
    case .renameConstraint(let old, let new, let table):
      return [
        "try tables.renameConstraint(\(old.literal), of: \(table.literal), to: \(new.literal))"
      ]
    case .orderColumns(let names, _, let table):
      return ["try tables.orderColumns(of: \(table.literal), \(names.source))"]
    case .orderTables(let names, _): return ["try tables.orderTables(\(names.source))"]
    }
  }
}

extension Schema.Table {
  fileprivate func source(_ place: String) -> [String] {
    let name = isAssociation ? "createAssociation" : "create"
    var lines = ["try tables.\(name)(", "  \(self.name.literal),"]
    lines += list("columns", columns.map(\.source))
    lines += list("constraints", constraints.map(\.source))
    if !indexes.isEmpty { lines += list("indexes", indexes.map(\.source)) }
    if place.isEmpty {
      lines[lines.count - 1] = "  ])"
    } else {
      lines.append("  \(place.dropFirst(2)))")
    }
    return lines
  }

  private func list(_ label: String, _ items: [String]) -> [String] {
    ["  \(label): ["] + items.map { "    \($0)," } + ["  ],"]
  }
}

extension Schema.Column {
  fileprivate var source: String {
    var arguments = [name.literal, ".\(kind)"]
    if isNullable { arguments.append("isNullable: true") }
    if let defaultValue { arguments.append("default: \(defaultValue.source)") }
    if let maxLength { arguments.append("maxLength: \(maxLength)") }
    return ".column(\(arguments.joined(separator: ", ")))"
  }
}

extension Schema.Constraint {
  fileprivate var source: String {
    var arguments = [name.literal] + columns.map(\.literal)
    if let target { arguments.append("references: \(target.literal)") }
    if let onDelete, onDelete != .restrict { arguments.append("onDelete: .\(onDelete)") }
    if isDeferred { arguments.append("deferred: true") }
    return ".\(kind)(\(arguments.joined(separator: ", ")))"
  }
}

extension StoredValue {
  /// The value as Swift writes it.
  fileprivate var source: String {
    switch self {
    case .null: "nil"
    case .boolean, .integer, .text: description
    case .unsigned(let value): ".unsigned(\(value))"
    case .real(let value):
      value.isFinite
        ? "\(value)" : ".real(\(value.isNaN ? ".nan" : value < 0 ? "-.infinity" : ".infinity"))"
    case .date(let value):
      ".date(Date(timeIntervalSinceReferenceDate: \(value.timeIntervalSinceReferenceDate)))"
    case .uuid(let value): ".uuid(UUID(uuidString: \"\(value.uuidString)\")!)"
    case .bytes(let value): ".bytes(\(value))"
    case .composite(let parts): ".composite([\(parts.map(\.source).joined(separator: ", "))])"
    }
  }
}

extension String {
  /// The text as Swift writes it.
  fileprivate var literal: String { debugDescription }
}

extension [String] {
  fileprivate var source: String { "[\(map(\.literal).joined(separator: ", "))]" }
}

extension String? {
  /// The argument that says before what something is to stand.
  fileprivate var argument: String { map { ", before: \($0.literal)" } ?? "" }
}
