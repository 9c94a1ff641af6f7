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
    case touchedList = "touched list"
  }

  /// The number of paths of one hop from a set of rows: the sum of their degrees.
  ///
  /// - Complexity: O(sources).
  package static func pathCount(from sources: [UInt32], _ runs: RunsView) -> Int {
    runs.linkCount(of: sources.span)
  }

  /// The variant that the work calls for.
  package static func variant(paths: Int, rowCount: Int) -> Variant {
    if paths >= rowCount / 64 { return .bitmap }
    return paths >= rowCount / 4_096 ? .summary : .touchedList
  }

  /// The distinct rows that a hop reaches, ascending.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the target table.
  ///   - variant: Forces a variant; nil picks by the work.
  /// - Complexity: O(paths + rows / 64), or O(paths log paths) where that is less.
  package static func distinctTargets(
    from start: HopStart, _ runs: RunsView, rowCount: Int, variant: Variant? = nil
  ) -> [UInt32] {
    if variant == nil, case .rows(let sources) = start, sources.count == 1 {
      return runs.targets(of: sources[0])
    }
    return Scratch.borrow { scratch in
      let (rows, count) = list(scratch.segments(of: start, runs), scratch, rowCount, variant)
      return rows.prefix(count)
    }
  }

  /// Lends the distinct rows that a hop reaches, ascending.
  ///
  /// - Complexity: As for `distinctTargets`.
  package static func withDistinctTargets(
    from start: HopStart, _ runs: RunsView, rowCount: Int, _ body: (Span<UInt32>) -> Void
  ) {
    Scratch.borrow { scratch in
      let (rows, count) = list(scratch.segments(of: start, runs), scratch, rowCount, nil)
      rows.withPrefix(count, body)
    }
  }

  /// The number of distinct rows that a hop reaches.
  ///
  /// - Complexity: O(paths).
  package static func distinctCount(
    from start: HopStart, _ runs: RunsView, rowCount: Int
  ) -> Int {
    if case .rows(let sources) = start, sources.count == 1 { return runs.count(of: sources[0]) }
    return Scratch.borrow { scratch in
      countTargets(of: scratch.segments(of: start, runs), scratch.stamps(rows: rowCount))
    }
  }

  // MARK: Collecting

  /// Lists the distinct targets, ascending, in the scratch.
  private static func list(
    _ segments: RunSegments, _ scratch: Scratch, _ rowCount: Int, _ variant: Variant?
  ) -> (rows: ScratchWords<UInt32>, count: Int) {
    let touched = scratch.touched(capacity: min(segments.paths, rowCount) + 1)
    if segments.paths == 0 { return (touched, 0) }
    let words = RowBit.words(forRows: rowCount)
    switch variant ?? self.variant(paths: segments.paths, rowCount: rowCount) {
    case .bitmap:
      let bits = scratch.bits(rows: layers * words * 64)
      setBits(of: segments, bits, words: words)
      return (touched, take(bits, words: words, layers: layers, into: touched))
    case .summary:
      let (bits, summary) = (scratch.bits(rows: rowCount), scratch.marks(rows: words))
      setBits(of: segments, bits, summary)
      return (touched, take(bits, summary, words: words, into: touched))
    case .touchedList:
      let bits = scratch.bits(rows: rowCount)
      let count = listTargets(of: segments, bits, touched)
      bits.clear(touched, count)
      touched.sort(count)
      return (touched, count)
    }
  }

  // MARK: Marking

  /// Marks every target, and counts those that were not marked.
  static func countTargets(of segments: RunSegments, _ stamps: Stamps) -> Int {
    var count = 0
    segments.forEachRow { count &+= stamps.markNew($0) }
    return count
  }

  /// How many bitmaps take turns. A bit that is set in the same word as the one before it, as is
  /// usual in a sorted run, must wait until that is stored; in another bitmap it need not.
  private static let layers = 4

  /// Sets the bit of every target in one of the bitmaps, each of which has a number of words.
  private static func setBits(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, words: Int
  ) {
    @inline(__always)
    func set(_ row: UInt32, _ layer: Int) {
      let bit = RowBit(row)
      bits[layer &* words &+ bit.word] |= bit.mask
    }
    segments.forEachFour { a, b, c, d in
      set(a, 0)
      set(b, 1)
      set(c, 2)
      set(d, 3)
    } rest: {
      set($0, 0)
    }
  }

  /// Sets the bit of every target, and the bit of every word that it lies in.
  static func setBits(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, _ summary: ScratchWords<UInt64>
  ) {
    segments.forEachRow { row in
      bits.mark(row)
      summary.mark(row &>> 6)
    }
  }

  /// Sets the bit of every target, and lists those whose bit was clear: always write, and advance
  /// by 0 or 1.
  static func listTargets(
    of segments: RunSegments, _ bits: ScratchWords<UInt64>, _ touched: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    segments.forEachRow { row in
      touched[count] = row
      count &+= bits.markNew(row)
    }
    return count
  }

  // MARK: Taking

  /// Lists the rows whose bits are set in any of some bitmaps, one behind the other, ascending; the
  /// bits are clear afterwards.
  @inline(__always)
  static func take(
    _ bits: ScratchWords<UInt64>, words: Int, layers: Int = 1, into rows: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    for word in 0..<words {
      var set: UInt64 = 0
      for layer in 0..<layers {
        set |= bits[layer &* words &+ word]
        bits[layer &* words &+ word] = 0
      }
      list(set, of: word, into: rows, &count)
    }
    return count
  }

  /// Lists the rows whose bits are set in words whose bit is set; all are clear afterwards.
  private static func take(
    _ bits: ScratchWords<UInt64>, _ summary: ScratchWords<UInt64>, words: Int,
    into rows: ScratchWords<UInt32>
  ) -> Int {
    var count = 0
    for place in 0..<RowBit.words(forRows: words) {
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
    let set = bits[word]
    if set == 0 { return }
    bits[word] = 0
    list(set, of: word, into: rows, &count)
  }

  /// Lists the rows whose bits are set in a word.
  @inline(__always)
  private static func list(
    _ bits: UInt64, of word: Int, into rows: ScratchWords<UInt32>, _ count: inout Int
  ) {
    RowBit.forEachRow(of: bits, in: word) { row in
      rows[count] = row
      count &+= 1
    }
  }
}
