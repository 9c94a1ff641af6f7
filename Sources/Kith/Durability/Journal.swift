import Foundation
import KithCore

/// The log of an open store: commits are appended in turn, and synced together.
///
/// Commits that must be synced before anybody sees them wait in line. The first who finds that nobody
/// is syncing syncs for all who wait then, and publishes what they did, in order. If that fails, all
/// of them fail, and the log is cut back to what is synced.
final class Journal: Sendable {
  let folder: StoreFolder
  let durability: GraphStore.Durability
  let publication: Publication
  let state: Locked<State>
  /// Where commits are synced whose writers keep no thread, and that are synced later.
  let queue = DispatchQueue(label: "kith.journal")
  /// Held by the one who makes a checkpoint.
  let checkpointing = DispatchSemaphore(value: 1)
  /// What keeps others from the folder; nil once the store is closed.
  let lock: Locked<(any DiskLock)?>

  /// A commit that is in the log and not yet seen, or a write that has read such a one and changed
  /// nothing: then the graph before it is that after it.
  struct Pending: Sendable {
    let ticket: Int
    let before: Graph
    let after: Graph
  }

  struct State: Sendable {
    var file: any DiskFile
    /// The version from which the log starts.
    var logVersion: Int
    /// The bytes of the log that are whole records, and those of them that are synced.
    var length: Int
    var synced: Int
    /// Whether a part of a record may follow.
    var isTorn = false
    /// The graph that the next commit changes.
    var head: Graph
    /// The tables of the folder, and the migrations that led to them.
    var tables: [Schema.Table]
    var migrations: [String]
    /// What keeps the folder from being written to: that it is to be migrated first, or was closed.
    var blocker: GraphError?
    var pending: [Pending] = []
    var lastTicket = 0
    /// The commits that failed to be synced and whose writers don't know it yet.
    var failures: [Int: GraphError] = [:]
    var isSyncing = false
    /// What is called when the sync has ended that is under way.
    var wakers: [@Sendable () -> Void] = []
    var isSyncPlanned = false
    /// Why the log can't be trusted any more, until a checkpoint is made.
    var failure: GraphError?
    var checkpointVersion: Int?
    var checkpointBytes: Int
    var isCheckpointPlanned = false
    /// Why the last checkpoint failed that was planned, and how long the log is when the next is tried.
    var failedCheckpoint: (fault: GraphError, nextAttempt: Int)?
    /// Whether others may have the folder, so that it must not be touched any more.
    var isClosed = false
  }

  init(
    _ folder: StoreFolder, _ found: StoreFolder.Found, _ contents: StoreFolder.Contents<Graph>,
    _ durability: GraphStore.Durability, _ publication: Publication, _ lock: any DiskLock,
    blocker: GraphError?
  ) throws(DiskFault) {
    self.folder = folder
    self.durability = durability
    self.publication = publication
    self.lock = Locked(lock)
    let file: any DiskFile
    var length = contents.logEnd
    if let log = contents.log {
      file = try folder.disk.open(StoreFolder.logName(log))
      if contents.tornBytes > 0 {
        try file.truncate(to: length)
      }
      // What was read may not have been synced by those who wrote it.
      try file.sync()
    } else {
      file = try folder.createLog(at: contents.version, fingerprint: found.fingerprint)
      length = LogFile.headerSize
    }
    state = Locked(
      State(
        file: file, logVersion: contents.log ?? contents.version, length: length,
        synced: length, head: contents.content, tables: found.tables,
        migrations: found.migrations, blocker: blocker, checkpointVersion: contents.checkpoint,
        checkpointBytes: contents.checkpointBytes))
  }

  /// The graph that the next commit changes: the one that is published, or one that waits to be.
  ///
  /// - Throws: `GraphError.migrationNeeded` if the folder has other tables, and `.unwritableFile` if the
  ///   store was closed.
  func head() throws(GraphError) -> Graph {
    try state.withLock { (state) throws(GraphError) in
      if let blocker = state.blocker { throw blocker }
      return state.head
    }
  }

