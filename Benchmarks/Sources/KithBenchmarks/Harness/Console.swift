import Foundation

/// Where the run says what it does: standard error, so that the report alone is on standard output.
enum Console {
  static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Sends what the benchmark package prints, a histogram a benchmark, into a file.
  ///
  /// - Returns: Gives standard output back when it is called.
  static func divert(to path: String) -> () -> Void {
    let saved = dup(1)
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard saved >= 0, file >= 0 else { return {} }
    dup2(file, 1)
    close(file)
    return {
      fflush(nil)
      dup2(saved, 1)
      close(saved)
    }
  }
}
