import KithCore

/// A folder that was opened for a store: what is read from it, and its journal if it can be changed.
struct OpenedFolder {
  let publication: Publication
  let journal: Journal?
  /// What errors call the folder, if it can only be read.
  let readOnlyPath: String?
  let tornEnd: GraphStore.TornEnd?
  let schema: Schema
  let migrations: [Migration]
  /// The migrations that the folder has had, if it can only be read.
  let readMigrations: [String]

  /// Opens a folder, or makes one.
  ///
  /// - Parameter migrations: The migrations that lead to the schema; nil if the folder must have its
  ///   tables already, and a new one gets them at once.
  /// - Parameter readsNewer: Whether a folder that has had other migrations is opened to be read.
  init(
    _ disk: any Disk, _ schema: Schema, _ durability: GraphStore.Durability,
    migrations: [Migration]?, readsNewer: Bool = false
  ) throws(GraphError) {
    let folder = StoreFolder(disk: disk)
    (self.schema, self.migrations) = (schema, migrations ?? [])
    if disk.isReadOnly || readsNewer {
      let found = try folder.find()
      let newer = try OpenedFolder.newerMigrations(found, migrations)
      if disk.isReadOnly || !newer.isEmpty {
        if !readsNewer, !newer.isEmpty {
          throw .newerMigrations(folder: disk.path, migrations: newer)
        }
        let contents = try folder.read(found, as: schema)
        (publication, journal) = (Publication(contents.content), nil)
        (readOnlyPath, tornEnd) = (disk.path, contents.tornEnd(in: folder))
        readMigrations = found.migrations
        return
      }
    }
    readMigrations = []
    let lock: any DiskLock
    do throws(DiskFault) {
      try disk.createFolder()
      lock = try disk.lock(StoreFolder.lockName, holder: processName())
    } catch {
      throw GraphError(writing: error)
    }
    var found = try folder.find()
    if try folder.isNew(found) {
      found = try OpenedFolder.create(folder, Graph(migrations == nil ? schema : .empty))
    } else if found.checkpoint == nil {
      found.tables = schema.tables
    }
    let newer = try OpenedFolder.newerMigrations(found, migrations)
    if !newer.isEmpty { throw .newerMigrations(folder: disk.path, migrations: newer) }
    let difference = schema.difference(from: found.tables)
    let delay =
      difference.isEmpty
      ? nil
      : GraphError.migrationNeeded(
        folder: disk.path, reasons: difference.operations.map(\.description))
    var contents: StoreFolder.Contents<Graph>
    if delay != nil, migrations != nil {
      // What is there is read to be sure of it, and again when it is migrated.
      contents = try folder.readRaw(found).replacing(Graph(schema))
      contents.content.version = contents.version
    } else {
      contents = try folder.read(found, as: schema)
    }
    publication = Publication(delay == nil ? contents.content : nil)
    (readOnlyPath, tornEnd) = (nil, contents.tornEnd(in: folder))
    do throws(DiskFault) {
      journal = try Journal(folder, found, contents, durability, publication, lock, delay: delay)
    } catch {
      throw GraphError(writing: error)
    }
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
