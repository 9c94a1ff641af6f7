import Foundation

/// Nanoseconds since some moment, from the system's monotonic clock: one call, without a `Duration`.
@inline(__always)
func nanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
}

/// What a body returns, and the seconds it took.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let start = nanoseconds()
  let result = try body()
  return (result, Double(nanoseconds() - start) / 1e9)
}
