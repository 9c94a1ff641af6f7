import CLinux
import Foundation

/// Confines the process to one core for a while, so that what would use all of them can be compared
/// with what uses one. Where the system has no way to do that, nothing is confined.
enum OneCore {
  /// Calls `body` while every thread of the process has to share one core.
  static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    #if os(Linux)
      let cores = kith_own_cores()
      confine(to: kith_first_core(cores))
      defer { confine(to: cores) }
    #endif
    return try body()
  }

  #if os(Linux)
    /// Lets all threads of the process use some cores only.
    private static func confine(to cores: kith_cores) {
      let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
      for thread in threads.compactMap({ Int32($0) }) { kith_confine(thread, cores) }
    }
  #endif
}
