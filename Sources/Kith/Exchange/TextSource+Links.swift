extension TextSource {
  /// Reads the text as an edge list, one link a line: the format of the SNAP collection.
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
  /// The links that come before a line that can't be read are delivered before the error is
  /// thrown: whoever wants all or nothing collects them first.
  ///
  /// - Parameters:
  ///   - progress: Called after each 1 MiB, and once at the end, with the bytes and links read so
  ///     far, and the bytes to read in all, which is nil if that can't be known beforehand, as
  ///     with a pipe. If it throws, the reading stops.
  ///   - body: Called with the source and the target of each link, in the order of the lines. If it
  ///     throws, the reading stops.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found,
  ///   `GraphError.unreadableFile`, or what `progress` or `body` throws; `CancellationError` before the
  ///   next 1 MiB if the task is cancelled.
  /// - Complexity: O(*n*) for *n* bytes of text, in constant memory.
  public func forEachLink(
    progress: (((bytesRead: Int, bytesInAll: Int?, links: Int)) throws -> Void)? = nil,
    _ body: (_ source: Int, _ target: Int) throws -> Void
  ) throws {
    var parser = EdgeListParser(name: name)
    var state = (bytesRead: 0, bytesInAll: byteCount, links: 0)
    try forEachChunk { chunk in
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
