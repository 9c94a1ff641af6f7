public import Foundation
package import KithCore

extension GraphStore {
  /// Writes the graph as it is now to another folder, from which it can be opened. Reading and
  /// writing go on meanwhile.
  ///
  /// If the store's folder is behind its migrations, there is no graph yet: then the files are copied as
  /// they are, so that the backup is as far behind. So a folder is backed up before an upgrade.
  ///
  /// - Parameter folder: A folder that is empty, or not there.
  /// - Throws: `GraphError.unwritableFile`, also if the store was closed; and `.unreadableFile` if files
  ///   of the store can't be read. Then the folder is empty.
  public func backup(to folder: URL) throws(GraphError) {
    try backup(to: SystemDisk.at(folder))
  }

  /// Writes the graph as it is now to another disk.
  package func backup(to disk: any Disk) throws(GraphError) {
    switch try backupSource() {
    case .graph(let graph, let migrations):
      try GraphStore.save(graph, migrations: migrations, to: disk)
    case .files(let files):
      try GraphStore.fill(disk) { (folder) throws(DiskFault) in try folder.create(files) }
    }
  }

  /// The migrations that the folder has had.
  var appliedMigrations: [String] { journal?.migrations ?? readFolder?.migrations ?? [] }

  /// What a backup is made of: a graph, or the files of a folder that is behind its migrations.
  private enum BackupSource {
    case graph(Graph, migrations: [String])
    case files(StoreFolder.Files)
  }

  /// - Throws: `GraphError.unwritableFile` if the store was closed, or `.unreadableFile`.
  private func backupSource() throws(GraphError) -> BackupSource {
    if let journal { return try backupSource(journal) }
    guard let readFolder, readFolder.blocker != nil else {
      return .graph(snapshot, migrations: appliedMigrations)
    }
    let folder = readFolder.folder
    return .files(
      try OpenedFolder.whileOthersWrite(folder) { () throws(GraphError) in try folder.files() })
  }

  private func backupSource(_ journal: Journal) throws(GraphError) -> BackupSource {
    do throws(GraphError) {
      // Together, since a migration may come between.
      let (graph, migrations) = try journal.published()
      return .graph(graph, migrations: migrations)
    } catch {
      guard case .migrationNeeded = error else { throw error }
    }
    return try journal.alone(turns) { () throws(GraphError) in
      try journal.requireOpen()
      journal.settle()
      return .files(try journal.folder.files())
    }
  }

  static func save(
    _ graph: Graph, migrations: [String], to disk: any Disk
  ) throws(GraphError) {
    try fill(disk) { (folder) throws(DiskFault) in
      try folder.create(GraphEncoder(graph, migrations: migrations), at: graph.version)
    }
  }

  /// Writes files to an empty folder. If that fails, the folder is empty again.
  private static func fill(
    _ disk: any Disk, _ create: (StoreFolder) throws(DiskFault) -> Void
  ) throws(GraphError) {
    do throws(DiskFault) {
      try disk.createFolder()
      // Looked at before anything is written to it, and again when nobody else can write to it.
      try requireEmpty(disk)
      let lock = try disk.lock(StoreFolder.lockName, holder: processName())
      defer { withExtendedLifetime(lock) {} }
      try requireEmpty(disk)
      let folder = StoreFolder(disk: disk)
      do throws(DiskFault) {
        try create(folder)
      } catch {
        // A part of a store would keep the next try out.
        try? folder.removeFiles(olderThan: .max)
        throw error
      }
    } catch {
      throw GraphError(writing: error)
    }
  }

  private static func requireEmpty(_ disk: any Disk) throws(DiskFault) {
    guard try disk.list().allSatisfy({ $0 == StoreFolder.lockName }) else {
      throw DiskFault(disk.path, .other(0, "the folder is not empty"))
    }
  }
}
