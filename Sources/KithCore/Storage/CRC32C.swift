/// The checksum of bytes in files: CRC-32C, the polynomial of Castagnoli, Bräuer and Herrmann (1993).
///
/// It finds every error of up to 32 neighbouring bits, and misses one of 4,294,967,296 others. Eight
/// bytes are taken at a time, each through a table of its own (slicing-by-8, Kounavis and Berry,
/// 2005):
///
/// ```
///   bytes    b0  b1  b2  b3  b4  b5  b6  b7
///   tables   t7  t6  t5  t4  t3  t2  t1  t0     the checksum so far is added to b0 … b3 before
/// ```
///
/// Each word waits for the one before it, so many bytes are taken in three lanes side by side, whose
/// checksums are joined: that of a lane is moved past the bytes of the next one, and added.
package struct CRC32C: Sendable {
  private(set) var state: UInt32 = .max

  /// Starts a checksum.
  package init() {}

  /// Goes on from a state, or starts without the bits that a checksum has before its first byte: from 0.
  init(state: UInt32) {
    self.state = state
  }

  /// The checksum of the bytes so far.
  package var value: UInt32 { ~state }

  /// The checksum of some bytes.
  package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
    var checksum = CRC32C()
    checksum.append(bytes)
    return checksum.value
  }

  /// The checksum of many bytes, which workers share.
  package static func checksum(_ bytes: Span<UInt8>, workers: Workers) -> UInt32 {
    let parts = workers.parts(ofWork: bytes.count / 8)
    if parts == 1 { return checksum(bytes) }
    let size = bytes.count / parts
    let states = Locked<[UInt32]>([UInt32](repeating: 0, count: parts))
    workers.run(parts) { part in
      var checksum = part == 0 ? CRC32C() : CRC32C(state: 0)
      let end = part == parts - 1 ? bytes.count : (part + 1) * size
      checksum.append(bytes.extracting(part * size..<end))
      states.withLock { [checksum] in $0[part] = checksum.state }
    }
    let (power, lastPower) = (
      power(ofBytes: size), power(ofBytes: bytes.count - (parts - 1) * size)
    )
    let all = states.withLock { $0 }
    return ~all.indices.dropFirst().reduce(all[0]) { state, part in
      multiply(state, part == parts - 1 ? lastPower : power) ^ all[part]
    }
  }

  /// Adds the bytes that follow those so far.
  ///
  /// - Parameter leastLane: The fewest bytes of a lane: so many that joining them costs little.
  /// - Complexity: O(bytes).
  package mutating func append(_ bytes: Span<UInt8>, leastLane: Int = 1 << 13) {
    let tables = CRC32C.tables
    var state = state
    // SAFETY: words and bytes are read below the count of the span; a table has 256 entries, and
    // what chooses one has 8 bits.
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe tables.withUnsafeBufferPointer { tables in
        guard let start = bytes.baseAddress, let table = tables.baseAddress else { return }
        var place = 0
        let lane = bytes.count / 3 & ~7
        if lane >= max(leastLane, 8) {
          state = unsafe CRC32C.lanes(state, start, lane, table)
          place = 3 * lane
        }
        let wholeWords = bytes.count & ~7
        while place < wholeWords {
          state = unsafe CRC32C.step(state, start, place, table)
          place += 8
        }
        while place < bytes.count {
          state =
            unsafe state >> 8
            ^ table[
              Int(
                (state
                  ^ UInt32(
                    start.load(
                      fromByteOffset: place, as: UInt8.self))) & 0xFF)]
          place += 1
        }
      }
    }
    self.state = state
  }

  /// The state after three lanes of bytes, each a number of whole words long.
  private static func lanes(
    _ state: UInt32, _ start: UnsafeRawPointer, _ lane: Int, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    var (first, second, third) = (state, 0 as UInt32, 0 as UInt32)
    var place = 0
    while place < lane {
      // SAFETY: the caller has three lanes of bytes.
      first = unsafe step(first, start, place, table)
      second = unsafe step(second, start, lane &+ place, table)
      third = unsafe step(third, start, 2 &* lane &+ place, table)
      place &+= 8
    }
    let power = power(ofBytes: lane)
    return multiply(multiply(first, power) ^ second, power) ^ third
  }

  /// The state after eight more bytes.
  @inline(__always)
  private static func step(
    _ state: UInt32, _ start: UnsafeRawPointer, _ place: Int, _ table: UnsafePointer<UInt32>
  ) -> UInt32 {
    // SAFETY: the caller has eight bytes there; the tables have 2,048 entries together.
    let word =
      unsafe UInt64(
        littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(state)
    let (low, high) = (
      UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word &>> 32)
    )
    let first = unsafe table[0x700 | Int(low & 0xFF)] ^ table[0x600 | Int(low &>> 8 & 0xFF)]
    let second = unsafe table[0x500 | Int(low &>> 16 & 0xFF)] ^ table[0x400 | Int(low &>> 24)]
    let third = unsafe table[0x300 | Int(high & 0xFF)] ^ table[0x200 | Int(high &>> 8 & 0xFF)]
    let fourth = unsafe table[0x100 | Int(high &>> 16 & 0xFF)] ^ table[Int(high &>> 24)]
    return (first ^ second) ^ (third ^ fourth)
  }

  /// A state when zero bytes follow.
  static func moved(_ state: UInt32, past count: Int) -> UInt32 {
    multiply(state, power(ofBytes: count))
  }

  /// What a state is multiplied by when zero bytes follow: x to the power of their bits.
  private static func power(ofBytes count: Int) -> UInt32 {
    // The highest bit is the lowest power: this is 1.
    var (result, rest) = (1 << 31 as UInt32, count)
    while rest > 0 {
      result = multiply(result, squares[rest.trailingZeroBitCount])
      rest &= rest - 1
    }
    return result
  }

  /// x to the power of 8, its square, the square of that, and so on: one for each bit of a number of bytes.
  private static let squares: [UInt32] = {
    var squares = [1 << 23 as UInt32]
    while squares.count < Int.bitWidth {
      let last = squares[squares.count - 1]
      squares.append(multiply(last, last))
    }
    return squares
  }()

  /// The product of two polynomials, less what the polynomial of the checksum divides.
  private static func multiply(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var (product, term) = (0 as UInt32, right)
    for bit in 0..<32 as Range<UInt32> {
      product ^= term & (0 &- (left >> (31 - bit) & 1))
      term = term >> 1 ^ (term & 1) * polynomial
    }
    return product
  }

  private static let polynomial: UInt32 = 0x82F6_3B78

  /// Eight tables of 256 entries: what a byte does to the checksum that 0 to 7 others follow.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { state, _ in state >> 1 ^ (state & 1) * polynomial }
    }
    for place in 256..<2_048 {
      let before = tables[place - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
    }
    return tables
  }()
}
