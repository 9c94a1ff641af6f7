import KithCore

/// A graph to which the commits of a log are done.
protocol ReplayedGraph: Sendable {
  /// Does what a commit says. If that fails, a part of it may have been done.
  ///
  /// - Parameter offset: Where the commit was read, for the fault.
  mutating func apply(_ commit: Commit, readAt offset: Int) throws(FormatFault)
}

extension StoreFolder {
  /// The files that a folder holds, of which only the beginning of the checkpoint is read.
  struct Found: Sendable {
    /// The newest checkpoint.
    var checkpoint: (version: Int, bytes: [UInt8])?
    /// The versions of the logs from there on, ascending.
    var logs: [Int] = []
    /// The tables of the checkpoint, and the migrations that led to them; none without a checkpoint.
    var tables: [Schema.Table] = []
    var migrations: [String] = []
    /// Whether the names of the migrations are lost, so that no log can be tested for them.
    var hasLostMigrations = false

    /// The version of the checkpoint, or the first.
    var firstVersion: Int { checkpoint?.version ?? 0 }

    /// What identifies the schema in logs.
    var fingerprint: UInt32 { LogFile.fingerprint(of: tables, migrations: migrations) }
  }

  /// What a folder holds, read.
  struct Contents<Content: ReplayedGraph>: Sendable {
    var content: Content
    /// The version that the content has reached.
    var version: Int
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

  /// Finds the newest checkpoint and the logs that follow it.
  ///
  /// - Throws: `GraphError.damagedFile` or `.unreadableFile`.
  func find() throws(GraphError) -> Found {
    var found = try findFiles()
    if let (version, bytes) = found.checkpoint {
      do throws(FormatFault) {
        let file = try StoredGraph(bytes)
        (found.tables, found.migrations) = (file.schema, file.migrations)
      } catch {
        throw error.error(in: path(StoreFolder.checkpointName(version)))
      }
    }
    return found
  }

  /// Finds the newest checkpoint and the logs that follow it, and does not look into them.
  ///
  /// - Throws: `GraphError.unreadableFile`.
  func findFiles() throws(GraphError) -> Found {
    let names = try reading { () throws(DiskFault) in try disk.list() }
    var found = Found()
    if let version = names.compactMap({ StoreFolder.number(of: $0, "checkpoint-") }).max() {
      let name = StoreFolder.checkpointName(version)
      found.checkpoint = (version, try reading { () throws(DiskFault) in try disk.read(name) })
    }
    found.logs = names.compactMap { StoreFolder.number(of: $0, "log-") }
      .filter { $0 >= found.firstVersion }.sorted()
    return found
  }

  /// Refuses a folder without any file of a store, as one is that was named by mistake.
  ///
  /// - Throws: `GraphError.unreadableFile`.
  func requireStore(_ found: Found) throws(GraphError) {
    if found.checkpoint == nil, found.logs.isEmpty {
      throw .unreadableFile(file: disk.path, reason: "there is no store in it")
    }
  }

  /// Whether a folder holds a store, or was to hold one before anything was committed.
  func isNew(_ found: Found) throws(GraphError) -> Bool {
    guard found.checkpoint == nil else { return false }
    for log in found.logs {
      let bytes = try read(log: log)
      if bytes.count > LogFile.headerSize, bytes.contains(where: { $0 != 0 }) { return false }
    }
    return true
  }

  /// Reads what was found as a graph of a schema.
  ///
  /// - Throws: `GraphError.damagedFile`, `.otherSchema`, or `.unreadableFile`.
  func read(
    _ found: Found, as schema: Schema, savesWhatItCan: Bool = false
  ) throws(GraphError) -> Contents<Graph> {
    var found = found
    if found.checkpoint == nil { found.tables = schema.tables }
    return try read(found, from: Graph(schema), savesWhatItCan: savesWhatItCan) {
      (bytes) throws(FormatFault) in
      var graph = try GraphDecoder(schema, bytes).decode()
      graph.version = found.firstVersion
      return graph
    }
  }

  /// Reads what was found, whatever the schema is today.
  ///
  /// - Throws: `GraphError.damagedFile`, `.otherSchema`, or `.unreadableFile`.
  func readRaw(_ found: Found) throws(GraphError) -> Contents<RawReplay> {
    try read(found, from: RawReplay(RawGraph(found.tables))) { (bytes) throws(FormatFault) in
      RawReplay(try RawFile(decoding: bytes).graph)
    }
  }

