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
  /// The number of direct keys.
  private var directCount = 0
  /// The rank of each row's key.
  ///
  /// A rank equals the base plus the slot if and only if the row has that key. Where a direct key
  /// was removed, or none was entered, the rank is one less than the base, which is not direct in
  /// any slot.
  package private(set) var ranks = PagedColumn<UInt64>(repeating: 0)
  /// Reads the keys without counting owners. It is kept ready, so that whoever holds the index where
  /// it stands need not copy it to look a key up.
  package private(set) var view: KeyIndexView

  /// Makes an empty index.
  package init(seed: HashSeed = .random(), geometry: HashGeometry = .ranks) {
    self.seed = seed
    hashed = HashPages(geometry: geometry)
    view = KeyIndexView(base: 0, slotEnd: 0, directCount: 0, ranks.view, hashed.view, seed)
  }

  /// The slot of the key with a rank.
  ///
  /// - Complexity: O(1) on average.
  package func find(_ rank: UInt64) -> UInt32? {
    defer { withExtendedLifetime(self) {} }
    return view.find(rank)
  }

  /// Adds a key that the index does not hold, at a slot that has none.
  ///
  /// - Precondition: `slot` is less than `UInt32.max`.
  /// - Complexity: O(1) on average, and never more than the entries of one page.
  package mutating func insert(_ slot: UInt32, rank: UInt64) {
    precondition(slot != .max, "the largest slot number marks an empty place")
    var base = view.base
    if view.slotEnd == 0 {
      // The first key gives the base.
      base = rank &- UInt64(slot)
      ranks = PagedColumn(repeating: base &- 1)
    }
    if rank &- base == UInt64(slot) {
      directCount += 1
    } else {
      hashed.insert(RankEntry(rank: rank, slot: slot, fragment: view.fragment(of: rank)))
    }
    ranks[slot] = rank
    renewView(base: base, slotEnd: max(view.slotEnd, UInt64(slot) + 1))
  }

  /// Adds keys at the slots from 0 on, to an index that is empty.
  ///
  /// - Returns: The first slot whose key is that of a slot before, if there is one; then the index is
  ///   of no use.
  /// - Complexity: O(keys) on average.
  package mutating func insert(contentsOf keys: [UInt64]) -> Int? {
    precondition(view.slotEnd == 0, "only an empty index is filled")
    guard let base = keys.first else { return nil }
    ranks = PagedColumn(keys, repeating: base &- 1)
    var largest = base
    for (slot, rank) in keys.enumerated() {
      // What is larger than all before can't be among them.
      let isRepeated = rank <= largest && slot > 0 && holds(rank, before: slot, keys)
      if isRepeated { return slot }
      largest = max(largest, rank)
      if rank &- base == UInt64(slot) {
        directCount += 1
      } else {
        let fragment = view.fragment(of: rank)
        hashed.insert(RankEntry(rank: rank, slot: UInt32(slot), fragment: fragment))
      }
    }
    renewView(base: base, slotEnd: UInt64(keys.count))
    return nil
  }

  /// Whether one of the first keys has a rank, while the index is filled with them.
  private func holds(_ rank: UInt64, before slot: Int, _ keys: [UInt64]) -> Bool {
    let guess = rank &- keys[0]
    if guess < UInt64(slot), keys[Int(guess)] == rank { return true }
    return hashed.find(view.fragment(of: rank)) { $0.rank == rank } != nil
  }

  /// Takes a key away that the index holds at a slot.
  ///
  /// - Complexity: O(1) on average, and never more than the entries of two pages.
  package mutating func remove(_ slot: UInt32, rank: UInt64) {
    if !view.isDirect(slot, rank) {
      let entry = RankEntry(rank: rank, slot: slot, fragment: view.fragment(of: rank))
      _ = hashed.remove(entry)
    } else if ranks[slot] == rank {
      ranks[slot] = view.base &- 1
      directCount -= 1
    }
    renewView(base: view.base, slotEnd: view.slotEnd)
  }

  private mutating func renewView(base: UInt64, slotEnd: UInt64) {
    view = KeyIndexView(
      base: base, slotEnd: slotEnd, directCount: directCount, ranks.view, hashed.view, seed)
  }

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
    for slot in 0..<view.slotEnd where ranks[UInt32(slot)] == view.base &+ slot { direct += 1 }
    if direct != directCount {
      faults.append("\(directCount) keys are counted direct, not \(direct)")
    }
    return faults
  }
}
