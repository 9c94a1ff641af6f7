import Foundation

extension GraphStore.Migrations {
  /// The Swift source of the next migration: the steps from the tables of the folder to those of the
  /// schema, and back, ready to be read and changed.
  ///
  /// The steps are tried on a copy of what the folder holds, so that what could not be done is
  /// refused now: a column that may not be empty and has no default, a unique constraint that rows
  /// break, values that have no equal in another kind. Then the way back is tried on what they left. If
  /// it can't be done, as where a column comes back that may not be empty, the draft says why above the
  /// steps back.
  ///
  /// - Parameters:
  ///   - message: What the migration is about, in a few words; its name is made of it.
  ///   - losingData: Whether tables and columns that hold something may be dropped, now and wherever
  ///     the migration is done.
  /// - Returns: A Swift file. If nothing differs its migration does nothing, and says so.
  /// - Throws: `GraphError.migrationNeeded` if migrations are to be done first, and
  ///   `.migrationRefused` with the first step that can't be done, or would lose data.
  /// - Complexity: O(rows + links).
  public func draft(_ message: String, losingData: Bool = false) throws -> String {
    let history = try known()
    guard history.pending.isEmpty else {
      throw GraphError.migrationNeeded(
        folder: store.path, reasons: history.reasons)
    }
    var draft = MigrationDraft(
      message, number: history.freeNumber, difference, losingData: losingData)
    draft.obstacles = try MigrationRun(store).rehearse(draft.name) { tables in
      try tables.perform(draft.difference, losingData: losingData)
    } back: { tables in
      try tables.perform(draft.difference.inverse, losingData: true)
    }
    return draft.source
  }

  /// The name of the migration that a draft with a message holds: its number, and the words. The number
  /// is one that no migration has which the program or the folder knows.
  public func draftName(_ message: String) throws(GraphError) -> String {
    let number = try known().freeNumber
    return MigrationDraft(message, number: number, difference, losingData: false).name
  }
}

extension MigrationHistory {
  /// The first number behind that of the migrations with which no name starts.
  fileprivate var freeNumber: Int {
    let names = migrations.map(\.name) + applied
    let taken = Set(names.map { Int($0.prefix { $0.isASCII && $0.isNumber }) })
    var number = migrations.count + 1
    while taken.contains(number) { number += 1 }
    return number
  }
}

/// The source of a migration, in the form that swift-format gives it.
struct MigrationDraft {
  private let message: String
  private let number: String
  let difference: Schema.Difference
  private let losingData: Bool
  /// Why the way back can't be done; nothing if it can.
  var obstacles: [String] = []
  private static let longestName = 60

  init(_ message: String, number: Int, _ difference: Schema.Difference, losingData: Bool) {
    let digits = "\(number)"
    self.number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    self.message = message.split {
      $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }.joined(separator: " ")
    self.difference = difference
    self.losingData = losingData
  }

  /// The words of the message that make the name: as many as fit.
  private var words: [String] {
    let all = message.lowercased().split { !$0.isLetter && !$0.isNumber }
    var (words, length): ([String], Int) = ([], 0)
    for word in all {
      length += word.count + 1
      if length > MigrationDraft.longestName, !words.isEmpty { break }
      words.append(String(word.prefix(MigrationDraft.longestName)))
    }
    return words
  }

  /// The name of the migration, such as `0002_display_name`.
  var name: String { ([number] + words).joined(separator: "_") }

  /// The name of the constant, such as `m0002DisplayName`.
  var constant: String { "m\(number)" + words.map(\.capitalized).joined() }

  var source: String {
    """
    \(needsFoundation ? "import Foundation\nimport Kith" : "import Kith")

    extension Migration {
    \(comment)
    \(opening) { tables in
    \(body(difference, losingData: losingData))
      } down: { tables in
    \((warning + [body(difference.inverse, losingData: true)]).joined(separator: "\n"))
      }
    }

    """
  }

  private var comment: String {
    MigrationDraft.comment(message.isEmpty ? name : message, "  ///").joined(separator: "\n")
  }

  /// What the steps back need before they can be done.
  private var warning: [String] {
    if obstacles.isEmpty { return [] }
    let lines = ["This was tried, and can't be done with what the folder holds:"]
    return (lines + obstacles.map { "- \($0.onOneLine)" }).flatMap {
      MigrationDraft.comment($0, "    //")
    }
  }

  /// Lines of a comment, each of which starts with a mark.
  private static func comment(_ text: String, _ mark: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + 1 + word.count <= SwiftText.limit {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append("\(mark) \(word)")
      }
    }
    return lines
  }

  private var opening: String {
    let start = "  static let \(constant) = Migration("
    let line = "\(start)\(name.literal))"
    let isShort = line.count + " { tables in".count <= SwiftText.limit
    return isShort ? line : "\(start)\n    \(name.literal)\n  )"
  }

  /// The steps. What a way back drops came with the way there.
  private func body(_ difference: Schema.Difference, losingData: Bool) -> String {
    if difference.isEmpty {
      return "    // The tables of the folder are those of the schema already."
    }
    return difference.operations.flatMap { operation in
      let text = operation.source(losingData: losingData && operation.loss != nil)
      let lines = text.lines(at: 4)
      // A name, or a text, can't be broken.
      let isTooLong = lines.contains { $0.count > SwiftText.limit }
      return isTooLong ? ["    // swift-format-ignore"] + lines : lines
    }.joined(separator: "\n")
  }

  /// Whether a default is written with a type of Foundation.
  private var needsFoundation: Bool {
    difference.operations.flatMap(\.columns).contains { $0.defaultValue?.needsFoundation ?? false }
  }
}

