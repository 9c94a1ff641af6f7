/// The rows of a list in any order, ascending, each once.
///
/// Rows that lie close together set a bit each, and the bits are read in order; others are sorted.
package enum DistinctSlots {
  /// The most words of bits for each row.
  private static let mostWords = 4

  /// The rows of a list, ascending, each once.
  ///
  /// - Complexity: O(*n*) if they ascend already or lie close together, O(*n* log *n*) otherwise.
  package static func ascending(_ slots: [UInt32]) -> [UInt32] {
    if zip(slots, slots.dropFirst()).allSatisfy(<) { return slots }
    let words = RowBit(slots.reduce(0, max)).word + 1
    var distinct: [UInt32] = []
    guard words <= mostWords * slots.count else {
      for slot in slots.sorted() where slot != distinct.last { distinct.append(slot) }
      return distinct
    }
    distinct.reserveCapacity(slots.count)
    for (index, word) in RowBit.words(words, of: slots).enumerated() {
      RowBit.forEachRow(of: word, in: index) { distinct.append($0) }
    }
    return distinct
  }
}
