/// Finds the slot of a key by the key's hash.
///
/// The keys stay where they are, in rows or in a column of keys. The index keeps a slot and 32 bits
/// of the hash for each, 9 to 19 bytes in all, and asks the caller which of the slots that come
/// into question has the key.
///
/// ```swift
/// let hash = seed.hash(key)
/// let slot = index.find(hash: hash) { keys[$0] == key }
/// ```
///
/// A copy is O(1) and shares all pages; a write after it copies one page and the nodes above it. No
/// write moves more than the entries of one page, so there is no pause to grow a large index.
package struct HashIndex: Sendable {
  private var pages: HashPages<SlotEntry>

  /// Makes an empty index.
  package init(geometry: HashGeometry = .standard) {
    pages = HashPages(geometry: geometry)
  }

  /// The number of slots.
  package var count: Int { pages.count }

  /// The slot that has a hash and that `matches` accepts, or nil.
  ///
  /// `matches` is asked about slots whose hashes agree in their upper 32 bits: nearly always one,
  /// and none in a search that fails.
  ///
  /// - Complexity: O(1) on average.
  @inline(__always)
  package func find(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
    let fragment = HashIndex.fragment(of: hash)
    return pages.find(fragment) { $0.fragment == fragment && matches($0.slot) }
  }

  /// How many entries a search for a hash looks at, if none has the key.
  package func probes(forHash hash: UInt64) -> Int {
    var count = 0
    _ = pages.find(HashIndex.fragment(of: hash)) { _ in
      count += 1
      return false
    }
    return count
  }

  /// Adds a slot whose key the index does not hold.
  ///
  /// - Precondition: `slot` is less than `UInt32.max`.
  /// - Complexity: O(1) on average, and never more than the entries of one page.
  package mutating func insert(_ slot: UInt32, hash: UInt64) {
    precondition(slot != .max, "the largest slot number marks an empty place")
    pages.insert(SlotEntry(slot: slot, fragment: HashIndex.fragment(of: hash)))
  }

  /// Takes a slot away, and tells whether the index held it under this hash.
  ///
  /// Nothing is copied when it did not.
  ///
  /// - Complexity: O(1) on average, and never more than the entries of two pages.
  @discardableResult
  package mutating func remove(_ slot: UInt32, hash: UInt64) -> Bool {
    precondition(slot != .max, "the largest slot number marks an empty place")
    return pages.remove(SlotEntry(slot: slot, fragment: HashIndex.fragment(of: hash)))
  }

  /// Calls `body` with every slot, in an order that depends on the seed of the hashes.
  package func forEachSlot(_ body: (UInt32) -> Void) {
    pages.forEachSlot(body)
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { pages.copies }

  /// Entries that writes carried from page to page, to grow, split or merge them.
  package var moved: Int { pages.moved }

  /// The bytes of all pages.
  package var byteCount: Int { pages.byteCount }

  /// What is wrong with the index; empty when it is sound. The slots' keys are not looked at.
  package func validate() -> [String] { pages.validate() }

  /// The part of a hash that the index keeps.
  @inline(__always)
  static func fragment(of hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash >> 32)
  }
}
