import Foundation

/// Data sets beside the package, which tests use where they are: the folder that the environment
/// variable `KITH_DATA` names, or else `../shared/data`.
enum SharedData {
  /// The folder of a data set, or nil if it is not here.
  static func folder(_ name: String) -> URL? {
    let package = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let data = ProcessInfo.processInfo.environment["KITH_DATA"].map { URL(filePath: $0) }
    let folder = (data ?? package.appending(path: "../shared/data").standardized)
      .appending(path: name)
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }

  static func hint(_ name: String) -> String { "no \(name) in KITH_DATA or ../shared/data" }

  /// The cells of the lines of a file, without its header; cells are separated by `|`.
  static func lines(of file: URL) throws -> [Line] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
      Line(cells: $0.split(separator: "|", omittingEmptySubsequences: false))
    }
  }

  struct Line {
    let cells: [Substring]

    func text(_ index: Int) -> String { String(cells[index]) }

    /// The text of a cell, or nil if it is empty.
    func optionalText(_ index: Int) -> String? { cells[index].isEmpty ? nil : text(index) }

    func integer(_ index: Int) throws -> Int {
      guard let value = Int(cells[index]) else { throw NotANumber(text: text(index)) }
      return value
    }

    func optionalInteger(_ index: Int) throws -> Int? {
      cells[index].isEmpty ? nil : try integer(index)
    }
  }

  struct NotANumber: Error {
    let text: String
  }
}
