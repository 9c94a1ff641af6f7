public import Foundation

/// A follow graph as text, one link a line: the format of the SNAP collection.
///
/// ```
/// # FromNodeId	ToNodeId
/// 12	13
/// 12	291
/// ```
///
/// A line holds two integers, the source and the target, with tabs or spaces around and between
/// them. Lines that are blank, or whose first mark is `#`, count for nothing. A byte order mark
/// at the start, Windows line ends and a missing last line end are accepted. Anything else is
/// refused with its place: a third field, a number that does not fit in `Int`, a plus sign, a
/// line of more than 4,096 bytes that is not a comment.
///
/// The text is read each time that the links are asked for, in pieces of 1 MiB, so that a file of
/// any size takes no more memory than a small one.
public struct EdgeList: Sendable {
  /// What error messages call the list: the path of a file, or the name that was given.
  public let name: String
  let source: ByteSource
  let chunkSize: Int

  /// Describes the edge list in a file. Nothing is read yet.
  public init(contentsOf url: URL) {
    self.init(contentsOf: url, chunkSize: ByteSource.usualChunkSize)
  }

  /// Describes the edge list in the file at a path. Nothing is read yet.
  public init(path: String) {
    self.init(.file(URL(filePath: path)), name: path, chunkSize: ByteSource.usualChunkSize)
  }

  /// Describes an edge list that is in memory, such as a bundled file.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - name: What error messages call it.
  public init(bytes: [UInt8], name: String) {
    self.init(bytes: bytes, name: name, chunkSize: ByteSource.usualChunkSize)
  }

  /// Describes the edge list in a file, to be read `chunkSize` bytes at a time.
  package init(contentsOf url: URL, chunkSize: Int) {
    let name = url.isFileURL ? url.path(percentEncoded: false) : url.absoluteString
    self.init(.file(url), name: name, chunkSize: chunkSize)
  }

  /// Describes an edge list that is in memory, to be read `chunkSize` bytes at a time.
  package init(bytes: [UInt8], name: String, chunkSize: Int) {
    self.init(.memory(bytes), name: name, chunkSize: chunkSize)
  }

  private init(_ source: ByteSource, name: String, chunkSize: Int) {
    precondition(chunkSize > 0, "a chunk holds at least one byte")
    self.name = name
    self.source = source
    self.chunkSize = chunkSize
  }
}

extension EdgeList {
  /// How far the reading of an edge list has come.
  public struct Progress: Sendable, Hashable {
    /// The bytes read so far.
    public var bytesRead: Int
    /// The bytes to read in all, or `nil` if that can't be known beforehand, as with a pipe.
    public var bytesInAll: Int?
    /// The links read so far.
    public var links: Int
  }

  /// Reads every link in the order of the lines.
  ///
  /// The links that come before a line that can't be read are delivered before the error is
  /// thrown: whoever wants all or nothing collects them first.
  ///
  /// - Parameters:
  ///   - progress: Called after each 1 MiB, and once at the end. If it throws, the reading stops.
  ///   - body: Called with the source and the target of each link. If it throws, the reading stops.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found,
  ///   `GraphError.unreadableFile`, or what `progress` or `body` throws.
  /// - Complexity: O(*n*) for *n* bytes of text, in constant memory.
  public func forEachLink(
    progress: ((Progress) throws -> Void)? = nil,
    _ body: (_ source: Int, _ target: Int) throws -> Void
  ) throws {
    var parser = EdgeListParser(name: name)
    var state = Progress(bytesRead: 0, bytesInAll: source.byteCount, links: 0)
    try source.forEachChunk(of: chunkSize, name: name) { chunk in
      if state.bytesRead > 0 { try progress?(state) }
      try parser.parse(chunk, body)
      state.bytesRead += chunk.count
      state.bytesInAll = state.bytesInAll.map { max($0, state.bytesRead) }
      state.links = parser.links
    }
    try parser.finish(body)
    state.links = parser.links
    try progress?(state)
  }
}
