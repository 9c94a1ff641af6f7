/// The primary keys of a table, when each has a rank: a number that sorts as the key does, as
/// integers have.
///
/// A look-up hashes the rank, probes, and compares ranks, all without a type of key in sight.
package struct KeyIndex: Sendable {
  private var index = HashIndex()
  private let seed: HashSeed
  /// The rank of each row's key.
  package private(set) var ranks = PagedColumn<UInt64>(repeating: 0)

  /// Makes an empty index.
  package init(seed: HashSeed = .random()) {
    self.seed = seed
  }

  /// The slot of the key with a rank.
  ///
  /// - Complexity: O(1) on average.
  package func find(_ rank: UInt64) -> UInt32? {
    ranks.withView { ranks in index.find(hash: seed.hash(rank)) { ranks[$0] == rank } }
  }

  /// Adds a key that the index does not hold.
  package mutating func insert(_ slot: UInt32, rank: UInt64) {
    index.insert(slot, hash: seed.hash(rank))
    ranks[slot] = rank
  }

  /// Takes a key away.
  package mutating func remove(_ slot: UInt32, rank: UInt64) {
    index.remove(slot, hash: seed.hash(rank))
  }

  /// The number of keys.
  package var count: Int { index.count }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { index.copies + ranks.copies }

  /// The bytes of all pages.
  package var byteCount: Int { index.byteCount + ranks.byteCount }
}
