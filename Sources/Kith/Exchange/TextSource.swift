public import Foundation

/// Text to read: a file, or what is in memory. The call that takes it says what it is read as.
///
/// ```swift
/// try graph.load(User.self, csv: TextSource(path: "users.csv"))
/// ```
///
/// The text is UTF-8, with or without a byte order mark. It is read each time that it is asked for,
/// in pieces of 1 MiB, so that a file of any size takes no more memory than a small one.
public struct TextSource: Sendable {
  /// What error messages call the text: the path of a file, or the name that was given.
  public let name: String
  let place: Place
  let chunkSize: Int

  /// The size of a chunk, if nobody asks for another.
  private static let usualChunkSize = 1 << 20

  /// Describes the text in a file. Nothing is read yet.
  public init(contentsOf url: URL) {
    self.init(contentsOf: url, chunkSize: TextSource.usualChunkSize)
  }

  /// Describes the text in the file at a path. Nothing is read yet.
  public init(path: String) {
    self.init(.file(URL(filePath: path)), name: path, chunkSize: TextSource.usualChunkSize)
  }

  /// Describes a text that is in memory.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - name: What error messages call it.
  public init(text: String, name: String) {
    self.init(bytes: Array(text.utf8), name: name)
  }

  /// Describes a text that is in memory as bytes, such as a bundled file.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - name: What error messages call it.
  public init(bytes: [UInt8], name: String) {
    self.init(bytes: bytes, name: name, chunkSize: TextSource.usualChunkSize)
  }

  /// Describes the text in a file, to be read `chunkSize` bytes at a time.
  package init(contentsOf url: URL, chunkSize: Int) {
    let name = url.isFileURL ? url.path(percentEncoded: false) : url.absoluteString
    self.init(.file(url), name: name, chunkSize: chunkSize)
  }

  /// Describes a text that is in memory, to be read `chunkSize` bytes at a time.
  package init(bytes: [UInt8], name: String, chunkSize: Int) {
    self.init(.memory(bytes), name: name, chunkSize: chunkSize)
  }

  private init(_ place: Place, name: String, chunkSize: Int) {
    precondition(chunkSize > 0, "a chunk holds at least one byte")
    self.name = name
    self.place = place
    self.chunkSize = chunkSize
  }
}
