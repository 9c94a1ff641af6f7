import KithCore

/// A folder that was opened for a store: what is read from it, and its journal if it can be changed.
struct OpenedFolder {
  let publication: Publication
  let journal: Journal?
  /// The folder, if it is only read.
  let readFolder: ReadFolder?
  let tornEnd: GraphStore.TornEnd?
  let schema: Schema
  let migrations: [Migration]

  /// Opens a folder, or makes one.
  ///
  /// - Parameter migrations: The migrations that lead to the schema; nil if the folder must have its
  ///   tables already, and a new one gets them at once.
  /// - Parameter readOnly: Whether it is opened to be read though it might be changed.
  /// - Parameter readsNewer: Whether a folder that has had other migrations is opened to be read.
  static func open(
    _ disk: any Disk, _ schema: Schema, _ durability: GraphStore.Durability,
    migrations: [Migration]?, readOnly: Bool, readsNewer: Bool = false
  ) throws(GraphError) -> OpenedFolder {
    let folder = StoreFolder(disk: disk)
    let readOnly = readOnly || disk.isReadOnly
    if readOnly || readsNewer {
      let opened = try whileOthersWrite(folder) { () throws(GraphError) in
        try openToRead(folder, schema, migrations, readOnly: readOnly, readsNewer: readsNewer)
      }
      if let opened { return opened }
    }
    return try openToWrite(folder, schema, durability, migrations)
  }

  /// Reads a folder again if it has other files than when reading began: another process has made a
  /// checkpoint, and what was to be read has gone.
  static func whileOthersWrite<Result>(
    _ folder: StoreFolder, _ read: () throws(GraphError) -> Result
  ) throws(GraphError) -> Result {
    var names = try? folder.disk.list()
    for _ in 1..<100 {
      do throws(GraphError) {
        return try read()
      } catch {
        let now = try? folder.disk.list()
        if now == names { throw error }
        names = now
      }
    }
    return try read()
  }

  /// Reads a folder that is not changed; nil if it is to be opened to be written.
  private static func openToRead(
    _ folder: StoreFolder, _ schema: Schema, _ migrations: [Migration]?, readOnly: Bool,
    readsNewer: Bool
  ) throws(GraphError) -> OpenedFolder? {
    var found = try folder.find()
    let newer = try newerMigrations(found, migrations)
    if !readsNewer, !newer.isEmpty {
      throw .newerMigrations(folder: folder.disk.path, migrations: newer)
    }
    guard readOnly || !newer.isEmpty else { return nil }
    try folder.requireStore(found)
    if found.checkpoint == nil { found.tables = schema.tables }
    // To what a newer program left no migration leads that this one has.
    let known = newer.isEmpty ? migrations : nil
    let (contents, blocker) = try read(folder, found, schema, known)
    return OpenedFolder(
      publication: Publication(blocker == nil ? contents.content : nil), journal: nil,
      readFolder: ReadFolder(
        folder: folder, tables: found.tables, migrations: found.migrations, blocker: blocker),
      tornEnd: contents.tornEnd(in: folder), schema: schema, migrations: migrations ?? [])
  }

  /// Takes the folder for this process, makes what it lacks, and begins to append to its log.
  private static func openToWrite(
    _ folder: StoreFolder, _ schema: Schema, _ durability: GraphStore.Durability,
    _ migrations: [Migration]?
  ) throws(GraphError) -> OpenedFolder {
    let lock: any DiskLock
    do throws(DiskFault) {
      try folder.disk.createFolder()
      lock = try folder.disk.lock(StoreFolder.lockName, holder: processName())
      // Nothing but drafts of a process that was stopped while it wrote them.
      try? folder.removeFiles(olderThan: 0)
    } catch {
      throw GraphError(writing: error)
    }
    var found = try folder.find()
    if try folder.isNew(found) {
      found = try create(folder, Graph(migrations == nil ? schema : .empty))
    } else if found.checkpoint == nil {
      found.tables = schema.tables
    }
    let newer = try newerMigrations(found, migrations)
    if !newer.isEmpty { throw .newerMigrations(folder: folder.disk.path, migrations: newer) }
    let (contents, blocker) = try read(folder, found, schema, migrations)
    let publication = Publication(blocker == nil ? contents.content : nil)
    let journal: Journal
    do throws(DiskFault) {
      journal = try Journal(
        folder, found, contents, durability, publication, lock, blocker: blocker)
    } catch {
      throw GraphError(writing: error)
    }
    return OpenedFolder(
      publication: publication, journal: journal, readFolder: nil,
      tornEnd: contents.tornEnd(in: folder), schema: schema, migrations: migrations ?? [])
  }

  /// Reads a folder, and says what keeps it from being used as it is: that it has other tables, or
  /// that its rows do not fit and migrations are to be done that may change them.
  private static func read(
    _ folder: StoreFolder, _ found: StoreFolder.Found, _ schema: Schema, _ migrations: [Migration]?
  ) throws(GraphError) -> (contents: StoreFolder.Contents<Graph>, blocker: GraphError?) {
    guard let migrations else { return (try folder.read(found, as: schema), nil) }
    var reasons = schema.difference(from: found.tables).operations.map(\.description)
    if reasons.isEmpty {
      do throws(GraphError) {
        return (try folder.read(found, as: schema), nil)
      } catch {
        reasons = try MigrationHistory(migrations, applied: found.migrations).reasons
        guard case .otherSchema = error, !reasons.isEmpty else { throw error }
      }
    }
    // Only to be sure of it, since the migration reads it again.
    var contents = try folder.readRaw(found).replacing(Graph(schema))
    contents.content.version = contents.version
    return (contents, .migrationNeeded(folder: folder.disk.path, reasons: reasons))
  }

  /// The migrations that a folder has had and a program does not know.
  private static func newerMigrations(
    _ found: StoreFolder.Found, _ migrations: [Migration]?
  ) throws(GraphError) -> [String] {
    try migrations.map { (migrations) throws(GraphError) in
      try MigrationHistory(migrations, applied: found.migrations).unknown
    } ?? []
  }

  /// Makes the files of a new store.
  ///
  /// - Parameter graph: An empty graph.
  private static func create(
    _ folder: StoreFolder, _ graph: Graph
  ) throws(GraphError) -> StoreFolder.Found {
    do throws(DiskFault) {
      try folder.create(GraphEncoder(graph), at: 0)
    } catch {
      throw GraphError(writing: error)
    }
    return try folder.find()
  }
}

extension StoreFolder.Contents {
  /// What was torn at the end of the log, if anything was.
  func tornEnd(in folder: StoreFolder) -> GraphStore.TornEnd? {
    guard tornBytes > 0 else { return nil }
    return GraphStore.TornEnd(
      file: folder.path(StoreFolder.logName(log ?? version)), offset: logEnd, bytes: tornBytes)
  }

  /// The same with something else in the place of what was read.
  func replacing<Other: ReplayedGraph>(_ other: Other) -> StoreFolder.Contents<Other> {
    StoreFolder.Contents<Other>(
      content: other, version: version, log: log, checkpoint: checkpoint,
      checkpointBytes: checkpointBytes, logEnd: logEnd, tornBytes: tornBytes, fault: fault)
  }
}
