/// One hop from a set of rows: the distinct rows that any of them links to.
///
/// Every composed walk is a chain of these; two hops from one row expand its run. The runs are found
/// first, so that the exact work, the sum of their lengths, picks the way:
///
/// ```
///   one source               its run, as it stands
///   work ≥ rows / 64         bitmap: set a bit a path, then read the bitmap in order
///   work ≥ rows / 4096       two bitmaps: the second has a bit for each word of the first that was
///                            written, so that no other word is read
///   otherwise                set bits, list the rows whose bit was clear (branch-free), sort the list
/// ```
package enum Expansion {
  /// How the distinct rows are collected.
  package enum Variant: String, Sendable, CaseIterable {
    /// Reads a bitmap of all rows.
    case bitmap
    /// Reads the words of a bitmap that a second one names.
    case summary
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
    if paths >= rowCount / 64 { return .bitmap }
    return paths >= rowCount / 4_096 ? .summary : .touchedList
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
    if sources.count == 1, variant == nil { return runs.targets(of: sources[0]) }
    return Scratch.borrow { scratch in
      rows(of: scratch.segments(of: sources.span, runs), scratch, rowCount, variant)
    }
  }

  /// The distinct rows of two hops from one row, ascending.
  ///
  /// The same as `distinctTargets` from the row's targets, which are not copied.
  ///
  /// - Complexity: As for `distinctTargets`.
  package static func distinctTargets(
    ofTargetsOf source: UInt32, _ near: RunsView, _ runs: RunsView, rowCount: Int,
    variant: Variant? = nil
  ) -> [UInt32] {
    Scratch.borrow { scratch in
      rows(of: scratch.segments(of: source, near, runs), scratch, rowCount, variant)
    }
  }

  /// The number of distinct targets of a set of rows.
  ///
  /// - Parameter variant: Forces a variant; nil picks by the work.
  /// - Complexity: O(paths).
  package static func distinctCount(
    from sources: [UInt32], _ runs: RunsView, rowCount: Int, variant: Variant? = nil
  ) -> Int {
    if sources.count == 1, variant == nil { return runs.count(of: sources[0]) }
    return Scratch.borrow { scratch in
      count(of: scratch.segments(of: sources.span, runs), scratch, rowCount, variant)
    }
  }

  /// The number of distinct rows of two hops from one row.
  ///
  /// - Complexity: O(paths).
  package static func distinctCount(
    ofTargetsOf source: UInt32, _ near: RunsView, _ runs: RunsView, rowCount: Int,
    variant: Variant? = nil
  ) -> Int {
    Scratch.borrow { scratch in
      count(of: scratch.segments(of: source, near, runs), scratch, rowCount, variant)
    }
  }

  // MARK: Collecting

  private static func rows(
    of segments: RunSegments, _ scratch: Scratch, _ rowCount: Int, _ variant: Variant?
  ) -> [UInt32] {
    if segments.paths == 0 { return [] }
    let bits = scratch.bits(rows: rowCount)
    let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
    switch variant ?? self.variant(paths: segments.paths, rowCount: rowCount) {
    case .bitmap:
      setBits(of: segments, bits)
      return touched.prefix(take(bits, words: wordCount(rowCount), into: touched))
    case .summary:
      let summary = scratch.marks(rows: wordCount(rowCount))
      setBits(of: segments, bits, summary)
      return touched.prefix(take(bits, summary, words: wordCount(rowCount), into: touched))
    case .touchedList:
      let count = listTargets(of: segments, bits, touched)
      clear(bits, touched, count)
      var rows = touched.prefix(count)
      rows.sort()
      return rows
    }
  }

  private static func count(
    of segments: RunSegments, _ scratch: Scratch, _ rowCount: Int, _ variant: Variant?
  ) -> Int {
    if segments.paths == 0 { return 0 }
    let bits = scratch.bits(rows: rowCount)
    // A list of the rows whose bits to clear takes more a path, and nothing a row.
    let isLong = segments.paths >= rowCount / 16
    if variant.map({ $0 == .bitmap }) ?? isLong {
      setBits(of: segments, bits)
      return takeCount(bits, words: wordCount(rowCount))
    }
    let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
    let count = listTargets(of: segments, bits, touched)
    clear(bits, touched, count)
    return count
  }

  static func wordCount(_ rows: Int) -> Int { (rows + 63) / 64 }

  // MARK: Marking

  /// Sets the bit of every target.
  static func setBits(of segments: RunSegments, _ bits: ScratchWords<UInt64>) {
    segments.forEachTarget { row in
      bits[Int(row >> 6)] |= 1 << UInt64(row & 63)
    }
  }

  /// Sets the bit of every target, and the bit of every word that it lies in.
  static func setBits(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, _ summary: ScratchWords<UInt64>
  ) {
    segments.forEachTarget { row in
      bits[Int(row >> 6)] |= 1 << UInt64(row & 63)
      summary[Int(row >> 12)] |= 1 << UInt64(row >> 6 & 63)
    }
  }

  /// Sets the bit of every target, and lists those whose bit was clear: always write, and advance
  /// by 0 or 1.
  static func listTargets(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, _ touched: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    segments.forEachTarget { row in
      let word = bits[Int(row >> 6)]
      let bit: UInt64 = 1 << UInt64(row & 63)
      bits[Int(row >> 6)] = word | bit
      touched[count] = row
      count &+= word & bit == 0 ? 1 : 0
    }
    return count
  }

  // MARK: Taking

  /// Clears the bits of the rows of a list.
  static func clear(_ bits: ScratchWords<UInt64>, _ touched: ScratchWords<UInt32>, _ count: Int) {
    for index in 0..<count { bits[Int(touched[index] >> 6)] = 0 }
  }

  /// Lists the rows whose bits are set, ascending; the bits are clear afterwards.
  static func take(
    _ bits: ScratchWords<UInt64>, words: Int, into rows: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    for word in 0..<words { take(bits, word, into: rows, &count) }
    return count
  }

  /// Lists the rows whose bits are set in words whose bit is set; all are clear afterwards.
  private static func take(
    _ bits: ScratchWords<UInt64>, _ summary: ScratchWords<UInt64>, words: Int,
    into rows: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    for place in 0..<wordCount(words) {
      var written = summary[place]
      if written == 0 { continue }
      summary[place] = 0
      while written != 0 {
        take(bits, place << 6 | written.trailingZeroBitCount, into: rows, &count)
        written &= written &- 1
      }
    }
    return count
  }

  @inline(__always)
  private static func take(
    _ bits: ScratchWords<UInt64>, _ word: Int, into rows: ScratchWords<UInt32>, _ count: inout Int
  ) {
    var set = bits[word]
    if set == 0 { return }
    bits[word] = 0
    let first = UInt32(truncatingIfNeeded: word << 6)
    while set != 0 {
      rows[count] = first | UInt32(truncatingIfNeeded: set.trailingZeroBitCount)
      count &+= 1
      set &= set &- 1
    }
  }

  /// The number of bits that are set; they are clear afterwards.
  static func takeCount(_ bits: ScratchWords<UInt64>, words: Int) -> Int {
    var count = 0
    for word in 0..<words {
      count &+= bits[word].nonzeroBitCount
      bits[word] = 0
    }
    return count
  }
}
