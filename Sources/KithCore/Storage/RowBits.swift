/// Where the bit of a row lies in words of 64 bits, as kernels mark rows.
///
/// ```
///  word    0            1            2
///  bit     0 1 2 … 63   0 1 … 6 … 63   …          row 70 is bit 6 of word 1
/// ```
struct RowBit {
  let word: Int
  let mask: UInt64

  @inline(__always)
  init(_ row: UInt32) {
    word = Int(row &>> 6)
    mask = 1 &<< UInt64(row & 63)
  }

  /// How many words have a bit for each of some rows.
  @inline(__always)
  static func words(forRows rows: Int) -> Int { (rows + 63) / 64 }

  /// A number of words with the bits of some rows.
  static func words(_ count: Int, of rows: [UInt32]) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: count)
    for row in rows {
      let bit = RowBit(row)
      words[bit.word] |= bit.mask
    }
    return words
  }

  /// Calls `body` with the rows whose bits are set in a word, ascending.
  @inline(__always)
  static func forEachRow(of bits: UInt64, in word: Int, _ body: (UInt32) -> Void) {
    var set = bits
    let first = UInt32(truncatingIfNeeded: word &<< 6)
    while set != 0 {
      body(first | UInt32(truncatingIfNeeded: set.trailingZeroBitCount))
      set &= set &- 1
    }
  }
}

extension ScratchWords<UInt64> {
  /// Sets the bit of a row.
  @inline(__always)
  func mark(_ row: UInt32) {
    let bit = RowBit(row)
    self[bit.word] |= bit.mask
  }

  /// Sets the bit of a row, and returns 1 if it was clear, or else 0, so that no branch depends on it.
  @inline(__always)
  func markNew(_ row: UInt32) -> Int {
    let bit = RowBit(row)
    let word = self[bit.word]
    self[bit.word] = word | bit.mask
    return word & bit.mask == 0 ? 1 : 0
  }

  /// The bit of a row: 1 if it is set, or else 0.
  @inline(__always)
  func bit(of row: UInt32) -> UInt64 { self[Int(row &>> 6)] &>> UInt64(row & 63) & 1 }

  /// Clears the bit of a row, and returns what it was.
  @inline(__always)
  func takeBit(of row: UInt32) -> Int {
    let bit = RowBit(row)
    let word = self[bit.word]
    self[bit.word] = word & ~bit.mask
    return Int(truncatingIfNeeded: word &>> UInt64(row & 63) & 1)
  }

  /// Sets the bits of the first rows of a list.
  @inline(__always)
  func mark(_ rows: ScratchWords<UInt32>, _ count: Int) {
    for index in 0..<count { mark(rows[index]) }
  }

  /// Clears the words in which the first rows of a list have their bits.
  @inline(__always)
  func clear(_ rows: ScratchWords<UInt32>, _ count: Int) {
    for index in 0..<count { self[RowBit(rows[index]).word] = 0 }
  }
}
