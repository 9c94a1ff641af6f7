/// A byte a row, and the stamp that marks a row in this use of them: no other row has it yet.
///
/// ```
///   bytes   7 3 9 9 0 7 9 …      stamp 9: the rows 2, 3 and 6 are marked
/// ```
///
/// Each row has a byte of its own: where rows are dense, as those of a sorted run, setting a bit
/// would wait for the bit before it, which was set in the same word. Nothing is cleared between uses:
/// stamps ascend, and after 255 uses all bytes are zeroed.
///
/// Valid while the scratch that lent them is borrowed.
struct Stamps {
  private let bytes: ScratchWords<UInt8>
  private let stamp: UInt8

  /// - Parameter bytes: As many as there are rows, all less than the stamp.
  init(_ bytes: ScratchWords<UInt8>, stamp: UInt8) {
    self.bytes = bytes
    self.stamp = stamp
  }

  /// Marks a row.
  @inline(__always)
  func mark(_ row: UInt32) { bytes[Int(row)] = stamp }

  /// Marks a row, and returns 1 if it was not marked before, or else 0.
  @inline(__always)
  func markNew(_ row: UInt32) -> Int {
    let old = bytes[Int(row)]
    bytes[Int(row)] = stamp
    // Without a branch, which would often be guessed wrong: old stamps are less than this one, so
    // the difference wraps, and has its uppermost bit.
    return Int(truncatingIfNeeded: (UInt64(old) &- UInt64(stamp)) &>> 63)
  }
}
