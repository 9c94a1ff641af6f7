import Foundation

/// Calls `body` with the URL of a folder that is not there, and removes afterwards what is there then.
func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
