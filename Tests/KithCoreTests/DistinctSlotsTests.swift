import KithCore
import KithTestSupport
import Testing

@Suite struct `Distinct slots` {
  /// From rows side by side, which become bits, to rows far apart, which are sorted.
  @Test(arguments: [1, 50, 1_000, 100_000, 1 << 31], [0, 1, 2, 63, 1_000])
  func `ascend, each once`(bound: Int, count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let slots = (0..<count).map { _ in random.row(below: bound) }
    let distinct = Set(slots).sorted()
    #expect(DistinctSlots.ascending(slots) == distinct)
    #expect(DistinctSlots.ascending(distinct) == distinct)
    #expect(DistinctSlots.ascending(distinct.reversed()) == distinct)
  }
}

@Suite struct `Ranks` {
  /// Few ranks are compared; many are sorted by their digits.
  @Test(arguments: [0, 1, 511, 512, 3_000], [2, 1_000, Int.max])
  func `are sorted as a comparison sorts them`(count: Int, bound: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let ranks = (0..<count).map { _ in UInt64(random.number(below: bound)) ^ (1 << 63) }
    #expect(RankSort.sorted(ranks) == ranks.sorted())
  }
}
