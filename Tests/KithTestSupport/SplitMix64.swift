/// A generator of random numbers whose whole sequence follows from a seed (Steele, Lea and Flood, 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Makes a generator; equal seeds give equal sequences.
  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from zero to `bound` - 1.
  package mutating func number(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

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
