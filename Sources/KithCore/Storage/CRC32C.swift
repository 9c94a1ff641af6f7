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
package struct CRC32C: Sendable {
  private var state: UInt32 = .max

  /// Starts a checksum.
  package init() {}

  /// The checksum of the bytes so far.
  package var value: UInt32 { ~state }

  /// The checksum of some bytes.
  package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
    var checksum = CRC32C()
    checksum.append(bytes)
    return checksum.value
  }

  /// Adds the bytes that follow those so far.
  ///
  /// - Complexity: O(bytes).
  package mutating func append(_ bytes: Span<UInt8>) {
    let tables = CRC32C.tables
    var state = state
    // SAFETY: words and bytes are read below the count of the span; a table has 256 entries, and
    // what chooses one has 8 bits.
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe tables.withUnsafeBufferPointer { table in
        var place = 0
        let wholeWords = bytes.count & ~7
        while place < wholeWords {
          let word = unsafe UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          let (low, high) = (
            UInt32(truncatingIfNeeded: word) ^ state, UInt32(truncatingIfNeeded: word >> 32)
          )
          state = unsafe table[0x700 | Int(low & 0xFF)] ^ table[0x600 | Int(low >> 8 & 0xFF)]
          state =
            unsafe state ^ table[0x500 | Int(low >> 16 & 0xFF)] ^ table[0x400 | Int(low >> 24)]
          state =
            unsafe state ^ table[0x300 | Int(high & 0xFF)] ^ table[0x200 | Int(high >> 8 & 0xFF)]
          state = unsafe state ^ table[0x100 | Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
          place += 8
        }
        while place < bytes.count {
          state = unsafe state >> 8 ^ table[Int((state ^ UInt32(bytes[place])) & 0xFF)]
          place += 1
        }
      }
    }
    self.state = state
  }

  /// Eight tables of 256 entries: what a byte does to the checksum that 0 to 7 others follow.
  private static let tables: [UInt32] = {
    let polynomial: UInt32 = 0x82F6_3B78
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
