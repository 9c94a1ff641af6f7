import KithCore
import KithTestSupport
import Testing

@Suite struct `Sorting of links` {
  /// Sizes at which a few links already fill many buckets, and take many passes.
  static let sizes = [(1, 1), (4, 2), (3, 11), (1, 16), (1 << 15, 11)]

  @Test(arguments: 1...UInt64(30))
  func `gives the distinct links of both directions in order`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (bucketSize, digitBits) = Self.sizes[Int(seed) % Self.sizes.count]
    let sort = LinkSort(bucketSize: bucketSize, digitBits: digitBits)
    let sources = 1 + random.number(below: [2, 40, 300, 5_000][Int(seed) % 4])
    let targets = 1 + random.number(below: [3_000, 2, 90, 600][Int(seed) % 4])
    var (batch, model) = (LinkBatch(), Set<UInt64>())
    for _ in 0..<random.number(below: 3_000) {
      let source = random.chance(20) ? 0 : random.row(below: sources)
      let target = random.chance(5) ? UInt32(targets - 1) : random.row(below: targets)
      batch.append(source, target)
      model.insert(UInt64(source) << 32 | UInt64(target))
    }
    var adjacency = Adjacency()
    let inserted = adjacency.insert(
      contentsOf: batch, sourceCount: sources, targetCount: targets, sort: sort)
    #expect(inserted == model.count)
    #expect(links(of: adjacency.forward) == model.sorted(), "seed \(seed)")
    let reversed = model.map { $0 << 32 | $0 >> 32 }.sorted()
    #expect(links(of: adjacency.backward) == reversed, "seed \(seed)")
  }

  @Test func `takes the links of many buckets at the sizes that are used`() {
    var random = SplitMix64(seed: 9)
    var (batch, model) = (LinkBatch(), [UInt64]())
    for _ in 0..<200_000 {
      let (source, target) = (random.row(below: 70_000), random.row(below: 9_000))
      batch.append(source, target)
      model.append(UInt64(source) << 32 | UInt64(target))
    }
    var adjacency = Adjacency()
    adjacency.insert(contentsOf: batch, sourceCount: 70_000, targetCount: 9_000)
    #expect(links(of: adjacency.forward) == Set(model).sorted())
    #expect(links(of: adjacency.backward) == Set(model.map { $0 << 32 | $0 >> 32 }).sorted())
  }

  @Test func `refuses links of rows that do not exist`() async {
    await #expect(processExitsWith: .failure) {
      var (batch, adjacency) = (LinkBatch(), Adjacency())
      batch.append(5, 0)
      adjacency.insert(contentsOf: batch, sourceCount: 5, targetCount: 1)
    }
    await #expect(processExitsWith: .failure) {
      var (batch, adjacency) = (LinkBatch(), Adjacency())
      batch.append(0, 1)
      adjacency.insert(contentsOf: batch, sourceCount: 5, targetCount: 1)
    }
  }

  private func links(of runs: Runs) -> [UInt64] {
    var links: [UInt64] = []
    runs.forEachSource { source, run in
      for index in run.indices { links.append(UInt64(source) << 32 | UInt64(run[index])) }
    }
    return links
  }
}
