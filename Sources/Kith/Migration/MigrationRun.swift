import KithCore

/// Migrations on their way into the folder of a store, in turn with its writes and its checkpoints.
struct MigrationRun {
  private let store: GraphStore

  init(_ store: GraphStore) {
    self.store = store
  }

  /// Does, or undoes, the migrations that a plan names.
  func run(
    isDryRun: Bool, isDowngrade: Bool,
    _ plan: (MigrationHistory) throws(GraphError) -> [Migration]
  ) throws -> [Migration.Report] {
    if isDryRun {
      return try withCopy { file, version in
        let history = try MigrationHistory(store.declaredMigrations, applied: file.migrations)
        return try run(try plan(history), isDowngrade, on: file, at: version) { _, _, _ in }
      }
    }
    return try alone { journal in
      let migrations = try plan(try store.migrations.known())
      if migrations.isEmpty { return [] }
      let (file, version) = try read(journal)
      return try run(migrations, isDowngrade, on: file, at: version) { left, file, version in
        try commit(left, file, at: version, journal)
      }
    }
  }

  /// Does, or undoes, some migrations.
  ///
  /// - Parameter commit: Gets what each of them left.
  private func run(
    _ migrations: [Migration], _ isDowngrade: Bool, on file: RawFile, at version: Int,
    _ commit: (Left, RawFile, Int) throws -> Void
  ) throws -> [Migration.Report] {
    var (file, version, reports) = (file, version, [Migration.Report]())
    for migration in migrations {
      var tables = Migration.Tables(file.graph, migration: migration.name)
      do {
        try (isDowngrade ? migration.down : migration.up)?(&tables)
        try finish(&tables)
      } catch GraphError.migrationRefused(migration.name, let reasons) {
        throw GraphError.migrationRefused(
          migration: migration.name, reasons: reasons + hint(to: file))
      }
      file.graph = tables.graph
      if isDowngrade {
        file.migrations.removeAll { $0 == migration.name }
      } else {
        file.migrations.append(migration.name)
      }
      version += 1
      let left = try encode(file, at: version, migration.name, pending: try pending(after: file))
      try commit(left, file, version)
      reports.append(
        Migration.Report(
          migration: migration.name, isDowngrade: isDowngrade, steps: tables.steps))
    }
    return reports
  }

  /// What may help where a migration is refused: a folder that was made without migrations has the
  /// tables that the first ones create.
  private func hint(to file: RawFile) -> [String] {
    guard file.migrations.isEmpty, !file.graph.tables.isEmpty else { return [] }
    return [
      "the folder has tables and has had no migration: if it was made without them, stamp those that "
        + "led to its tables"
    ]
  }

  /// Changes what is remembered, and nothing else.
  func stamp(_ target: Migration.Target) throws {
    try alone { journal in
      let stamped = try store.migrations.known().stamped(target)
      if stamped == journal.migrations { return }
      var (file, version) = try read(journal)
      file.migrations = stamped
      version += 1
      let left = try encode(file, at: version, "stamp", pending: try pending(after: file))
      try commit(left, file, at: version, journal)
    }
  }

  /// Tries a migration on a copy of the folder as it is now, and then the way back on what it left.
  ///
  /// - Returns: Why the way back can't be done, or leads elsewhere; nothing if it leads back.
  /// - Throws: Why the migration can't be done.
  func rehearse(
    _ name: String, up: (inout Migration.Tables) throws -> Void,
    back: (inout Migration.Tables) throws -> Void
  ) throws -> [String] {
    try withCopy { file, version in
      let left = try tried(name, on: file, at: version, up)
      do {
        let end = try tried(name, on: left, at: version, back)
        return Schema.Difference(from: end.graph.schema, to: file.graph.schema).operations
          .map { "it does not lead back to the tables before: \($0)" }
      } catch GraphError.migrationRefused(_, let reasons) {
        return reasons
      }
    }
  }

  /// What some steps leave of a file, which must be such that it can be read again.
  private func tried(
    _ name: String, on file: RawFile, at version: Int,
    _ steps: (inout Migration.Tables) throws -> Void
  ) throws -> RawFile {
    var (file, tables) = (file, Migration.Tables(file.graph, migration: name))
    try steps(&tables)
    try finish(&tables)
    file.graph = tables.graph
    _ = try encode(file, at: version, name, pending: [])
    return file
  }

  /// Calls `body` with what the folder holds now. It may be one that can only be read.
  private func withCopy<Result>(
    _ body: (_ file: RawFile, _ version: Int) throws -> Result
  ) throws -> Result {
    if let folder = store.readFolder?.folder {
      let (file, version) = try OpenedFolder.whileOthersWrite(folder) { () throws(GraphError) in
        try read(folder)
      }
      return try body(file, version)
    }
    return try alone { journal in
      let (file, version) = try read(journal)
      return try body(file, version)
    }
  }

