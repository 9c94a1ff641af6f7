/// Finds the checksum of any piece of some bytes in a few steps, however long the piece is.
///
/// A checksum without its start and end is linear: the state behind a piece is that before it, moved
/// past the bytes of the piece, and that of the piece added. So it is enough to know the state every so
/// many bytes, from zero at the first:
///
/// ```
///   bytes    ├────────┼────────┼──────[─┼────────┼──]─────┤
///   states   0        1        2        3        4          the piece is from 2 and some bytes
///                                                           to 4 and some bytes
/// ```
package struct PieceChecksums {
  private let bytes: [UInt8]
  /// The state before each stretch of bytes.
  private var states: [UInt32] = []
  private static let stretch = 64

  /// - Complexity: O(bytes).
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var checksum = CRC32C(state: 0)
    for start in stride(from: 0, through: bytes.count, by: PieceChecksums.stretch) {
      states.append(checksum.state)
      let end = min(start + PieceChecksums.stretch, bytes.count)
      checksum.append(bytes.span.extracting(start..<end))
    }
  }

  /// Adds the bytes of a piece to a checksum.
  ///
  /// - Complexity: O(log bytes).
  package func append(_ piece: Range<Int>, to checksum: inout CRC32C) {
    let added = checksum.state ^ state(before: piece.lowerBound)
    checksum = CRC32C(
      state: CRC32C.moved(added, past: piece.count) ^ state(before: piece.upperBound))
  }

  private func state(before place: Int) -> UInt32 {
    let number = place / PieceChecksums.stretch
    var checksum = CRC32C(state: states[number])
    checksum.append(bytes.span.extracting(number * PieceChecksums.stretch..<place))
    return checksum.state
  }
}
