package import KithFixtures

/// The generator of the fixtures, so that a seed means the same numbers everywhere.
package typealias SplitMix64 = KithFixtures.SplitMix64

extension SplitMix64 {
  /// A row from zero to `bound` - 1.
  package mutating func row(below bound: Int) -> UInt32 {
    UInt32(number(below: bound))
  }

  /// A row from zero to `bound` - 1, of which a few come up far more often than the others.
  package mutating func skewedRow(below bound: Int) -> UInt32 {
    row(below: 1 + number(below: 1 + number(below: bound)))
  }

  /// True in `percent` of a hundred cases.
  package mutating func chance(_ percent: Int) -> Bool {
    number(below: 100) < percent
  }
}
