/// The primary keys of a table, when each has a rank: a number that sorts as the key does, as
/// integers have.
///
/// Most tables number their rows 1, 2, 3 … as they are inserted. There the slot follows from the
/// key:
///
/// ```
///  slot     0      1      2      3      4
///  rank    71     72    500     74      –          base = 71
///         direct direct hashed direct  removed
/// ```
///
/// The base is the rank of the first row's key, less its slot. A key whose rank is the base plus its
/// slot is *direct*: a look-up subtracts, and finds in the column of ranks whether the key is there.
/// Other keys are hashed, and the entry of the hash holds the rank, so that it alone decides.
package struct KeyIndex: Sendable {
  private var hashed: HashPages<RankEntry>
  private let seed: HashSeed
  /// What is added to a slot to give the rank of its direct key; it comes with the first key.
  private var base: UInt64 = 0
  /// The number of direct keys.
  private var directCount = 0
  /// One more than the largest slot that ever had a key.
  private var slotEnd: UInt64 = 0
  /// The rank of each row's key.
  ///
  /// A rank equals the base plus the slot if and only if the row has that key. Where a direct key
  /// was removed, or none was entered, the rank is one less than the base, which is not direct in
  /// any slot.
  package private(set) var ranks = PagedColumn<UInt64>(repeating: 0)

  /// Makes an empty index.
  package init(seed: HashSeed = .random(), geometry: HashGeometry = .ranks) {
    self.seed = seed
    hashed = HashPages(geometry: geometry)
  }

  /// The slot of the key with a rank.
  ///
  /// - Complexity: O(1) on average.
  package func find(_ rank: UInt64) -> UInt32? {
    let guess = rank &- base
    if guess < slotEnd {
      let slot = UInt32(truncatingIfNeeded: guess)
      // Where no key was removed and none is hashed, the slot is known without a look.
      if isSequence || ranks[slot] == rank { return slot }
    }
    if hashed.count == 0 { return nil }
    return hashed.find(fragment(of: rank)) { $0.rank == rank }
  }

  /// Finds every second of some ranks, from the first or the second on, and puts their slots into the
  /// same places, or `.max` for a rank that no key has.
  ///
  /// A rank that repeats the one before it, as sources in an edge list do, is found once.
  ///
  /// - Complexity: O(ranks); no memory is read but the ranks where keys are a sequence.
  package func findEverySecond(
    of ranks: Span<UInt64>, from first: Int, _ slots: inout MutableSpan<UInt32>
  ) {
    var index = first
    if isSequence {
      while index < ranks.count {
        let guess = ranks[index] &- base
        slots[index] = guess < slotEnd ? UInt32(truncatingIfNeeded: guess) : .max
        index &+= 2
      }
      return
    }
    guard index < ranks.count else { return }
    var last = ranks[index]
    var slot = find(last) ?? .max
    while index < ranks.count {
      if ranks[index] != last {
        last = ranks[index]
        slot = find(last) ?? .max
      }
      slots[index] = slot
      index &+= 2
    }
  }

  /// Adds a key that the index does not hold, at a slot that has none.
  ///
  /// - Precondition: `slot` is less than `UInt32.max`.
  /// - Complexity: O(1) on average, and never more than the entries of one page.
  package mutating func insert(_ slot: UInt32, rank: UInt64) {
    precondition(slot != .max, "the largest slot number marks an empty place")
    if slotEnd == 0 {
      base = rank &- UInt64(slot)
      ranks = PagedColumn(repeating: base &- 1)
    }
    if rank &- base == UInt64(slot) {
      directCount += 1
    } else {
      hashed.insert(RankEntry(rank: rank, slot: slot, fragment: fragment(of: rank)))
    }
    slotEnd = max(slotEnd, UInt64(slot) + 1)
    ranks[slot] = rank
  }

  /// Takes a key away that the index holds at a slot.
  ///
  /// - Complexity: O(1) on average, and never more than the entries of two pages.
  package mutating func remove(_ slot: UInt32, rank: UInt64) {
    if rank &- base != UInt64(slot) {
      _ = hashed.remove(RankEntry(rank: rank, slot: slot, fragment: fragment(of: rank)))
    } else if ranks[slot] == rank {
      ranks[slot] = base &- 1
      directCount -= 1
    }
  }

  /// Whether every slot so far has a direct key.
  @inline(__always)
  private var isSequence: Bool { directCount == slotEnd }

  /// The number of keys.
  package var count: Int { directCount + hashed.count }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { hashed.copies + ranks.copies }

  /// Entries that writes carried from page to page, to grow, split or merge them.
  package var moved: Int { hashed.moved }

  /// The bytes of all pages.
  package var byteCount: Int { hashed.byteCount + ranks.byteCount }

  /// What is wrong with the index; empty when it is sound.
  package func validate() -> [String] {
    var faults = hashed.validate()
    var direct = 0
    for slot in 0..<slotEnd where ranks[UInt32(slot)] == base &+ slot {
      direct += 1
    }
    if direct != directCount {
      faults.append("\(directCount) keys are counted direct, not \(direct)")
    }
    return faults
  }

  @inline(__always)
  private func fragment(of rank: UInt64) -> UInt32 { HashIndex.fragment(of: seed.hash(rank)) }
}
