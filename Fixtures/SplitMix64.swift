/// A generator of random numbers whose whole sequence follows from a seed, on every platform.
///
/// Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Makes a generator; equal seeds give equal sequences.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number of the sequence, any of the 2^64 as likely as the others.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from zero to `bound` - 1. The standard library's own choice of algorithm may change;
  /// this one does not.
  ///
  /// The high half of a product, without rejection (Lemire): chances differ by at most 2^-64.
  ///
  /// - Precondition: `bound` is above zero.
  public mutating func number(below bound: Int) -> Int {
    precondition(bound > 0, "A bound is above zero.")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number from 0 to 1, without 1: a multiple of 2^-53, so exact.
  public mutating func fraction() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// The numbers from zero to `count` - 1 in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var numbers = Array(0..<count)
    for place in stride(from: count - 1, to: 0, by: -1) {
      numbers.swapAt(place, number(below: place + 1))
    }
    return numbers
  }
}
