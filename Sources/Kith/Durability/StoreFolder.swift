import KithCore

/// The files of a store, and how they are found again.
///
/// ```
///  lock             who has the store open
///  checkpoint-120   the whole graph at version 120
///  log-120          the commits after version 120
/// ```
///
/// A checkpoint first begins a log of its own, then writes the graph beside it, and gives it its name
/// when it is synced; then what is older is removed. Until then the older checkpoint and both logs
/// say the same.
struct StoreFolder: Sendable {
  let disk: any Disk
  let schema: Schema
  static let lockName = "lock"

  static func checkpointName(_ version: Int) -> String { "checkpoint-\(version)" }
  static func logName(_ version: Int) -> String { "log-\(version)" }
  private static let draftEnding = ".draft"

  /// What errors call a file.
  func path(_ name: String) -> String { "\(disk.path)/\(name)" }

  // MARK: Writing

  /// Makes a log without commits, to be found again even if the machine stops.
  func createLog(at version: Int) throws(DiskFault) -> any DiskFile {
    let name = StoreFolder.logName(version)
    let file = try disk.create(name)
    try file.append(
      LogFile.header(schema: LogFile.fingerprint(of: schema), version: version))
    try file.sync()
    try disk.syncFolder()
    return file
  }

  /// Writes a checkpoint, and removes what is older.
  ///
  /// - Returns: The number of its bytes.
  @discardableResult
  func writeCheckpoint(_ graph: Graph) throws(DiskFault) -> Int {
    let bytes = GraphEncoder(graph).encode()
    let name = StoreFolder.checkpointName(graph.version)
    let file = try disk.create(name + StoreFolder.draftEnding)
    try file.append(bytes)
    try file.sync()
    try disk.rename(name + StoreFolder.draftEnding, to: name)
    try disk.syncFolder()
    try removeFiles(olderThan: graph.version)
    return bytes.count
  }

  /// Removes what is older than a checkpoint, and drafts that were never finished.
  private func removeFiles(olderThan version: Int) throws(DiskFault) {
    for name in try disk.list() {
      let number =
        StoreFolder.number(of: name, "checkpoint-") ?? StoreFolder.number(of: name, "log-")
      if name.hasSuffix(StoreFolder.draftEnding) || number ?? .max < version {
        try disk.remove(name)
      }
    }
  }

  /// The version in the name of a file; nil if the name is not of the kind.
  private static func number(of name: String, _ kind: String) -> Int? {
    guard name.hasPrefix(kind), let number = Int(name.dropFirst(kind.count)), number >= 0,
      name == kind + "\(number)"
    else { return nil }
    return number
  }

  // MARK: Reading

  /// What a folder holds, read.
  struct Contents {
    var graph: Graph
    /// The version of the last log; nil if there is none, or it was not made completely.
    var log: Int?
    /// The version of the checkpoint, or nil.
    var checkpoint: Int?
    var checkpointBytes = 0
    /// Where the last log ends, and how many bytes behind it were torn.
    var logEnd = 0
    var tornBytes = 0
    /// What could not be read, if that is allowed.
    var fault: GraphError?
  }

  /// Reads the newest checkpoint and the commits after it.
  ///
  /// - Parameter savesWhatItCan: Whether damage ends the reading without being thrown.
  /// - Throws: `GraphError.damagedFile`, `.otherSchema`, or `.unreadableFile`.
  func read(savesWhatItCan: Bool = false) throws(GraphError) -> Contents {
    let names = try reading { () throws(DiskFault) in try disk.list() }
    let checkpoint = names.compactMap { StoreFolder.number(of: $0, "checkpoint-") }.max()
    var contents = Contents(graph: Graph(schema), checkpoint: checkpoint)
    if let checkpoint {
      let name = StoreFolder.checkpointName(checkpoint)
      let bytes = try reading { () throws(DiskFault) in try disk.read(name) }
      contents.graph = try Graph(schema, decoding: bytes, file: path(name))
      contents.graph.version = checkpoint
      contents.checkpointBytes = bytes.count
    }
    let first = checkpoint ?? 0
    let logs = names.compactMap { StoreFolder.number(of: $0, "log-") }.filter { $0 >= first }
      .sorted()
    if logs.first != first, !(logs.isEmpty && checkpoint == nil) {
      let fault = GraphError.unreadableFile(
        file: path(StoreFolder.logName(first)), reason: "there is no such file or directory")
      if !savesWhatItCan { throw fault }
      contents.fault = fault
      return contents
    }
    for log in logs {
      do throws(GraphError) {
        try readLog(log, &contents)
      } catch {
        if !savesWhatItCan { throw error }
        contents.fault = error
        break
      }
    }
    return contents
  }

  /// Reads a log that follows what was read so far. One without commits, which was begun and not
  /// used, says nothing.
  private func readLog(_ log: Int, _ contents: inout Contents) throws(GraphError) {
    let name = StoreFolder.logName(log)
    let bytes = try reading { () throws(DiskFault) in try disk.read(name) }
    do throws(FormatFault) {
      guard var reader = try LogReader(bytes, schema) else { return }
      let start = reader.end
      guard reader.firstVersion == log, log <= contents.graph.version else {
        throw .damaged(
          offset: 16,
          "the log starts from version \(reader.firstVersion), after version "
            + "\(contents.graph.version)")
      }
      var next = try reader.next()
      let isUnused = next == nil && (contents.tornBytes > 0 || log < contents.graph.version)
      if isUnused { return }
      guard log == contents.graph.version, contents.tornBytes == 0 else {
        throw .damaged(
          offset: start, "the log before this one ends before version \(log) or after it")
      }
      var offset = start
      while let commit = next {
        guard commit.version == contents.graph.version + 1 else {
          throw .damaged(
            offset: offset, "version \(commit.version) follows version \(contents.graph.version)")
        }
        var graph = contents.graph
        try commit.apply(to: &graph, readAt: offset)
        contents.graph = graph
        offset = reader.end
        next = try reader.next()
      }
      contents.log = log
      contents.logEnd = reader.end
      contents.tornBytes = reader.tornBytes
    } catch {
      throw error.error(in: path(name))
    }
  }

  private func reading<Result>(
    _ call: () throws(DiskFault) -> Result
  ) throws(GraphError) -> Result {
    do throws(DiskFault) {
      return try call()
    } catch {
      throw .unreadableFile(file: error.file, reason: error.reason)
    }
  }
}

extension GraphError {
  /// The refusal of a change that a file system did not make.
  init(writing fault: DiskFault) {
    self = .unwritableFile(file: fault.file, reason: fault.reason)
  }
}
