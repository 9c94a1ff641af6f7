extension Schema.Operation {
  /// The columns that the step, or the one that undoes it, describes.
  var columns: [Schema.Column] {
    switch self {
    case .createTable(let table, _), .dropTable(let table, _): table.columns
    case .addColumn(let column, _, _), .dropColumn(let column, _, _): [column]
    case .changeColumn(let old, let new, _): [old, new]
    default: []
    }
  }

  /// The call that does the step.
  func source(losingData: Bool) -> SwiftText {
    let consent: [SwiftText] = losingData ? ["losingData: true"] : []
    switch self {
    case .createTable(let table, let next): return table.source(before: next)
    case .dropTable(let table, _):
      return .call("try tables.drop", [.name(table.name)] + consent)
    case .renameTable(let old, let new):
      return .call("try tables.rename", [.name(old), .name(new, "to: ")])
    case .addColumn(let column, let table, let next):
      return .call(
        "try tables.addColumn",
        [column.source(), .name(table, "to: ")] + (next.map { [.name($0, "before: ")] } ?? []))
    case .dropColumn(let column, let table, _):
      return .call("try tables.dropColumn", [.name(column.name), .name(table, "from: ")] + consent)
    case .renameColumn(let old, let new, let table):
      return .call(
        "try tables.renameColumn", [.name(old), .name(table, "of: "), .name(new, "to: ")])
    case .changeColumn(let old, let new, let table):
      return .call(
        "try tables.changeColumn", [.name(old.name), .name(table, "of: "), new.source("to: ")])
    case .addConstraint(let constraint, let table):
      return .call("try tables.add", [constraint.source, .name(table, "to: ")])
    case .dropConstraint(let constraint, let table):
      return .call("try tables.dropConstraint", [.name(constraint.name), .name(table, "from: ")])
    case .renameConstraint(let old, let new, let table):
      return .call(
        "try tables.renameConstraint", [.name(old), .name(table, "of: "), .name(new, "to: ")])
    case .orderColumns(let names, _, let table):
      return .call(
        "try tables.orderColumns", [.name(table, "of: "), .array("[", names.map { .name($0) })])
    case .orderTables(let names, _):
      return .array("try tables.orderTables([", names.map { .name($0) }, "])")
    }
  }
}

extension Schema.Table {
  fileprivate func source(before next: String?) -> SwiftText {
    var parts: [SwiftText] = [
      .name(name), .rows("columns: [", columns.map { $0.source() }),
      .rows("constraints: [", constraints.map(\.source)),
    ]
    if !indexes.isEmpty { parts.append(.rows("indexes: [", indexes.map(\.source))) }
    if let next { parts.append(.name(next, "before: ")) }
    let call = isAssociation ? "createAssociation" : "create"
    return SwiftText(head: "try tables.\(call)(", parts: parts, tail: ")", hasRows: true)
  }
}

extension Schema.Column {
  fileprivate func source(_ label: String = "") -> SwiftText {
    var parts: [SwiftText] = [.name(name), ".\(kind)"]
    if isNullable { parts.append("isNullable: true") }
    if let defaultValue { parts.append(defaultValue.source("default: ")) }
    if let maxLength { parts.append("maxLength: \(maxLength)") }
    return .call("\(label).column", parts)
  }
}

extension Schema.Constraint {
  fileprivate var source: SwiftText {
    var parts: [SwiftText] = [.name(name)] + columns.map { .name($0) }
    if let target { parts.append(.name(target, "references: ")) }
    if let onDelete, onDelete != .restrict { parts.append("onDelete: .\(onDelete)") }
    if isDeferred { parts.append("deferred: true") }
    return .call(".\(kind)", parts)
  }
}
