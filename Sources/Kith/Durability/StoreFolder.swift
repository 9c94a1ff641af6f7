import KithCore

/// The files of a store, and how they are written.
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
  static let lockName = "lock"
  private static let draftEnding = ".draft"

  static func checkpointName(_ version: Int) -> String { "checkpoint-\(version)" }
  static func logName(_ version: Int) -> String { "log-\(version)" }

  /// What errors call a file.
  func path(_ name: String) -> String { "\(disk.path)/\(name)" }

  /// Makes the files of a store that starts with a graph.
  func create(_ graph: GraphEncoder, at version: Int) throws(DiskFault) {
    _ = try createLog(at: version, fingerprint: graph.fingerprint)
    try writeCheckpoint(graph, at: version)
  }

  /// Makes a log without commits, to be found again even if the machine stops.
  ///
  /// - Parameter fingerprint: What identifies the schema, and the migrations that led to it.
  func createLog(at version: Int, fingerprint: UInt32) throws(DiskFault) -> any DiskFile {
    // It gets its name when it is whole, so that no log is ever shorter than its header.
    let name = StoreFolder.logName(version)
    let file = try draft(name) { (file) throws(DiskFault) in
      try file.append(LogFile.header(schema: fingerprint, version: version))
      return file
    }
    try nameDraft(of: name)
    try disk.syncFolder()
    return file
  }

  /// Writes a checkpoint under a name that is not read.
  ///
  /// - Parameter write: Appends to the file.
  func draftCheckpoint<Result>(
    at version: Int, _ write: (any DiskFile) throws(DiskFault) -> Result
  ) throws(DiskFault) -> Result {
    try draft(StoreFolder.checkpointName(version), write)
  }

  /// Gives a checkpoint its name.
  func nameCheckpoint(at version: Int) throws(DiskFault) {
    try nameDraft(of: StoreFolder.checkpointName(version))
  }

  /// Writes a file under a name that is not read. If that fails, it leaves no file that takes room.
  func draft<Result>(
    _ name: String, _ write: (any DiskFile) throws(DiskFault) -> Result
  ) throws(DiskFault) -> Result {
    let draft = name + StoreFolder.draftEnding
    do throws(DiskFault) {
      let file = try disk.create(draft)
      let result = try write(file)
      try file.sync()
      return result
    } catch {
      try? disk.remove(draft)
      throw error
    }
  }

  /// Gives a file that was written under a name that is not read its own. If that fails, it goes.
  func nameDraft(of name: String) throws(DiskFault) {
    let draft = name + StoreFolder.draftEnding
    do throws(DiskFault) {
      try disk.rename(draft, to: name)
    } catch {
      try? disk.remove(draft)
      throw error
    }
  }

  /// Writes a checkpoint, and removes what is older.
  ///
  /// - Returns: The number of its bytes.
  @discardableResult
  func writeCheckpoint(_ graph: GraphEncoder, at version: Int) throws(DiskFault) -> Int {
    try writeCheckpoint(at: version) { (file) throws(DiskFault) in
      try graph.encode { (bytes) throws(DiskFault) in try file.append(bytes) }
    }
  }

  /// Writes a checkpoint that is encoded, and removes what is older.
  func writeCheckpoint(_ bytes: [UInt8], at version: Int) throws(DiskFault) {
    try writeCheckpoint(at: version) { (file) throws(DiskFault) in try file.append(bytes) }
  }

  private func writeCheckpoint<Result>(
    at version: Int, _ write: (any DiskFile) throws(DiskFault) -> Result
  ) throws(DiskFault) -> Result {
    let result = try draftCheckpoint(at: version, write)
    try nameCheckpoint(at: version)
    try disk.syncFolder()
    // What can't be removed says nothing any more, and goes with the next checkpoint.
    try? removeFiles(olderThan: version)
    return result
  }

  /// Removes what is older than a checkpoint, and drafts that were never finished.
  func removeFiles(olderThan version: Int) throws(DiskFault) {
    for name in try disk.list() {
      let number =
        StoreFolder.number(of: name, "checkpoint-") ?? StoreFolder.number(of: name, "log-")
      if name.hasSuffix(StoreFolder.draftEnding) || number ?? .max < version {
        try disk.remove(name)
      }
    }
  }

  /// The version in the name of a file; nil if the name is not of the kind, or so large a number that no
  /// store has counted to it, and that can't be counted on from.
  static func number(of name: String, _ kind: String) -> Int? {
    guard name.hasPrefix(kind), let number = Int(name.dropFirst(kind.count)),
      (0...Int.max / 2).contains(number), name == kind + "\(number)"
    else { return nil }
    return number
  }
}

extension GraphError {
  /// The refusal of a change that a file system did not make.
  init(writing fault: DiskFault) {
    self = .unwritableFile(file: fault.file, reason: fault.reason)
  }
}
