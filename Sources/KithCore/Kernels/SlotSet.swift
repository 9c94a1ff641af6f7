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
    let words = slots.last.map { Int($0 >> 6) + 1 } ?? 0
    guard slots.count > SlotSet.fewest, words <= SlotSet.mostWords * slots.count else {
      sought = slots
      bits = []
      return
    }
    sought = []
    var bits = [UInt64](repeating: 0, count: words)
    for slot in slots { bits[Int(slot >> 6)] |= 1 << UInt64(slot & 63) }
    self.bits = bits
  }

  /// Whether a row is in the set.
  package func contains(_ slot: UInt32) -> Bool {
    let word = Int(slot >> 6)
    if word < bits.count { return bits[word] >> UInt64(slot & 63) & 1 == 1 }
    var low = 0
    var high = sought.count
    while low < high {
      let middle = (low + high) / 2
      if sought[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low < sought.count && sought[low] == slot
  }
}