  /// The graph that is published, and the migrations that led to its tables, at one moment.
  ///
  /// - Throws: As `head`.
  func published() throws(GraphError) -> (graph: Graph, migrations: [String]) {
    try state.withLock { (state) throws(GraphError) in
      if let blocker = state.blocker { throw blocker }
      return (state.pending.first?.before ?? state.head, state.migrations)
    }
  }

  /// Requires that nobody else may have the folder.
  func requireOpen() throws(GraphError) {
    if state.withLock({ $0.isClosed }) { throw closedFault }
  }

  /// Why a store that was closed is not changed.
  var closedFault: GraphError {
    .unwritableFile(file: folder.disk.path, reason: "the store was closed")
  }

  /// Why the last checkpoint failed that the journal tried by itself.
  var checkpointFailure: GraphError? { state.withLock { $0.failedCheckpoint?.fault } }

  /// The tables of the folder.
  var tables: [Schema.Table] { state.withLock { $0.tables } }

  /// The migrations that led to the tables of the folder.
  var migrations: [String] { state.withLock { $0.migrations } }

  // MARK: Appending

  /// Appends a commit to the log. Called in turn.
  ///
  /// - Returns: The number by which to wait for it, or nil if it is published already.
  /// - Throws: `GraphError.unwritableFile`; then the log is as it was.
  func append(_ before: Graph, _ after: Graph) throws(GraphError) -> Int? {
    let commit = Commit(from: before, to: after)
    let isFull = durability == .full
    let ticket = try state.withLock { (state) throws(GraphError) -> Int in
      if let failure = state.failure { throw failure }
      try requireHead(before, state)
      let record = LogFile.record(commit, synced: state.synced)
      guard record.count - LogFile.recordHeaderSize <= UInt32.max else {
        throw .unwritableFile(
          file: folder.path(StoreFolder.logName(state.logVersion)),
          reason: "one write can't be larger than 4 GiB")
      }
      do throws(DiskFault) {
        try Journal.append(record, &state)
      } catch {
        throw GraphError(writing: error)
      }
      state.head = after
      state.lastTicket += 1
      if isFull {
        state.pending.append(Pending(ticket: state.lastTicket, before: before, after: after))
      }
      return state.lastTicket
    }
    if isFull { return ticket }
    publication.publish(after, after: before)
    planSync()
    return nil
  }

  /// Gets in line behind the commits that a write has read, if it changed nothing itself: what it returns
  /// is true only if they come. Called in turn.
  ///
  /// - Returns: The number by which to wait for them, or nil if they are published already.
  /// - Throws: `GraphError.unwritableFile` if they are undone already.
  func follow(_ read: Graph) throws(GraphError) -> Int? {
    try state.withLock { (state) throws(GraphError) in
      try requireHead(read, state)
      if state.pending.isEmpty { return nil }
      state.lastTicket += 1
      state.pending.append(Pending(ticket: state.lastTicket, before: read, after: read))
      return state.lastTicket
    }
  }

  /// Requires that the graph that a write has read was not undone meanwhile.
  private func requireHead(_ read: Graph, _ state: State) throws(GraphError) {
    if state.head.isSameVersion(as: read) { return }
    throw .unwritableFile(
      file: folder.path(StoreFolder.logName(state.logVersion)),
      reason: "the write before this one could not be synced")
  }

  private static func append(_ record: [UInt8], _ state: inout State) throws(DiskFault) {
    try state.cutTornEnd()
    state.isTorn = true
    do throws(DiskFault) {
      try state.file.append(record)
    } catch {
      try? state.cutTornEnd()
      throw error
    }
    state.isTorn = false
    state.length += record.count
  }
}

extension Journal.State {
  /// Cuts off what may follow the whole records. If that fails, the next who appends tries again.
  mutating func cutTornEnd() throws(DiskFault) {
    guard isTorn else { return }
    try file.truncate(to: length)
    isTorn = false
  }
}
