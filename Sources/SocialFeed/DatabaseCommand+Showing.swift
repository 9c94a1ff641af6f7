import Kith

extension DatabaseCommand {
  /// The migrations that were done last: one, or one a branch.
  func current(_ migrations: GraphStore.Migrations) throws -> Answer {
    let (current, heads) = (try migrations.current, try migrations.heads)
    if current.isEmpty { return Answer(lines: ["no migration was done"]) }
    return Answer(lines: current.map { heads.contains($0) ? "\($0) (head)" : $0 })
  }

  /// What the folder lacks to have the tables of today.
  func check() throws -> Answer {
    do {
      try open(readOnly: true).migrations.check()
      return Answer(lines: ["\(options.folder) has the tables of the application"])
    } catch GraphError.migrationNeeded(_, let reasons) {
      return Answer(lines: reasons, isGood: false)
    }
  }

  /// A migration, and what a dry run to it would do if it is not done.
  func show() throws -> Answer {
    let migrations = try open(readOnly: true).migrations
    let entry = try entry(options.operand ?? "head", migrations)
    let lines = [
      entry.name,
      entry.predecessors.isEmpty
        ? "follows no other" : "follows \(entry.predecessors.joined(separator: ", "))",
    ]
    if entry.isApplied { return Answer(lines: lines + ["was done"]) }
    let reports = try migrations.upgrade(to: .named(entry.name), isDryRun: true)
    return Answer(lines: lines + ["is to be done:"] + reports.map(\.description))
  }

  /// The migration with a name, or the only one whose name starts so, or the head.
  private func entry(
    _ name: String, _ migrations: GraphStore.Migrations
  ) throws -> GraphStore.Migrations.Entry {
    let entries = try migrations.history
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    let found = entries.filter { name == "head" ? $0.isHead : $0.name.hasPrefix(name) }
    if let entry = found.first, found.count == 1 { return entry }
    throw InputError(
      found.isEmpty
        ? "there is no migration \(name)"
        : "\(name) may be any of \(found.map(\.name).joined(separator: ", "))")
  }
}

extension GraphStore.Migrations.Entry {
  /// The migration in a list of all.
  var line: String {
    var line = "[\(isApplied ? "x" : " ")] \(name)"
    if !predecessors.isEmpty { line += " (after \(predecessors.joined(separator: ", ")))" }
    return isHead ? line + " (head)" : line
  }
}
