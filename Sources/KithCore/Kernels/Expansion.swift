/// One hop from a set of rows: the distinct rows that any of them links to.
///
/// Every composed walk is a chain of these; two hops from one row expand its run. The exact work,
/// the sum of the degrees, is read first and picks the way:
///
/// ```
///   one source               its run, as it stands
///   work ≥ rows / 16         bitmap: set a bit a path, then read the bitmap in order
///   otherwise                set bits, list the rows whose bit was clear (branch-free), sort the list
/// ```
package enum Expansion {
  /// How the distinct rows are collected.
  package enum Variant: String, Sendable, CaseIterable {
    /// Reads a bitmap of all rows.
    case bitmap
    /// Sorts the rows that were touched.
    case touchedList
  }

  /// The number of paths of one hop from a set of rows: the sum of their degrees.
  ///
  /// - Complexity: O(sources).
  package static func pathCount(from sources: [UInt32], _ runs: RunsView) -> Int {
    var paths = 0
    for source in sources { paths += runs.count(of: source) }
    return paths
  }

  /// The variant that the work calls for.
  package static func variant(paths: Int, rowCount: Int) -> Variant {
    paths >= rowCount / 16 ? .bitmap : .touchedList
  }

  /// The targets of one row in order, copied.
  package static func targets(of source: UInt32, _ runs: RunsView) -> [UInt32] {
    var targets: [UInt32] = []
    targets.reserveCapacity(runs.count(of: source))
    runs.forEachTarget(of: source) { targets.append($0) }
    return targets
  }

  /// The distinct targets of a set of rows, ascending.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the target table.
  ///   - variant: Forces a variant; nil picks by the work.
  /// - Complexity: O(paths + rows / 64), or O(paths log paths) where that is less.
  package static func distinctTargets(
    from sources: [UInt32], _ runs: RunsView, rowCount: Int, variant: Variant? = nil
  ) -> [UInt32] {
    if sources.count == 1, variant == nil { return targets(of: sources[0], runs) }
    let paths = pathCount(from: sources, runs)
    if paths == 0 { return [] }
    return Scratch.borrow { scratch in
      let bits = scratch.bits(rows: rowCount)
      switch variant ?? self.variant(paths: paths, rowCount: rowCount) {
      case .bitmap:
        setBits(ofTargetsOf: sources, runs, bits)
        return takeRows(bits, rowCount: rowCount)
      case .touchedList:
        let touched = scratch.touched(capacity: min(paths, rowCount) + 1)
        let count = listTargets(of: sources, runs, bits, touched)
        clear(bits, touched, count)
        var rows = touched.prefix(count)
        rows.sort()
        return rows
      }
    }
  }

  /// The number of distinct targets of a set of rows.
  ///
  /// - Complexity: O(paths).
  package static func distinctCount(
    from sources: [UInt32], _ runs: RunsView, rowCount: Int
  ) -> Int {
    Scratch.borrow { scratch in
      let paths = pathCount(from: sources, runs)
      let bits = scratch.bits(rows: rowCount)
      switch variant(paths: paths, rowCount: rowCount) {
      case .bitmap:
        setBits(ofTargetsOf: sources, runs, bits)
        return takeCount(bits, rowCount: rowCount)
      case .touchedList:
        let touched = scratch.touched(capacity: min(paths, rowCount) + 1)
        let count = listTargets(of: sources, runs, bits, touched)
        clear(bits, touched, count)
        return count
      }
    }
  }

  // MARK: Marking

  /// Sets the bit of every target of every source.
  static func setBits(
    ofTargetsOf sources: [UInt32], _ runs: RunsView, _ bits: ScratchWords<UInt64>
  ) {
    for source in sources {
      runs.forEachTarget(of: source) { row in
        bits[Int(row >> 6)] |= 1 << UInt64(row & 63)
      }
    }
  }

  /// Sets the bit of every target, and lists those whose bit was clear: always write, and advance
  /// by 0 or 1.
  static func listTargets(
    of sources: [UInt32], _ runs: RunsView, _ bits: ScratchWords<UInt64>,
    _ touched: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    for source in sources {
      runs.forEachTarget(of: source) { row in
        let word = bits[Int(row >> 6)]
        let bit: UInt64 = 1 << UInt64(row & 63)
        bits[Int(row >> 6)] = word | bit
        touched[count] = row
        count &+= word & bit == 0 ? 1 : 0
      }
    }
    return count
  }

  /// Clears the bits of the rows of a list.
  static func clear(_ bits: ScratchWords<UInt64>, _ touched: ScratchWords<UInt32>, _ count: Int) {
    for index in 0..<count { bits[Int(touched[index] >> 6)] = 0 }
  }

  /// The rows whose bits are set, ascending; the bits are clear afterwards.
  static func takeRows(_ bits: ScratchWords<UInt64>, rowCount: Int) -> [UInt32] {
    var rows: [UInt32] = []
    for word in 0..<((rowCount + 63) / 64) {
      var set = bits[word]
      if set == 0 { continue }
      bits[word] = 0
      while set != 0 {
        rows.append(UInt32(truncatingIfNeeded: word << 6 | set.trailingZeroBitCount))
        set &= set - 1
      }
    }
    return rows
  }

  /// The number of bits that are set; they are clear afterwards.
  static func takeCount(_ bits: ScratchWords<UInt64>, rowCount: Int) -> Int {
    var count = 0
    for word in 0..<((rowCount + 63) / 64) {
      count += bits[word].nonzeroBitCount
      bits[word] = 0
    }
    return count
  }
}
