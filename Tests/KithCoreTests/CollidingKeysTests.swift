import KithCore
import KithTestSupport
import Testing

/// Keys whose hashes agree under a seed that is known, as an attacker would choose them.
@Suite struct `Keys chosen to collide` {
  private static let known = HashSeed(1, 2)

  /// Keys whose fragments have one home, in the same page while it has not split.
  private static let chosen: [UInt64] = {
    var random = SplitMix64(seed: 3)
    var keys: [UInt64] = []
    while keys.count < 2_000 {
      let key = random.next()
      // The upper half of a hash is what an index keeps; the lowest bits of that are the home.
      if known.hash(key) >> 32 & 0x1FF == 7 { keys.append(key) }
    }
    return keys
  }()

  private static let ordinary: [UInt64] = {
    var random = SplitMix64(seed: 4)
    return chosen.map { _ in random.next() }
  }()

  /// The entries that searches for all keys look at.
  private static func probes(_ keys: [UInt64], _ seed: HashSeed) -> Int {
    var index = HashIndex()
    for (slot, key) in keys.enumerated() { index.insert(UInt32(slot), hash: seed.hash(key)) }
    return keys.reduce(0) { $0 + index.probes(forHash: seed.hash($1)) }
  }

  @Test func `crowd a table with the seed that they were chosen for`() {
    let (chosen, ordinary) = (
      Self.probes(Self.chosen, Self.known), Self.probes(Self.ordinary, Self.known)
    )
    #expect(chosen > 20 * ordinary)
  }

  @Test func `are as good as any others under a random seed`() {
    for _ in 0..<20 {
      let seed = HashSeed.random()
      let (chosen, ordinary) = (
        Self.probes(Self.chosen, seed), Self.probes(Self.ordinary, seed)
      )
      #expect(chosen <= 2 * ordinary, "seed \(seed)")
    }
  }
}
