/// A set of rows to be asked, one row after the other, whether it holds them.
///
/// A few rows are sought by halving; many are a bit each.
package struct SlotSet: Sendable {
  private let few: [UInt32]
  private let bits: [UInt64]

  /// The most rows that are sought by halving.
  private static let fewest = 16

  /// Makes a set of rows.
  ///
  /// - Parameter slots: The rows, ascending.
  package init(_ slots: [UInt32]) {
    guard slots.count > SlotSet.fewest, let last = slots.last else {
      few = slots
      bits = []
      return
    }
    few = []
    var bits = [UInt64](repeating: 0, count: Int(last >> 6) + 1)
    for slot in slots { bits[Int(slot >> 6)] |= 1 << UInt64(slot & 63) }
    self.bits = bits
  }

  /// Whether a row is in the set.
  package func contains(_ slot: UInt32) -> Bool {
    let word = Int(slot >> 6)
    if word < bits.count { return bits[word] >> UInt64(slot & 63) & 1 == 1 }
    var low = 0
    var high = few.count
    while low < high {
      let middle = (low + high) / 2
      if few[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low < few.count && few[low] == slot
  }
}