  /// Calls `body` when all that was written is in the folder, and nobody writes to it.
  private func alone<Result>(_ body: (Journal) throws -> Result) throws -> Result {
    guard let journal = store.journal else {
      throw store.isReadOnly
        ? store.readOnlyFault
        : GraphError.migrationUnreachable(
          reason: "a store in memory has the tables of its schema, and no migrations")
    }
    return try journal.alone(store.turns) { () throws in
      try journal.requireOpen()
      journal.settle()
      return try body(journal)
    }
  }

  /// The folder as it is: from the graph in memory, or if that is of another schema from its files.
  private func read(_ journal: Journal) throws(GraphError) -> (file: RawFile, version: Int) {
    do throws(FormatFault) {
      if let graph = try? journal.head() {
        let bytes = GraphEncoder(graph, migrations: journal.migrations).encode()
        return (try RawFile(decoding: bytes), graph.version)
      }
    } catch {
      throw error.error(in: store.path)
    }
    return try read(journal.folder)
  }

  /// The folder as its files say it.
  private func read(_ folder: StoreFolder) throws(GraphError) -> (file: RawFile, version: Int) {
    let found = try folder.find()
    let contents = try folder.readRaw(found)
    var file = RawFile(graph: contents.content.graph, migrations: found.migrations)
    do throws(RefusedStep) {
      try file.graph.compact()
    } catch {
      throw .damaged(error.reasons)
    }
    // An earlier Kith could leave a largest key below those that there are.
    for table in file.graph.tables.indices { file.graph.tables[table].noteKeys() }
    return (file, contents.version)
  }

  /// Requires that a migration has asked for columns that are there, and leaves tables that keep their own
  /// constraints.
  private func finish(_ tables: inout Migration.Tables) throws(GraphError) {
    let faults = tables.rowsRead.faults + tables.graph.faults
    if !faults.isEmpty {
      throw .migrationRefused(migration: tables.migration, reasons: faults)
    }
  }

  /// What is to be done after what was done to a file: one sentence each.
  private func pending(after file: RawFile) throws(GraphError) -> [String] {
    try MigrationHistory(store.declaredMigrations, applied: file.migrations).reasons
  }

  /// What a migration left.
  private struct Left {
    let bytes: [UInt8]
    /// What its tables, or its rows, lack to be of the store's schema.
    var reasons: [String]
    /// The same as a graph of the store's schema, if it is one.
    var graph: Graph?
  }

  /// Encodes what a migration left, and reads it again: a folder must never hold what can't be read.
  /// If the tables are those of the store's schema, their rows must pass its checks too, unless there
  /// are migrations yet that may change them.
  private func encode(
    _ file: RawFile, at version: Int, _ migration: String, pending: [String]
  ) throws(GraphError) -> Left {
    let bytes = GraphEncoder(file.graph, migrations: file.migrations).encode()
    let steps = store.schema.difference(from: file.graph.schema).operations.map(\.description)
    do throws(FormatFault) {
      if steps.isEmpty, var graph = try graph(bytes, mustFit: pending.isEmpty) {
        graph.version = version
        return Left(bytes: bytes, reasons: [], graph: graph)
      }
      // What could not be read again would be found when it is too late.
      _ = try RawFile(decoding: bytes)
    } catch {
      throw .migrationRefused(
        migration: migration, reasons: ["\(error.error(in: "what it leaves"))"])
    }
    return Left(bytes: bytes, reasons: steps.isEmpty ? pending : steps)
  }

  /// Reads what a migration left as a graph of the store's schema, whose tables it has.
  ///
  /// - Returns: Nil if its rows do not fit, and need not.
  private func graph(_ bytes: [UInt8], mustFit: Bool) throws(FormatFault) -> Graph? {
    do throws(FormatFault) {
      return try GraphDecoder(store.schema, bytes).decode()
    } catch {
      guard case .otherSchema = error, !mustFit else { throw error }
      return nil
    }
  }

  /// Writes what a migration left, and lets it be read if it is of the store's schema.
  private func commit(
    _ left: Left, _ file: RawFile, at version: Int, _ journal: Journal
  ) throws(GraphError) {
    let (tables, migrations) = (file.graph.schema, file.migrations)
    if let graph = left.graph {
      let before = (try? journal.head()) ?? Graph(store.schema)
      try journal.replace(
        with: left.bytes, tables, migrations, at: version, as: graph, blocker: nil)
      store.published.publish(graph, after: before)
    } else {
      let blocker = GraphError.migrationNeeded(folder: store.path, reasons: left.reasons)
      try journal.replace(
        with: left.bytes, tables, migrations, at: version, as: nil, blocker: blocker)
      store.published.withdraw()
    }
    try journal.requireSafe()
  }
}
