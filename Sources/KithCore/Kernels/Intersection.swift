/// The rows that two sorted runs share.
///
/// ```
///   merge    a cursor in each, the one in front of the lesser row moves on, without a branch
///   gallop   each row of the shorter is sought in the longer, by doubling steps, or in a hub from its root
///   mark     a bit for each row of the shorter, asked for each of the longer
/// ```
///
/// Galloping: Bentley and Yao, *An almost optimal algorithm for unbounded searching*, 1976.
package enum Intersection {
  /// The ratio of lengths from which galloping pays, as measured.
  static let gallopRatio = 20
  /// The ratio of lengths from which it pays to look each row up in a hub: the targets of a leaf.
  static let lookUpRatio = 512
  /// The length of both runs together up to which merging pays, as measured.
  static let mergeLimit = 16

  /// How the shared rows are found.
  package enum Variant: String, Sendable, CaseIterable {
    case merge
    case gallop
    case mark
  }

  /// The variant that the lengths call for.
  static func variant(_ short: Int, _ long: Int) -> Variant {
    if long >= short * gallopRatio { return .gallop }
    return short + long <= mergeLimit ? .merge : .mark
  }

  // MARK: Runs in place

  /// The rows that two rows are both linked to, ascending, read where they stand.
  ///
  /// - Parameters:
  ///   - rowCount: One more than the largest slot of the table that both are linked to.
  ///   - variant: Forces a variant; nil picks by the lengths.
  /// - Complexity: O(*n* + *m*), or O(*n* log *m*) when one is 20 times as long.
  package static func rows(
    of a: UInt32, _ first: RunsView, and b: UInt32, _ second: RunsView, rowCount: Int,
    variant: Variant? = nil
  ) -> [UInt32] {
    var rows: [UInt32] = []
    withRows(of: a, first, and: b, second, rowCount: rowCount, variant: variant) { shared in
      rows = .filled(capacity: shared.count) { list in
        list.replace(from: 0, with: shared)
        return shared.count
      }
    }
    return rows
  }

  /// Lends the rows that two rows are both linked to, ascending.
  ///
  /// - Complexity: As for `rows`.
  package static func withRows(
    of a: UInt32, _ first: RunsView, and b: UInt32, _ second: RunsView, rowCount: Int,
    variant: Variant? = nil, _ body: (Span<UInt32>) -> Void
  ) {
    Scratch.borrow { scratch in
      let pair = Pair(a, first, b, second)
      let list = scratch.touched(capacity: pair.shorter + 1)
      let count = pair.share(list, scratch, rowCount: rowCount, variant ?? pair.variant)
      list.withPrefix(count, body)
    }
  }

  /// The number of rows that two rows are both linked to.
  ///
  /// - Complexity: As for `rows`.
  package static func count(
    of a: UInt32, _ first: RunsView, and b: UInt32, _ second: RunsView, rowCount: Int,
    variant: Variant? = nil
  ) -> Int {
    Scratch.borrow { scratch in
      let pair = Pair(a, first, b, second)
      let list = scratch.touched(capacity: pair.shorter + 1)
      return pair.share(list, scratch, rowCount: rowCount, variant ?? pair.variant)
    }
  }

  /// Two runs, the shorter one first.
  private struct Pair {
    let (a, b): (UInt32, UInt32)
    let (first, second): (RunsView, RunsView)
    let (shorter, longer): (Int, Int)

    init(_ a: UInt32, _ first: RunsView, _ b: UInt32, _ second: RunsView) {
      let (left, right) = (first.count(of: a), second.count(of: b))
      if left <= right {
        (self.a, self.b, self.first, self.second, shorter, longer) = (
          a, b, first, second, left, right
        )
      } else {
        (self.a, self.b, self.first, self.second, shorter, longer) = (
          b, a, second, first, right, left
        )
      }
    }

    var variant: Variant { Intersection.variant(shorter, longer) }

    /// Lists the shared rows, and returns how many there are.
    func share(
      _ list: ScratchWords<UInt32>, _ scratch: Scratch, rowCount: Int, _ variant: Variant
    ) -> Int {
      if shorter == 0 { return 0 }
      if variant == .mark {
        let bits = scratch.bits(rows: rowCount)
        var count = 0
        first.forEachSegment(of: a) { Intersection.mark($0, bits) }
        second.forEachSegment(of: b) { Intersection.probe($0, bits, list, &count) }
        first.forEachSegment(of: a) { Intersection.unmark($0, bits) }
        return count
      }
      var count = 0
      if variant == .gallop, longer >= shorter * Intersection.lookUpRatio {
        first.forEachTarget(of: a) { row in
          list[count] = row
          count &+= second.contains(row, in: b) ? 1 : 0
        }
        return count
      }
      // Of a hub, each leaf is compared with the rows that lie between its first and its last.
      first.forEachSegment(of: a) { short in
        second.forEachSegment(of: b, from: short[0], through: short[short.count - 1]) { long in
          let rows = short.extracting(Intersection.overlap(short, long))
          if variant == .merge {
            Intersection.merge(rows, long, list, &count)
          } else {
            Intersection.gallop(rows, long, list, &count)
          }
        }
      }
      return count
    }
  }

  // MARK: Arrays

  /// The rows that stand in both runs, ascending.
  ///
  /// - Parameter variant: Forces a variant; nil picks by the lengths. Rows that are far apart are
  ///   merged in place of marked.
  /// - Complexity: O(*n* + *m*), or O(*n* log *m*) when one is 20 times as long.
  package static func rows(
    _ first: [UInt32], _ second: [UInt32], variant: Variant? = nil
  ) -> [UInt32] {
    let (short, long) = first.count <= second.count ? (first, second) : (second, first)
    if short.isEmpty { return [] }
    let chosen = variant ?? self.variant(short.count, long.count)
    // Marking takes a bit for each row up to the last, which for a few far rows is much.
    let isFar = Int(short[short.count - 1]) / 64 > 4 * long.count + 4_096
    return .filled(capacity: short.count + 1) { list in
      var count = 0
      switch chosen == .mark && isFar ? .merge : chosen {
      case .merge: merge(short.span, long.span, list, &count)
      case .gallop: gallop(short.span, long.span, list, &count)
      case .mark: markAndProbe(short, long, list, &count)
      }
      return count
    }
  }

  private static func markAndProbe(
    _ short: [UInt32], _ long: [UInt32], _ list: ScratchWords<UInt32>, _ count: inout Int
  ) {
    guard let last = short.last else { return }
    Scratch.borrow { scratch in
      let bits = scratch.bits(rows: Int(last) + 1)
      mark(short.span, bits)
      let near = long.span.extracting(first: end(long.span, of: last))
      probe(near, bits, list, &count)
      unmark(short.span, bits)
    }
  }

  /// The rows of the first run that are not in the second, ascending. O(*n* + *m*).
  package static func subtract(_ second: [UInt32], from first: [UInt32]) -> [UInt32] {
    if second.isEmpty { return first }
    return .filled(capacity: first.count + 1) { list in
      let (rows, others) = (first.span, second.span)
      var (left, right, count) = (0, 0, 0)
      while left < rows.count, right < others.count {
        let (a, b) = (rows[left], others[right])
        list[count] = a
        count &+= a < b ? 1 : 0
        left &+= a <= b ? 1 : 0
        right &+= b <= a ? 1 : 0
      }
      let rest = rows.extracting(droppingFirst: left)
      list.replace(from: count, with: rest)
      return count + rest.count
    }
  }

  /// The rows of either run, ascending. O(*n* + *m*).
  package static func union(_ first: [UInt32], _ second: [UInt32]) -> [UInt32] {
    if first.isEmpty { return second }
    if second.isEmpty { return first }
    return .filled(capacity: first.count + second.count) { list in
      let (rows, others) = (first.span, second.span)
      var (left, right, count) = (0, 0, 0)
      while left < rows.count, right < others.count {
        let (a, b) = (rows[left], others[right])
        list[count] = a <= b ? a : b
        count &+= 1
        left &+= a <= b ? 1 : 0
        right &+= b <= a ? 1 : 0
      }
      let rest =
        left < rows.count
        ? rows.extracting(droppingFirst: left) : others.extracting(droppingFirst: right)
      list.replace(from: count, with: rest)
      return count + rest.count
    }
  }
}
