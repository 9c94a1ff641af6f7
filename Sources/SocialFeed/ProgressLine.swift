import Foundation
import Kith

/// One line on standard error that says how far the reading is: on a terminal, and when it takes long.
final class ProgressLine {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  private var isShown = false

  /// What counts as long.
  private static let patience: Duration = .milliseconds(500)

  /// Shows the progress, if anybody sees it.
  func show(_ progress: (bytesRead: Int, bytesInAll: Int?, links: Int)) {
    guard isTerminal, ContinuousClock.now - start > ProgressLine.patience else { return }
    let read = "\(progress.bytesRead >> 20) MiB"
    let share = progress.bytesInAll.map { " of \($0 >> 20) MiB" } ?? ""
    write("\r\u{1B}[Kreading: \(read)\(share), \(progress.links) links")
    isShown = true
  }

  /// Takes the line away.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    StandardStreams.complain(text)
  }
}
