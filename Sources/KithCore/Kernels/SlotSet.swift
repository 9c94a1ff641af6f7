/// A set of rows to be asked, one row after the other, whether it holds them.
///
/// Rows that are few, or lie far apart, are sought by halving; others are a bit each.
package struct SlotSet: Sendable {
  private let sought: [UInt32]
  private let bits: [UInt64]

  /// The most rows that are sought by halving wherever they lie.
  private static let fewest = 16
  /// The most words of bits for each row.
  private static let mostWords = 16

  /// Makes a set of rows.
  ///
  /// - Parameter slots: The rows, ascending.
  package init(_ slots: [UInt32]) {
    let words = slots.last.map { RowBit($0).word + 1 } ?? 0
    guard slots.count > SlotSet.fewest, words <= SlotSet.mostWords * slots.count else {
      sought = slots
      bits = []
      return
    }
    sought = []
    bits = RowBit.words(words, of: slots)
  }

  /// Whether a row is in the set.
  package func contains(_ slot: UInt32) -> Bool {
    let bit = RowBit(slot)
    if bit.word < bits.count { return bits[bit.word] & bit.mask != 0 }
    let place = sought.indices.partitioningIndex { sought[$0] >= slot }
    return place < sought.count && sought[place] == slot
  }
}
