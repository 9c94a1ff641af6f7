import Dispatch
import Foundation
import KithCore

/// Calls `work` with the number of each of some parts, on all cores, and returns what it returns.
///
/// - Throws: What the first part that failed has thrown.
func concurrently<Part: Sendable>(
  _ parts: Int, _ work: @Sendable (Int) throws(FormatFault) -> Part
) throws(FormatFault) -> [Part] {
  let done = Locked([Result<Part, FormatFault>?](repeating: nil, count: parts))
  Workers.allCores.run(parts) { part in
    let result = Result { () throws(FormatFault) in try work(part) }
    done.withLock { $0[part] = result }
  }
  return try done.withLock { $0 }.map { (result) throws(FormatFault) in
    guard let result else { preconditionFailure("every part was worked on") }
    return try result.get()
  }
}

extension Workers {
  /// One worker a core.
  static let allCores = Workers(count: ProcessInfo.processInfo.activeProcessorCount) {
    parts, work in
    if parts == 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: parts, execute: work)
    }
  }
}
