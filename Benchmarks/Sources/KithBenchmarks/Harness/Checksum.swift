/// A number that tells answers apart: the order of what is added counts.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always)
  mutating func add(_ number: UInt64) {
    value = (value ^ number) &* 0x100_0000_01b3
    value ^= value >> 29
  }

  @inline(__always)
  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  /// The checksum of ids in their order.
  @inline(__always)
  static func of(_ ids: some Sequence<Int>) -> UInt64 {
    var checksum = Checksum()
    for id in ids { checksum.add(id) }
    return checksum.value
  }
}
