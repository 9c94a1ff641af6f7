import Foundation
import Kith

/// One command about the folder, as `social-feed db` does it.
struct DatabaseCommand {
  let options: DatabaseOptions

  /// What a command has to say.
  struct Answer {
    var lines: [String]
    /// Whether all is as it should be.
    var isGood = true

    var text: String { lines.map { $0 + "\n" }.joined() }
  }

  /// Does the command.
  ///
  /// - Throws: `GraphError`, or `InputError` if what the command is about is not there.
  func run() throws -> Answer {
    switch options.command {
    case .initialize: try initialize()
    case .migrate: try migrate()
    case .upgrade: try upgrade()
    case .downgrade: try downgrade()
    case .stamp: try stamp()
    case .history: Answer(lines: try open(readOnly: true).migrations.history.map(\.line))
    case .current: try current(open(readOnly: true).migrations)
    case .check: try check()
    case .show: try show()
    case .load: try load()
    case nil: Answer(lines: [])
    }
  }

  // MARK: The folder

  /// Opens the folder, which is there.
  ///
  /// - Parameter readOnly: Whether it is only asked something, which can be done while another process has
  ///   it open.
  func open(readOnly: Bool = false) throws -> GraphStore {
    guard FileManager.default.fileExists(atPath: options.folder) else {
      throw InputError("there is no folder \(options.folder); \(invocation("init")) makes it")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: options.folder)) ?? []
    // A store that is opened where there is none is made there, beside what else there is.
    guard names.contains(where: { $0.hasPrefix("checkpoint-") || $0.hasPrefix("log-") }) else {
      throw InputError(
        "\(options.folder) holds no tables of the application; \(DatabaseCommand.name) init makes "
          + "a folder that does")
    }
    return try store(readOnly: readOnly)
  }

  private func store(readOnly: Bool = false) throws -> GraphStore {
    try GraphStore(
      Database.schema(), at: URL(filePath: options.folder, directoryHint: .notDirectory),
      migrations: Database.migrations, readOnly: readOnly)
  }

  private func initialize() throws -> Answer {
    // One that is empty was made for it, or is left where this was stopped.
    let names = try? FileManager.default.contentsOfDirectory(atPath: options.folder)
    let isEmpty = names?.allSatisfy { $0 == "lock" } ?? false
    if !isEmpty, FileManager.default.fileExists(atPath: options.folder) {
      throw InputError("\(options.folder) is there already")
    }
    _ = try store()
    return Answer(
      lines: ["made \(options.folder), without tables; \(invocation("upgrade")) makes them"])
  }

  private static let name = "social-feed db"

  /// Another command on the same folder, to be typed.
  func invocation(_ command: String) -> String {
    let isUsual = options.folder == DatabaseOptions.usualFolder
    return "\(DatabaseCommand.name) \(command)" + (isUsual ? "" : " --folder \(options.folder)")
  }

  // MARK: Moving

  private func upgrade() throws -> Answer {
    let target = Migration.Target(options.operand ?? "head")
    let migrations = try open(readOnly: options.isDryRun).migrations
    return answer(try migrations.upgrade(to: target, isDryRun: options.isDryRun))
  }

  private func downgrade() throws -> Answer {
    let target = Migration.Target(options.operand ?? "-1")
    let migrations = try open(readOnly: options.isDryRun).migrations
    return answer(try migrations.downgrade(to: target, isDryRun: options.isDryRun))
  }

  private func answer(_ reports: [Migration.Report]) -> Answer {
    if reports.isEmpty { return Answer(lines: ["nothing is to be done"]) }
    let remarks = options.isDryRun ? ["a dry run: nothing was changed"] : []
    return Answer(lines: reports.map(\.description) + remarks)
  }

  private func stamp() throws -> Answer {
    let migrations = try open().migrations
    try migrations.stamp(Migration.Target(options.operand ?? ""))
    return try current(migrations)
  }

  // MARK: Import

  /// Loads an edge list, and gives each user that is new a handle and a profile.
  private func load() throws -> Answer {
    let store = try open()
    try store.migrations.check()
    let progress = ProgressLine()
    defer { progress.clear() }
    let list = TextSource(path: options.operand ?? "")
    let report = try store.write { graph in
      var profiles: [Database.Profile] = []
      let report = try graph.load(
        Database.User.follows, edgeList: list, progress: progress.show
      ) { id in
        profiles.append(Database.Profile(user: id, displayName: "User \(id)", bio: nil))
        return Database.User(id: id, handle: "user-\(id)")
      }
      try graph.insert(contentsOf: profiles)
      return report
    }
    try store.checkpoint()
    let imported = "imported \(report.rowsInserted.counted("user")) and "
    return Answer(lines: [imported + report.inserted.counted("follow") + report.leftOut])
  }
}

/// Something that a command is about, and that is not as the command needs it.
struct InputError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
