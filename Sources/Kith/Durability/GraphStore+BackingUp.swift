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
    if let (graph, migrations) = try publishedGraph() {
      return try GraphStore.save(graph, migrations: migrations, to: disk)
    }
    let files = try files()
    try GraphStore.fill(disk) { (folder) throws(DiskFault) in try folder.create(files) }
  }

  /// The migrations that the folder has had.
  var appliedMigrations: [String] { journal?.migrations ?? readFolder?.migrations ?? [] }

  /// The graph and the migrations that led to its tables, together, since a migration may come between;
  /// nil if the folder is behind its migrations.
  ///
  /// - Throws: `GraphError.unwritableFile` if the store was closed.
  private func publishedGraph() throws(GraphError) -> (graph: Graph, migrations: [String])? {
    guard let journal else {
      return readFolder?.blocker == nil ? (snapshot, appliedMigrations) : nil
    }
    do throws(GraphError) {
      return try journal.published()
    } catch {
      guard case .migrationNeeded = error else { throw error }
      return nil
    }
  }

  /// The files of the folder; none of a store in memory.
  ///
  /// - Throws: `GraphError.unwritableFile` if the store was closed, or `.unreadableFile`.
  private func files() throws(GraphError) -> StoreFolder.Files {
    guard let journal else {
      guard let folder = readFolder?.folder else { return [] }
      return try OpenedFolder.whileOthersWrite(folder) { () throws(GraphError) in
        try folder.files()
      }
    }
    return try journal.alone(turns) { () throws(GraphError) in
      try journal.requireOpen()
      journal.settle()
      return try journal.folder.files()
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
