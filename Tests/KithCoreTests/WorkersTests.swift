import KithCore
import KithTestSupport
import Testing

/// Links and keys that are taken as they are, all at once.
@Suite struct `Sorted links and keys at once` {
  /// Three workers, the last of which comes first.
  private let workers = Workers(count: 3, leastWork: 2) { parts, work in
    for part in (0..<parts).reversed() { work(part) }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `are the same however they are shared out`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (sources, targetCount) = (random.number(below: 200), 1 + random.number(below: 700))
    var (offsets, targets): ([UInt32], [UInt32]) = ([0], [])
    var one = Adjacency()
    for source in 0..<sources {
      let run = Set((0..<random.number(below: 12)).map { _ in random.number(below: targetCount) })
      let all = source == 7 ? Array(0..<targetCount) : run.sorted()
      for target in all { one.insert(UInt32(source), UInt32(target)) }
      targets += all.map { UInt32($0) }
      offsets.append(UInt32(targets.count))
    }
    let rules = LinkRules(targetCount: targetCount, allowsLoops: true)
    #expect(rules.firstFault(offsets: offsets, targets: targets, workers: workers) == nil)
    var all = Adjacency()
    all.fill(offsets: offsets, targets: targets, targetCount: targetCount, workers: workers)
    #expect(all.count == one.count)
    for direction in [Direction.forward, .backward] {
      for slot in 0..<UInt32(max(sources, targetCount)) {
        #expect(all.targets(of: slot, direction) == one.targets(of: slot, direction))
      }
      #expect(all.runs(direction).validate() == [])
    }
  }

  @Test func `say which link breaks a rule first`() {
    let rules = LinkRules(targetCount: 4, allowsLoops: false)
    let offsets: [UInt32] = [0, 2, 4, 6, 8]
    for (place, wrong) in [(3, 0), (4, 2), (7, 4), (6, 3)] as [(Int, UInt32)] {
      var targets: [UInt32] = [1, 2, 0, 3, 1, 3, 0, 2]
      targets[7] = 3  // breaks a rule too: no links to oneself
      targets[place] = wrong
      let first = rules.firstFault(offsets: offsets, targets: targets)
      #expect(first == min(place, 7))
      #expect(rules.firstFault(offsets: offsets, targets: targets, workers: workers) == first)
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `are found where they were entered, and a key that comes twice is told`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let count = random.number(below: 900)
    // In one of three, keys ascend; in another they are a sequence with gaps out of order.
    var keys = (0..<count).map { _ in random.next() >> 40 }
    if seed % 3 == 1 { keys.sort() }
    if seed % 3 == 2 {
      keys = (0..<count).map { UInt64($0) + 70 }
      if count > 9 { keys.swapAt(3, 8) }
    }
    if seed % 4 == 0, count > 2 { keys[count - 1] = keys[1 + random.number(below: count - 2)] }
    var (first, repeated): ([UInt64: Int], Int?) = ([:], nil)
    for (slot, key) in keys.enumerated() where repeated == nil {
      if first[key] == nil { first[key] = slot } else { repeated = slot }
    }
    var index = KeyIndex(seed: HashSeed.random())
    #expect(index.insert(contentsOf: keys) == repeated)
    if repeated != nil { return }
    #expect(index.count == count)
    #expect(index.validate() == [])
    #expect(index.view.slots(of: keys) == (0..<UInt32(count)).map { $0 })
    #expect(index.view.slots(of: [1 << 60]) == [.max])
    for (slot, key) in keys.enumerated() { #expect(index.find(key) == UInt32(slot)) }
  }
}
