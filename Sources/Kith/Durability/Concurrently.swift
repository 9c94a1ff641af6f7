import Dispatch
import Foundation
import KithCore

/// Calls `work` with the number of each of some parts, on all cores, and returns what it returns.
///
/// - Throws: What the first part that failed has thrown.
func concurrently<Result: Sendable>(
  _ parts: Int, _ work: @Sendable (Int) throws(FormatFault) -> Result
) throws(FormatFault) -> [Result] {
  let done = Locked<[PartResult<Result>?]>([PartResult<Result>?](repeating: nil, count: parts))
  @Sendable func run(_ part: Int) {
    let result: PartResult<Result>
    do throws(FormatFault) {
      result = .success(try work(part))
    } catch {
      result = .failure(error)
    }
    done.withLock { $0[part] = result }
  }
  if parts == 1 {
    run(0)
  } else {
    DispatchQueue.concurrentPerform(iterations: parts, execute: run)
  }
  var results: [Result] = []
  for result in done.withLock({ $0 }) {
    guard let result else { preconditionFailure("every part was worked on") }
    results.append(try result.get())
  }
  return results
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

private typealias PartResult<Success> = Swift.Result<Success, FormatFault>
