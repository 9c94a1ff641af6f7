import Foundation

/// A folder on a real disk, which goes with this object, and with the process however it ends.
final class TemporaryFolder {
  let url: URL

  /// Below `/var/tmp`, because `/tmp` may be memory.
  private static let parent = URL(
    filePath: "/var/tmp/kith-benchmarks-\(ProcessInfo.processInfo.processIdentifier)",
    directoryHint: .isDirectory)

  init() throws {
    url = TemporaryFolder.parent.appending(
      component: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { url.appending(component: name).path(percentEncoded: false) }

  /// The bytes of the files in a folder below this one whose names start in some way.
  func bytes(in folder: String, _ prefix: String) throws -> Int {
    let files = try FileManager.default.contentsOfDirectory(
      at: url.appending(component: folder), includingPropertiesForKeys: [.fileSizeKey])
    return try files.filter { $0.lastPathComponent.hasPrefix(prefix) }
      .reduce(0) { try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
  }

  /// Removes the folders of this process.
  static func removeAll() {
    try? FileManager.default.removeItem(at: parent)
  }

  /// Removes the folders of this process when somebody stops it, before it ends.
  ///
  /// - Returns: What waits for that, for as long as it is kept.
  static func removeAllWhenInterrupted() -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let interruption = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    interruption.setEventHandler {
      removeAll()
      exit(130)
    }
    interruption.activate()
    return interruption
  }
}
