import Foundation

extension TextSource {
  /// Where the bytes of a text are.
  enum Place: Sendable {
    case file(URL)
    case memory([UInt8])
  }

  /// The number of bytes, or `nil` if it can't be known before they are read.
  var byteCount: Int? {
    switch place {
    case .memory(let bytes):
      return bytes.count
    case .file(let url):
      let path = url.resolvingSymlinksInPath().path(percentEncoded: false)
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
      return attributes?[.size] as? Int
    }
  }

  /// Calls `body` with one chunk of the bytes after the other, never with all at once. No chunk is
  /// empty.
  ///
  /// - Throws: `GraphError.unreadableFile`, what `body` throws, or `CancellationError` before the next
  ///   chunk if the task is cancelled.
  func forEachChunk(_ body: (Span<UInt8>) throws -> Void) throws {
    switch place {
    case .memory(let bytes):
      for start in stride(from: 0, to: bytes.count, by: chunkSize) {
        try Task.checkCancellation()
        try body(bytes.span.extracting(start..<min(start + chunkSize, bytes.count)))
      }
    case .file(let url):
      guard url.isFileURL else {
        throw GraphError.unreadableFile(file: name, reason: "the URL is not that of a file")
      }
      let file = try reading { try FileHandle(forReadingFrom: url) }
      defer { try? file.close() }
      while let chunk = try reading({ try file.chunk(upToCount: chunkSize) }), !chunk.isEmpty {
        try Task.checkCancellation()
        try body(chunk.span)
      }
    }
  }

  /// Runs a call to the file system, and turns its error into Kith's.
  private func reading<Result>(_ call: () throws -> Result) throws(GraphError) -> Result {
    do {
      return try call()
    } catch {
      let reason = FileFault.reason(for: error, missing: "there is no such file")
      throw .unreadableFile(file: name, reason: reason)
    }
  }
}

extension FileHandle {
  /// Reads the next bytes, and leaves nothing behind for an autorelease pool to keep.
  fileprivate func chunk(upToCount count: Int) throws -> Data? {
    #if canImport(ObjectiveC)
      try autoreleasepool { try read(upToCount: count) }
    #else
      try read(upToCount: count)
    #endif
  }
}
