/// One run of a property on one value: what it expects, and what it notes.
package struct Trial {
  /// How many expectations were tested.
  package private(set) var expectations = 0
  /// How many steps were taken, in a property that runs programs.
  package private(set) var steps = 0
  /// What was noted.
  package private(set) var notes: [String] = []

  package init() {}

  /// Why a property does not hold.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
      self.description = description
    }
  }

  /// Fails unless something holds.
  package mutating func expect(
    _ holds: Bool, _ message: @autoclosure () -> String
  ) throws(Failure) {
    expectations += 1
    if !holds { throw Failure(description: message()) }
  }

  /// Fails unless two values are equal.
  package mutating func expect<Value: Equatable>(
    _ found: Value, is expected: Value, _ message: @autoclosure () -> String
  ) throws(Failure) {
    expectations += 1
    if found != expected {
      throw Failure(description: "\(message())\n  expected \(expected)\n  found    \(found)")
    }
  }

  /// Notes something about the run, for the statistics.
  package mutating func note(_ label: String) {
    notes.append(label)
  }

  /// Counts a step.
  package mutating func countStep() {
    steps += 1
  }
}
