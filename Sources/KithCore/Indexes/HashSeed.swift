/// What makes the hashes of one table differ from those of all others, and from run to run.
///
/// Keys come from outside; whoever chooses them must not be able to choose their hashes too. Tables
/// have seeds of their own so that inserting one in the order of another does not crowd its pages.
package struct HashSeed: Sendable {
  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64

  /// Makes a seed from 128 bits of any kind; tests pass small numbers.
  package init(_ first: UInt64, _ second: UInt64) {
    self.first = HashSeed.scramble(first &+ 0x9E37_79B9_7F4A_7C15)
    // A multiplier is odd, so that no bit of the other factor is lost.
    self.second = HashSeed.scramble(second &+ 0x3C6E_F372_FE94_F82A) | 1
  }

  private init(multiplier: UInt64) {
    first = 0
    second = multiplier
  }

  /// The worst seed there is, for tests: all numbers have one hash, and so have all keys that are
  /// made of numbers.
  package static let worst = HashSeed(multiplier: 0)

  /// A seed that nobody can guess.
  package static func random() -> HashSeed {
    var generator = SystemRandomNumberGenerator()
    return HashSeed(generator.next(), generator.next())
  }

  /// The hash of an integer.
  @inlinable
  package func hash(_ value: UInt64) -> UInt64 {
    finish(HashSeed.fold(value ^ first, second))
  }

  /// The hash of 128 bits, such as a UUID.
  @inlinable
  package func hash(_ high: UInt64, _ low: UInt64) -> UInt64 {
    let folded = HashSeed.fold(high ^ first, second)
    return finish(HashSeed.fold(folded ^ low, first | 1))
  }

  /// The hash of a text: the same for all texts that are canonically equivalent, and so equal.
  ///
  /// `Hasher` adds a seed of the process, so this hash differs from run to run whatever the seed.
  package func hash(_ text: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(first)
    hasher.combine(second)
    hasher.combine(text)
    return UInt64(truncatingIfNeeded: hasher.finalize())
  }

  /// The hash of a composite key from the hashes of its parts, whose order matters.
  @inlinable
  package func combine(_ a: UInt64, _ b: UInt64) -> UInt64 { hash(a, b) }

  /// Spreads what one multiplication leaves uneven.
  @usableFromInline
  @inline(__always)
  func finish(_ folded: UInt64) -> UInt64 {
    HashSeed.fold(folded ^ second, 0x9E37_79B9_7F4A_7C15)
  }

  /// Both halves of a product of 128 bits, folded into one: the step of wyhash and rapidhash.
  @usableFromInline
  @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// The finisher of SplitMix64: every bit of the result depends on every bit of the value.
  private static func scramble(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
