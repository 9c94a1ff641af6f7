import KithCore

/// A store as its files say it, whatever its schema is today.
extension StoreFolder {
  /// The files of a store, the checkpoint last.
  typealias Files = [(name: String, bytes: [UInt8])]

  /// Reads the files of the newest checkpoint and of the logs that follow it, byte by byte.
  ///
  /// - Throws: `GraphError.unreadableFile`.
  func files() throws(GraphError) -> Files {
    let found = try findFiles()
    var files: Files = try found.logs.map { (log) throws(GraphError) in
      (StoreFolder.logName(log), try read(log: log))
    }
    if let (version, bytes) = found.checkpoint {
      files.append((StoreFolder.checkpointName(version), bytes))
    }
    return files
  }

  /// Writes the files of another store. The checkpoint comes last, without which the logs are no store.
  func create(_ files: Files) throws(DiskFault) {
    for (name, bytes) in files {
      try draft(name) { (file) throws(DiskFault) in try file.append(bytes) }
      try nameDraft(of: name)
      // Or the checkpoint could be there before the logs if the machine stops.
      try disk.syncFolder()
    }
  }
}
