/// How many rows have how many links.
package enum Degrees {
  /// The number of rows by degree: at index 0 those without links, at index *i* those with at least
  /// 2^(*i*-1) and less than 2^*i*.
  ///
  /// - Parameter rowCount: The number of rows that live, with links or without.
  /// - Complexity: O(slots).
  package static func histogram(_ runs: RunsView, slotEnd: UInt32, rowCount: Int) -> [Int] {
    var counts = [rowCount]
    for slot in 0..<min(slotEnd, UInt32(clamping: runs.sourceLimit)) {
      let degree = runs.count(of: slot)
      if degree == 0 { continue }
      let index = Int.bitWidth - degree.leadingZeroBitCount
      while counts.count <= index { counts.append(0) }
      counts[index] += 1
      counts[0] -= 1
    }
    return counts
  }
}
