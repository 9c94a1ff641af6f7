public import Foundation
package import KithCore

extension GraphStore {
  /// When a commit is safe from a machine that stops.
  public enum Durability: Sendable, Hashable {
    /// When `write` returns. Commits of several threads are synced together.
    case full
    /// Within an interval after `write` returns; a process that stops loses nothing.
    case relaxed(within: Duration = .milliseconds(50))
    /// When the system pleases; a process that stops loses nothing.
    case none
  }

  /// What was torn at the end of a log when a store was opened: the last commits before the machine
  /// stopped, which were not synced.
  public struct TornEnd: Sendable, Hashable {
    /// The log.
    public var file: String
    /// Where the last whole record ends.
    public var offset: Int
    /// How many bytes followed, which hold no whole record.
    public var bytes: Int
  }

  /// Opens a store that is kept in a folder, or makes one.
  ///
  /// A commit is in the log before `write` returns. The graph is written whole, in a checkpoint, when
  /// the log is larger than the last one and than 4 MiB. A folder that can't be changed is opened to
  /// be read, and every write throws.
  ///
  /// Any number of processes may read a folder while one writes to it. They have the graph as it was
  /// committed when they opened it.
  ///
  /// - Parameters:
  ///   - schema: The tables and association tables, as they are in the folder.
  ///   - folder: The URL of the folder.
  ///   - durability: When a commit is safe.
  ///   - readOnly: Whether a folder that might be changed is opened to be read all the same. Then it must
  ///     be there, and nothing in it is touched.
  /// - Throws: `GraphError.damagedFile` with the file and the byte, `.otherSchema`, `.unreadableFile`
  ///   if a newer version of Kith wrote the folder, or `.unwritableFile` if another process has it
  ///   open, which is named.
  public convenience init(
    _ schema: Schema, at folder: URL, durability: Durability = .full, readOnly: Bool = false
  ) throws(GraphError) {
    try self.init(
      schema, on: SystemDisk.at(folder), durability: durability, readOnly: readOnly)
  }

  /// Opens a store on a disk, or makes one.
  package convenience init(
    _ schema: Schema, on disk: any Disk, durability: Durability = .full, readOnly: Bool = false
  ) throws(GraphError) {
    self.init(
      try OpenedFolder.open(disk, schema, durability, migrations: nil, readOnly: readOnly))
  }

  /// Writes the whole graph to the store's folder, and trims the log. Reading and writing go on
  /// meanwhile. A store in memory does nothing.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the folder says what it said.
  /// - Precondition: The calling thread is not inside a write of this store.
  public func checkpoint() throws(GraphError) {
    if isReadOnly { throw readOnlyFault }
    _ = try journal?.head()
    try journal?.checkpoint(turns)
  }

  /// Why the last checkpoint failed that the store tried by itself; nil if none did, or one has been made
  /// since. Commits are safe in the log all the same, which grows until there is a checkpoint.
  public var checkpointFailure: GraphError? { journal?.checkpointFailure }

  /// Syncs every commit and lets others have the folder. Reading goes on; every write throws from then
  /// on, and sequences of changes and values end. Closing again does nothing.
  ///
  /// A store that is let go of is closed by itself, but then nobody hears of commits of a relaxed store
  /// that could not be synced.
  ///
  /// - Throws: `GraphError.unwritableFile` if commits could not be synced; the store is closed all the
  ///   same.
  /// - Precondition: The calling thread is not inside a write of this store.
  public func close() throws(GraphError) {
    guard let journal else { return }
    defer { published.finish() }
    try journal.close(turns)
  }

  /// Syncs at once what a relaxed store syncs later.
  package func syncLog() { journal?.syncNow() }
}

extension SystemDisk {
  /// The folder at a URL.
  ///
  /// - Throws: `GraphError.unreadableFile` if it is the URL of something else.
  static func at(_ folder: URL) throws(GraphError) -> SystemDisk {
    guard folder.isFileURL else {
      throw .unreadableFile(file: folder.absoluteString, reason: "the URL is not that of a folder")
    }
    return SystemDisk(folder.path(percentEncoded: false))
  }
}
