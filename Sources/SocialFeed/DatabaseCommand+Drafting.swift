import Foundation
import Kith

extension DatabaseCommand {
  /// Writes the migration that leads from the tables of the folder to those of the application.
  func migrate() throws -> Answer {
    let directory = URL(filePath: options.directory, directoryHint: .isDirectory)
    guard (try? directory.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
      throw InputError(
        "there is no directory \(options.directory) to write to; --directory names another")
    }
    let (migrations, message) = (try open().migrations, options.message ?? "")
    let source = try migrations.draft(message, losingData: options.losingData)
    if migrations.difference.isEmpty {
      return Answer(
        lines: ["no changes: \(options.folder) has the tables of the application already"])
    }
    let file = directory.appending(path: try migrations.draftName(message) + ".swift")
    let path = file.relativePath
    do {
      try Data(source.utf8).write(to: file, options: .withoutOverwriting)
    } catch CocoaError.fileWriteFileExists {
      throw InputError("\(path) is there already")
    } catch {
      throw GraphError.unwritableFile(file: path, reason: error.localizedDescription)
    }
    return Answer(
      lines: [path, "read it, then add it to the list in \(options.directory)/Migrations.swift"])
  }
}
