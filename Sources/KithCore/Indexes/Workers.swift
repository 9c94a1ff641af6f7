/// How the parts of a large piece of work are run: one after the other, or on several cores. The core
/// knows no threads; its caller does.
package struct Workers: Sendable {
  /// How many parts large work is cut into.
  let count: Int
  /// Calls `work` with the number of every part, once each, and returns when all are done.
  package let run: @Sendable (_ parts: Int, _ work: @Sendable (Int) -> Void) -> Void
  /// The least work, in links or words, that is worth a part.
  private let leastWork: Int

  /// - Precondition: There is a worker.
  package init(
    count: Int, leastWork: Int = 1 << 14,
    run: @escaping @Sendable (_ parts: Int, _ work: @Sendable (Int) -> Void) -> Void
  ) {
    precondition(count > 0)
    (self.count, self.leastWork, self.run) = (count, leastWork, run)
  }

  /// One part after the other.
  package static let alone = Workers(count: 1) { parts, work in
    for part in 0..<parts { work(part) }
  }

  /// How many parts some work is cut into.
  func parts(ofWork work: Int) -> Int { max(1, min(count, work / leastWork)) }

  /// The sources of a static CSR, cut where the parts have about as many links.
  func parts(of offsets: Span<UInt32>) -> [Range<Int>] {
    let (sources, links) = (offsets.count - 1, Int(offsets[offsets.count - 1]))
    let parts = parts(ofWork: links)
    var (ranges, start): ([Range<Int>], Int) = ([], 0)
    for part in 1...parts {
      let end =
        part == parts
        ? sources
        : (start..<sources).partitioningIndex { Int(offsets[$0]) >= links / parts * part }
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }
}