extension Schema.Operation {
  /// The columns that the step, or the one that undoes it, describes.
  fileprivate var columns: [Schema.Column] {
    switch self {
    case .createTable(let table, _), .dropTable(let table, _): table.columns
    case .addColumn(let column, _, _), .dropColumn(let column, _, _): [column]
    case .changeColumn(let old, let new, _): [old, new]
    default: []
    }
  }

  /// The call that does the step.
  fileprivate func source(losingData: Bool) -> SwiftText {
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

extension StoredValue {
  fileprivate var needsFoundation: Bool {
    switch self {
    case .date, .uuid: true
    case .composite(let parts): parts.contains(where: \.needsFoundation)
    default: false
    }
  }

  /// The value as Swift writes it.
  fileprivate func source(_ label: String = "") -> SwiftText {
    switch self {
    case .null: "\(label).null"
    case .boolean, .integer, .text: "\(label)\(self)"
    case .unsigned(let value): "\(label).unsigned(\(value))"
    case .real(let value): "\(label)\(value.isFinite ? "\(value)" : ".real(\(value.source))")"
    case .date(let value):
      .call(
        "\(label).date",
        [
          .call(
            "Date",
            ["timeIntervalSinceReferenceDate: \(value.timeIntervalSinceReferenceDate.source)"])
        ])
    case .uuid(let value): .call("\(label).uuid", [.call("UUID", [.tuple("uuid: ", value.octets)])])
    case .bytes(let value): .array("\(label).bytes([", value.map { "\($0)" }, "])")
    case .composite(let parts): .array("\(label).composite([", parts.map { $0.source() }, "])")
    }
  }
}

extension Double {
  fileprivate var source: String {
    isFinite ? "\(self)" : isNaN ? ".nan" : self < 0 ? "-.infinity" : ".infinity"
  }
}

extension UUID {
  /// The bytes as Swift writes them.
  fileprivate var octets: [SwiftText] {
    var digits = uuidString.lowercased().filter { $0 != "-" }[...]
    var octets: [SwiftText] = []
    while !digits.isEmpty {
      octets.append("0x\(digits.prefix(2))")
      digits = digits.dropFirst(2)
    }
    return octets
  }
}

/// A piece of Swift, and how it is broken into lines where it is too long for one: as swift-format
/// does it.
private struct SwiftText {
  /// What comes before the parts, with the bracket that opens.
  var head: String
  var parts: [SwiftText] = []
  /// The bracket that closes.
  var tail = ""
  /// Whether the bracket that closes stands on a line of its own.
  var closesAlone = false
  /// Whether a comma may follow the last of several parts.
  var hasLastComma = false
  /// Whether each part has a line of its own in any case.
  var hasRows = false

  /// The longest line.
  static let limit = 100

  static func name(_ name: String, _ label: String = "") -> SwiftText {
    SwiftText(head: label + name.literal)
  }

  static func call(_ name: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(head: "\(name)(", parts: parts, tail: ")")
  }

  static func array(
    _ head: String, _ parts: [SwiftText], _ tail: String = "]"
  ) -> SwiftText {
    SwiftText(head: head, parts: parts, tail: tail, closesAlone: true, hasLastComma: true)
  }

  static func tuple(_ label: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(head: "\(label)(", parts: parts, tail: ")", closesAlone: true)
  }

  static func rows(_ head: String, _ parts: [SwiftText]) -> SwiftText {
    SwiftText(
      head: head, parts: parts, tail: "]", closesAlone: true, hasLastComma: true, hasRows: true)
  }

  private var line: String { head + parts.map(\.line).joined(separator: ", ") + tail }

  /// The lines, each with its indentation.
  ///
  /// - Parameter reserve: How many characters must find room behind the last.
  func lines(at indentation: Int, reserve: Int = 0) -> [String] {
    let space = String(repeating: " ", count: indentation)
    let fits = indentation + line.count + reserve <= SwiftText.limit
    if parts.isEmpty || (fits && !hasRows) { return [space + line] }
    var lines = [space + head]
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      let comma = !isLast || (hasLastComma && parts.count > 1) ? "," : ""
      let room = comma.count + (isLast && !closesAlone ? tail.count + reserve : 0)
      if place > 0, !hasRows, let last = lines.last,
        last.count + 1 + part.line.count + room <= SwiftText.limit
      {
        lines[lines.count - 1] += " \(part.line)\(comma)"
      } else {
        lines += part.lines(at: indentation + 2, reserve: room)
        lines[lines.count - 1] += comma
      }
    }
    if closesAlone {
      lines.append(space + tail)
    } else {
      lines[lines.count - 1] += tail
    }
    return lines
  }
}

extension SwiftText: ExpressibleByStringInterpolation {
  fileprivate init(stringLiteral text: String) { self.init(head: text) }
}

extension String {
  /// The text as Swift writes it.
  fileprivate var literal: String { quoted }
}
