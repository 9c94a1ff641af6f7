/// How many rows have how many links.
package enum Degrees {
  /// The number of rows by degree: at index 0 those without links, at index *i* those with at least
  /// 2^(*i*-1) and less than 2^*i*.
  ///
  /// - Parameter rowCount: The number of rows that live, with links or without.
  /// - Complexity: O(slots).
  package static func histogram(_ runs: RunsView, slotEnd: UInt32, rowCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: Int.bitWidth)
    var linked = counts.mutableSpan
    var longest = 0
    runs.forEachDegree(below: Int(slotEnd)) { _, degree in
      let index = Int.bitWidth - degree.leadingZeroBitCount
      linked[index] &+= 1
      linked[0] &-= 1
      longest = max(longest, index)
    }
    counts[0] += rowCount
    return Array(counts.prefix(longest + 1))
  }
}
