public import Foundation
package import KithCore

extension GraphStore {
  /// Opens a store that is kept in a folder, or makes one, and knows the migrations that lead to its
  /// schema.
  ///
  /// ```swift
  /// let store = try GraphStore(schema, at: folder, migrations: migrations)
  /// try store.migrations.upgrade()
  /// ```
  ///
  /// A new folder has no tables until it is upgraded. As long as the tables of the folder are not
  /// those of the schema, writes throw `GraphError.migrationNeeded`, and nothing may be read. So it is
  /// if only the rows are not what the schema allows, and migrations are to be done that may change
  /// them. ``backup(to:)`` works all the same, and so do dry runs, also of a folder that can only be
  /// read.
  ///
  /// - Parameters:
  ///   - schema: The tables and association tables to which the migrations lead.
  ///   - folder: The URL of the folder.
  ///   - migrations: All migrations from the first on, in an order in which they can be done.
  ///   - durability: When a commit is safe.
  ///   - readOnly: Whether a folder that might be changed is opened to be read all the same. Then it must
  ///     be there, and nothing in it is touched.
  ///   - readsNewer: Whether a folder on which a newer program did migrations is opened to be read;
  ///     otherwise it is refused.
  /// - Throws: What opening a folder throws, `GraphError.migrationUnreachable` if the list is not in
  ///   order, and `.newerMigrations`.
  public convenience init(
    _ schema: Schema, at folder: URL, migrations: [Migration], durability: Durability = .full,
    readOnly: Bool = false, readsNewer: Bool = false
  ) throws(GraphError) {
    try self.init(
      schema, on: SystemDisk.at(folder), migrations: migrations, durability: durability,
      readOnly: readOnly, readsNewer: readsNewer)
  }

  /// Opens a store on a disk, or makes one, and knows the migrations that lead to its schema.
  package convenience init(
    _ schema: Schema, on disk: any Disk, migrations: [Migration], durability: Durability = .full,
    readOnly: Bool = false, readsNewer: Bool = false
  ) throws(GraphError) {
    _ = try MigrationHistory(migrations, applied: [])
    self.init(
      try OpenedFolder.open(
        disk, schema, durability, migrations: migrations, readOnly: readOnly,
        readsNewer: readsNewer))
  }

  /// The migrations of the store's folder.
  public var migrations: Migrations { Migrations(store: self) }

  /// What was done to the folder of a store, what is to be done, and how to do it.
  public struct Migrations: Sendable {
    let store: GraphStore
  }
}

extension GraphStore.Migrations {
  /// One migration of the program, and whether the folder has had it.
  public struct Entry: Sendable, Hashable {
    /// The name of the migration.
    public var name: String
    /// The migrations that it follows.
    public var predecessors: [String]
    /// Whether it was done.
    public var isApplied: Bool
    /// Whether none follows it.
    public var isHead: Bool
  }

  // MARK: Looking

  /// What the tables of the folder are.
  public var storedSchema: [Schema.Table] {
    store.journal?.tables ?? store.readFolder?.tables ?? store.schema.tables
  }

  /// The migrations that were done and that none follows that was done: one, or one a branch.
  public var current: [String] {
    get throws(GraphError) { try known().current }
  }

  /// The migrations that none follows: one, or one a branch.
  public var heads: [String] {
    get throws(GraphError) { try known().heads }
  }

  /// All migrations of the program, in their order.
  public var history: [Entry] {
    get throws(GraphError) {
      let history = try known()
      let (done, heads) = (Set(history.applied), Set(history.heads))
      return history.migrations.enumerated().map { place, migration in
        Entry(
          name: migration.name, predecessors: history.predecessors(of: place),
          isApplied: done.contains(migration.name), isHead: heads.contains(migration.name))
      }
    }
  }

  /// What leads from the tables of the folder to those of the schema.
  public var difference: Schema.Difference { store.schema.difference(from: storedSchema) }

  /// Requires that all migrations were done, and that the tables are those of the schema.
  ///
  /// - Throws: `GraphError.migrationNeeded` with what is missing.
  public func check() throws(GraphError) {
    let pending = try known().reasons
    let steps = pending.isEmpty ? difference.operations.map(\.description) : []
    if !pending.isEmpty || !steps.isEmpty {
      throw .migrationNeeded(folder: store.path, reasons: pending + steps)
    }
  }

  // MARK: Moving

  /// Does the migrations that lead to a target, each in a transaction of its own. The folder is
  /// written anew after each; if one throws, those before it stay done.
  ///
  /// - Parameters:
  ///   - target: The migration to reach, its name, or `"+1"`.
  ///   - isDryRun: Whether all is done to a copy in memory, and the folder stays as it is: it may be one
  ///     that can only be read.
  /// - Returns: What was done, migration by migration.
  /// - Throws: `GraphError.migrationUnreachable`, `.migrationRefused`, what a migration throws, or
  ///   `.unwritableFile`.
  /// - Complexity: O(rows + links) for each migration.
  /// - Precondition: The calling thread is not inside a write of this store.
  @discardableResult
  public func upgrade(
    to target: Migration.Target = .head, isDryRun: Bool = false
  ) throws -> [Migration.Report] {
    try MigrationRun(store).run(isDryRun: isDryRun, isDowngrade: false) {
      (history) throws(GraphError) in try history.upgrade(to: target)
    }
  }

  /// Undoes the migrations that were done after a target, the last one first.
  ///
  /// - Parameters:
  ///   - target: The migration to go back to, its name, `"base"`, or `"-1"`.
  ///   - isDryRun: Whether all is done to a copy in memory, and the folder stays as it is: it may be one
  ///     that can only be read.
  /// - Returns: What was undone, migration by migration.
  /// - Throws: As `upgrade`, also if one of them can't be undone: then none is.
  /// - Complexity: O(rows + links) for each migration.
  /// - Precondition: The calling thread is not inside a write of this store.
  @discardableResult
  public func downgrade(
    to target: Migration.Target, isDryRun: Bool = false
  ) throws -> [Migration.Report] {
    try MigrationRun(store).run(isDryRun: isDryRun, isDowngrade: true) {
      (history) throws(GraphError) in try history.downgrade(to: target)
    }
  }

  /// Remembers that the migrations up to a target were done, and does none: for a folder whose tables
  /// are there already.
  ///
  /// - Parameter target: The last that was done, or `base` if none was.
  /// - Throws: `GraphError.migrationUnreachable` or `.unwritableFile`.
  public func stamp(_ target: Migration.Target) throws {
    try MigrationRun(store).stamp(target)
  }

  /// The migrations of the program, beside those that the folder has had.
  func known() throws(GraphError) -> MigrationHistory {
    try MigrationHistory(
      store.declaredMigrations, applied: store.appliedMigrations)
  }
}