  /// Reads the checkpoint that was found and the commits after it.
  ///
  /// - Parameters:
  ///   - empty: The graph to start from if there is no checkpoint.
  ///   - savesWhatItCan: Whether damage ends the reading without being thrown.
  ///   - decode: Reads the checkpoint.
  /// - Throws: `GraphError.damagedFile`, `.otherSchema`, or `.unreadableFile`.
  func read<Content: ReplayedGraph>(
    _ found: Found, from empty: Content, savesWhatItCan: Bool = false,
    decode: ([UInt8]) throws(FormatFault) -> Content
  ) throws(GraphError) -> Contents<Content> {
    var contents = Contents(
      content: empty, version: found.firstVersion, checkpoint: found.checkpoint?.version)
    if let checkpoint = found.checkpoint {
      do throws(FormatFault) {
        contents.content = try decode(checkpoint.bytes)
      } catch {
        throw error.error(in: path(StoreFolder.checkpointName(checkpoint.version)))
      }
      contents.checkpointBytes = checkpoint.bytes.count
    }
    do throws(GraphError) {
      try readLogs(found, &contents, savesWhatItCan)
    } catch {
      if !savesWhatItCan { throw error }
      contents.fault = error
    }
    return contents
  }

  func read(log: Int) throws(GraphError) -> [UInt8] {
    try reading { () throws(DiskFault) in try disk.read(StoreFolder.logName(log)) }
  }

  /// Reads the logs that follow the checkpoint.
  ///
  /// - Parameter savesWhatItCan: Whether the contents matter if a log is damaged: they end with the last
  ///   whole commit then. That takes longer, because each commit copies the pages that it changes.
  private func readLogs<Content: ReplayedGraph>(
    _ found: Found, _ contents: inout Contents<Content>, _ savesWhatItCan: Bool
  ) throws(GraphError) {
    if found.logs.first != found.firstVersion, !(found.logs.isEmpty && found.checkpoint == nil) {
      throw .unreadableFile(
        file: path(StoreFolder.logName(found.firstVersion)),
        reason: "there is no such file or directory")
    }
    for log in found.logs { try readLog(log, found, &contents, savesWhatItCan) }
  }

  /// Reads a log that follows what was read so far. One without commits, which was begun and not
  /// used, says nothing.
  private func readLog<Content: ReplayedGraph>(
    _ log: Int, _ found: Found, _ contents: inout Contents<Content>, _ savesWhatItCan: Bool
  ) throws(GraphError) {
    let bytes = try read(log: log)
    do throws(FormatFault) {
      guard var reader = try header(of: log, bytes, found, contents) else { return }
      var offset = reader.end
      var next = try reader.next()
      let isUnused = next == nil && (contents.tornBytes > 0 || log < contents.version)
      if isUnused { return }
      guard log == contents.version, contents.tornBytes == 0 else {
        throw .damaged(
          offset: offset, "the log before this one ends before version \(log) or after it")
      }
      while let commit = next {
        try contents.apply(commit, readAt: offset, undoesFailed: savesWhatItCan)
        offset = reader.end
        next = try reader.next()
      }
      contents.log = log
      contents.logEnd = reader.end
      contents.tornBytes = reader.tornBytes
    } catch {
      throw error.error(in: path(StoreFolder.logName(log)))
    }
  }

  /// Reads the header of a log that may follow what was read so far; nil if there is no more of it, or
  /// it belongs to other tables, of which there is nothing else.
  private func header<Content: ReplayedGraph>(
    of log: Int, _ bytes: [UInt8], _ found: Found, _ contents: Contents<Content>
  ) throws(FormatFault) -> LogReader? {
    guard let reader = try LogReader(bytes, found.tables) else {
      // That of a checkpoint was whole before the checkpoint had its name.
      if log == contents.checkpoint {
        throw .damaged(offset: 0, "the log has no whole header")
      }
      return nil
    }
    guard found.hasLostMigrations || reader.fingerprint == found.fingerprint else {
      // A migration begins a log for its own schema; without its checkpoint it never came.
      if reader.isEmpty { return nil }
      throw .otherSchema(["the log was written for other tables"])
    }
    guard reader.firstVersion == log, log <= contents.version else {
      throw .damaged(
        offset: 16,
        "the log starts from version \(reader.firstVersion), after version \(contents.version)")
    }
    return reader
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

extension StoreFolder.Contents {
  /// Does the next commit.
  ///
  /// - Parameter undoesFailed: Whether nothing of it is left if it fails.
  fileprivate mutating func apply(
    _ commit: Commit, readAt offset: Int, undoesFailed: Bool
  ) throws(FormatFault) {
    guard commit.version == version + 1 else {
      throw .damaged(offset: offset, "version \(commit.version) follows version \(version)")
    }
    let last = undoesFailed ? content : nil
    do throws(FormatFault) {
      try content.apply(commit, readAt: offset)
    } catch {
      if let last { content = last }
      throw error
    }
    version = commit.version
  }
}
