import Foundation
import KithTestSupport
import Testing

/// Tests a property, and records one issue if it does not hold.
///
/// `KITH_SEED` repeats one case; `KITH_STEPS` multiplies the cases, and `KITH_FIRST` says with which
/// seed they start; `KITH_STATISTICS` prints what they were made of.
///
/// - Parameter part: The number of this part of a property that is tested in several at once, each
///   with seeds of its own.
func check<Value>(
  _ property: Property<Value>, part: UInt64 = 0, sourceLocation: SourceLocation = #_sourceLocation
) {
  let environment = ProcessInfo.processInfo.environment
  func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }
  var property = property
  property.cases *= number("KITH_STEPS").map { Int($0) } ?? 1
  property.firstSeed = (number("KITH_FIRST") ?? 0) &+ part &* 1_000_000_000
  if part > 0 {
    if number("KITH_SEED") != nil { return }
    property.failedSeeds = []
  }
  let outcome = number("KITH_SEED").map { property.replay(seed: $0) } ?? property.run()
  if let complaint = outcome.complaint {
    Issue.record("\(property.name): \(complaint)", sourceLocation: sourceLocation)
  }
  if environment["KITH_STATISTICS"] != nil, case .held(let statistics) = outcome {
    print("\(property.name): \(statistics)")
  }
}
