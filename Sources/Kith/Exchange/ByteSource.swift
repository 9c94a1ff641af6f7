import Foundation

/// Where the bytes of an import come from. They are handed out in chunks, never all at once.
enum ByteSource: Sendable {
  case file(URL)
  case memory([UInt8])

  /// The size of a chunk, if nobody asks for another.
  static let usualChunkSize = 1 << 20

  /// The number of bytes, or `nil` if it can't be known before they are read.
  var byteCount: Int? {
    switch self {
    case .memory(let bytes):
      return bytes.count
    case .file(let url):
      let path = url.resolvingSymlinksInPath().path(percentEncoded: false)
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
      return attributes?[.size] as? Int
    }
  }

  /// Calls `body` with one chunk after the other. No chunk is empty.
  ///
  /// - Parameters:
  ///   - size: The largest number of bytes in a chunk.
  ///   - name: What errors call the source.
  ///   - refusing: What `GraphError.unreadableFile` is thrown as.
  /// - Throws: What `refusing` gives if the file can't be read, or what `body` throws.
  func forEachChunk<Failure: Error>(
    of size: Int, name: String, refusing: (GraphError) -> Failure,
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .memory(let bytes):
      for start in stride(from: 0, to: bytes.count, by: size) {
        try body(bytes.span.extracting(start..<min(start + size, bytes.count)))
      }
    case .file(let url):
      guard url.isFileURL else {
        throw refusing(.unreadableFile(file: name, reason: "the URL is not that of a file"))
      }
      let file = try reading(name, refusing) { () throws in try FileHandle(forReadingFrom: url) }
      defer { try? file.close() }
      let read = { () throws in try file.chunk(upToCount: size) }
      while let chunk = try reading(name, refusing, read), !chunk.isEmpty {
        try body(chunk.span)
      }
    }
  }

  /// Runs a call to the file system, and turns its error into Kith's.
  private func reading<Result, Failure: Error>(
    _ name: String, _ refusing: (GraphError) -> Failure, _ call: () throws -> Result
  ) throws(Failure) -> Result {
    do {
      return try call()
    } catch {
      let reason = FileFault.reason(for: error, missing: "there is no such file")
      throw refusing(.unreadableFile(file: name, reason: reason))
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
