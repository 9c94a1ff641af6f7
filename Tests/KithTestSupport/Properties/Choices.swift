/// The choices that a generator makes: numbers with bounds, drawn from a seed or replayed from a
/// list.
///
/// A value is whatever a generator makes of its choices, so a simpler value comes of simpler
/// choices, and one shrinker serves all generators (MacIver and Donaldson, *Test-Case Reduction via
/// Test-Case Generation*, ECOOP 2020, as Hypothesis does).
package struct Choices: Sendable {
  /// The numbers so far, in the order in which they were chosen.
  package private(set) var numbers: [UInt64] = []
  /// The stretches of numbers that belong together, such as those of one element of an array.
  package private(set) var groups: [Range<Int>] = []
  /// Whether the value is none that a property wants to see.
  package private(set) var isDiscarded = false
  /// What was noted while the value was made.
  package private(set) var notes: [String] = []

  private var random: SplitMix64
  private let replayed: [UInt64]?

  /// Makes choices that follow from a seed.
  package init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    replayed = nil
  }

  /// Repeats choices. A number past its bound becomes the bound, and where the list ends all
  /// further numbers are zero.
  package init(replaying numbers: [UInt64]) {
    random = SplitMix64(seed: 0)
    replayed = numbers
  }

  /// Chooses a number from zero to `bound`; zero is the simplest.
  package mutating func number(upTo bound: UInt64) -> UInt64 {
    let number: UInt64
    if let replayed {
      number = numbers.count < replayed.count ? min(replayed[numbers.count], bound) : 0
    } else {
      number = drawn(upTo: bound)
    }
    numbers.append(number)
    return number
  }

  /// Chooses a number from zero to `bound` - 1.
  package mutating func number(below bound: Int) -> Int {
    precondition(bound > 0, "a bound is above zero")
    return Int(number(upTo: UInt64(bound) - 1))
  }

  /// True in `percent` of a hundred cases; false is the simplest.
  package mutating func chance(_ percent: Int) -> Bool {
    number(below: 100) >= 100 - percent
  }

  /// One of some values; the first is the simplest.
  package mutating func pick<Value>(_ values: [Value]) -> Value {
    values[number(below: values.count)]
  }

  /// Keeps the choices of `body` together, so that they can go or change together.
  package mutating func group<Value>(_ body: (inout Choices) -> Value) -> Value {
    let start = numbers.count
    let value = body(&self)
    if numbers.count > start { groups.append(start..<numbers.count) }
    return value
  }

  /// An array, whose elements can go one by one.
  package mutating func array<Value>(
    count: ClosedRange<Int>, _ element: (inout Choices) -> Value
  ) -> [Value] {
    var elements: [Value] = []
    var goesOn = true
    while goesOn, elements.count < count.upperBound {
      goesOn = group { choices in
        // Each element says whether it is there, so that its group can be left out.
        let spare = UInt64(count.upperBound - count.lowerBound)
        if elements.count >= count.lowerBound, choices.number(upTo: max(spare, 1)) == 0 {
          return false
        }
        elements.append(element(&choices))
        return true
      }
    }
    return elements
  }

  /// Says that the value is none that the property wants: it is not tested, and does not count.
  package mutating func discard() {
    isDiscarded = true
  }

  /// Notes something about the value, for the statistics.
  package mutating func note(_ label: String) {
    notes.append(label)
  }

  /// Any number as likely as the others; where there are many, the ends come up more often.
  private mutating func drawn(upTo bound: UInt64) -> UInt64 {
    if bound > 1_000 {
      switch random.number(below: 16) {
      case 0: return UInt64(random.number(below: 4))
      case 1: return bound - UInt64(random.number(below: 4))
      default: break
      }
    }
    return bound == .max ? random.next() : random.next().multipliedFullWidth(by: bound + 1).high
  }
}
