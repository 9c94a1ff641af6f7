import Foundation

/// Standard output and standard error, which may be closed, or full, or be read by nobody.
enum StandardStreams {
  /// Takes the places of the streams that are closed. A file that is opened later would get one of
  /// them, and what is written to the stream would go into the file.
  ///
  /// Writing to a place that is taken fails, as it does to a stream that is closed.
  static func takePlaces() {
    signal(SIGPIPE, SIG_IGN)
    _ = taken
  }

  private static let taken: [FileHandle] = {
    var taken: [FileHandle] = []
    while let handle = FileHandle(forReadingAtPath: "/dev/null"),
      handle.fileDescriptor <= STDERR_FILENO
    {
      taken.append(handle)
    }
    return taken
  }()

  /// Writes to standard output. A reader who has gone, as `head` does, is no error.
  ///
  /// - Throws: `InputError` if something else keeps the text from being written.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
      if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) { return }
      throw InputError("can't write to standard output: \(cause.localizedDescription)")
    }
  }

  /// Writes to standard error, if that can be written to.
  static func complain(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
