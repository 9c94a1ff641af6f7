import Foundation
import KithCore

/// A file that is written beside the one it replaces, and takes its name when it is whole.
///
/// Whoever reads the file sees the old content or the new, never a part of it. A device or a pipe
/// is written as it is.
struct FileReplacement {
  /// What errors call the file.
  private let name: String
  private let url: URL

  /// How many bytes are written at once.
  private static let chunkSize = 1 << 20

  /// Describes the replacement of the file at a URL. Nothing is written yet.
  init(at url: URL) {
    name = url.isFileURL ? url.path(percentEncoded: false) : url.absoluteString
    self.url = url.resolvingSymlinksInPath()
  }

  /// Writes what `body` appends.
  ///
  /// - Throws: `GraphError.unwritableFile`, or what `body` throws; then the file is as it was, and
  ///   nothing is left beside it.
  func write(
    _ body: ((String) throws(GraphError) -> Void) throws(GraphError) -> Void
  ) throws(GraphError) {
    guard url.isFileURL else { throw fault("the URL is not that of a file") }
    if type == .typeDirectory { throw fault("it is a directory, not a file") }
    if isDevice { return try fill(url, body) }
    let draft = url.deletingLastPathComponent().appending(path: ".\(UUID().uuidString).draft")
    try calling { try Data().write(to: draft, options: .withoutOverwriting) }
    do throws(GraphError) {
      try keepPermissions(draft)
      try fill(draft, body)
      try rename(draft)
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw error
    }
  }

  /// The attributes of what is there, or nil if nothing is.
  private var attributes: [FileAttributeKey: Any]? {
    try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
  }

  private var type: FileAttributeType? { attributes?[.type] as? FileAttributeType }

  /// Whether a device or a pipe is there, which a file can't replace.
  private var isDevice: Bool { type.map { $0 != .typeRegular } ?? false }

  /// Lets those read the draft who may read the file, and nobody else.
  private func keepPermissions(_ draft: URL) throws(GraphError) {
    guard let permissions = attributes?[.posixPermissions] else { return }
    try calling {
      try FileManager.default.setAttributes(
        [.posixPermissions: permissions], ofItemAtPath: draft.path(percentEncoded: false))
    }
  }

  private func fill(
    _ url: URL, _ body: ((String) throws(GraphError) -> Void) throws(GraphError) -> Void
  ) throws(GraphError) {
    let file = try calling { try FileHandle(forWritingTo: url) }
    defer { try? file.close() }
    var chunk = Data()
    try body { text throws(GraphError) in
      chunk.append(contentsOf: text.utf8)
      guard chunk.count >= FileReplacement.chunkSize else { return }
      try calling { try file.write(contentsOf: chunk) }
      chunk.removeAll(keepingCapacity: true)
    }
    try calling { try file.write(contentsOf: chunk) }
    // Otherwise a power cut can leave the new name with nothing in it.
    if !isDevice { try calling { try file.synchronize() } }
  }

  private func rename(_ draft: URL) throws(GraphError) {
    let number = renameFile(
      atPath: draft.path(percentEncoded: false), toPath: url.path(percentEncoded: false))
    guard let number else { return }
    let error = NSError(domain: NSPOSIXErrorDomain, code: Int(number))
    try calling { throw error }
  }

  /// Runs a call to the file system, and turns its error into Kith's.
  private func calling<Result>(_ call: () throws -> Result) throws(GraphError) -> Result {
    do {
      return try call()
    } catch {
      throw fault(FileFault.reason(for: error, missing: "there is no such directory"))
    }
  }

  private func fault(_ reason: String) -> GraphError {
    .unwritableFile(file: name, reason: reason)
  }
}
