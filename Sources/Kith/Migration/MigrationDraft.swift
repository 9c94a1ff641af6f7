import Foundation

extension GraphStore.Migrations {
  /// The Swift source of the next migration: the steps from the tables of the folder to those of the
  /// schema, and back, ready to be read and changed.
  ///
  /// The steps are tried on a copy of what the folder holds, so that what could not be done is
  /// refused now: a column that may not be empty and has no default, a unique constraint that rows
  /// break, values that have no equal in another kind. Then the way back is tried on what they left. If
  /// it can't be done, as where a column comes back that may not be empty, the draft says why above the
  /// steps back. If there are several heads, the draft follows all of them, and so joins them.
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
    // Where it would follow the one before it alone, it might be done without the other branches.
    if history.heads.count > 1 { draft.predecessors = history.heads }
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
  /// The heads that it joins, if there are several; otherwise it follows the one before it.
  var predecessors: [String] = []
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
    let names = predecessors.map(\.quoted).joined(separator: ", ")
    let arguments = name.quoted + (predecessors.isEmpty ? "" : ", after: [\(names)]")
    let line = "\(start)\(arguments))"
    let isShort = line.count + " { tables in".count <= SwiftText.limit
    return isShort ? line : "\(start)\n    \(arguments)\n  )"
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
