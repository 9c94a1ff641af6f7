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
///
/// An index that is filled at once may find that its keys are close together, and in another order
/// than rows: those of a table that was compacted, or that rows were deleted from before it was
/// stored. Then the base is the least rank, and keys are *placed*: a column holds their slots.
///
/// ```
///  slot              0      1      2      3
///  rank             73     71     76     72          base = 71
///  rank less base    0      1      2      3      4      5
///  slot              1      3      0      –      –      2
/// ```
package struct KeyIndex: Sendable {
  private var hashed: HashPages<RankEntry>
  private let seed: HashSeed
  /// The number of direct keys; none if keys are placed.
  private var directCount = 0
  /// The slots of placed keys, by their ranks less the base, and `.max` where there is none.
  private var places = PagedColumn<UInt32>(repeating: .max)
  private var placedCount = 0
  /// The rank of each row's key.
  ///
  /// A rank equals the base plus the slot if and only if the row has that key. Where a key was
  /// removed, or none was entered, the rank is one less than the base, which is not direct in any
  /// slot.
  package private(set) var ranks = PagedColumn<UInt64>(repeating: 0)
  /// Reads the keys without counting owners. It is kept ready, so that whoever holds the index where
  /// it stands need not copy it to look a key up.
  package private(set) var view: KeyIndexView

  /// Makes an empty index.
  package init(seed: HashSeed = .random(), geometry: HashGeometry = .ranks) {
    self.seed = seed
    hashed = HashPages(geometry: geometry)
    view = KeyIndexView(
      base: 0, slotEnd: 0, directCount: 0, placesEnd: 0, ranks.view, hashed.view, places.view, seed)
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
    let distance = rank &- base
    var placesEnd = view.placesEnd
    if placesEnd > 0, distance < KeyIndex.widest(of: count + 1) {
      places[UInt32(distance)] = slot
      placedCount += 1
      placesEnd = max(placesEnd, distance + 1)
    } else if placesEnd == 0, distance == UInt64(slot) {
      directCount += 1
    } else {
      hashed.insert(RankEntry(rank: rank, slot: slot, fragment: view.fragment(of: rank)))
    }
    ranks[slot] = rank
    renewView(base: base, slotEnd: max(view.slotEnd, UInt64(slot) + 1), placesEnd: placesEnd)
  }

  /// How far ranks of some keys may reach for the keys to be placed: so far that a place takes at most
  /// as much room as an entry of a hash.
  private static func widest(of count: Int) -> UInt64 { UInt64(min(2 * count + 64, 1 << 31)) }

  /// Adds keys at the slots from 0 on, to an index that is empty.
  ///
  /// - Returns: The first slot whose key is that of a slot before, if there is one; then the index is
  ///   of no use.
  /// - Complexity: O(keys) on average.
  package mutating func insert(contentsOf keys: [UInt64]) -> Int? {
    precondition(view.slotEnd == 0, "only an empty index is filled")
    guard let base = keys.first else { return nil }
    if let reach = KeyIndex.reachOfPlaces(keys) { return fillPlaces(keys, reach) }
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
    renewView(base: base, slotEnd: UInt64(keys.count), placesEnd: 0)
    return nil
  }

  /// The least and the largest of keys that are better placed: close together, and few of them direct.
  private static func reachOfPlaces(_ keys: [UInt64]) -> ClosedRange<UInt64>? {
    var (least, largest, direct) = (keys[0], keys[0], 0)
    for (slot, rank) in keys.enumerated() {
      least = min(least, rank)
      largest = max(largest, rank)
      if rank &- keys[0] == UInt64(slot) { direct += 1 }
    }
    let isClose = largest - least < widest(of: keys.count)
    return isClose && direct * 8 < keys.count * 7 ? least...largest : nil
  }

  /// Adds keys to an index that is empty, all placed.
  private mutating func fillPlaces(_ keys: [UInt64], _ reach: ClosedRange<UInt64>) -> Int? {
    let base = reach.lowerBound
    var slots = [UInt32](repeating: .max, count: Int(reach.upperBound - base) + 1)
    for (slot, rank) in keys.enumerated() {
      let place = Int(rank - base)
      if slots[place] != .max { return slot }
      slots[place] = UInt32(slot)
    }
    ranks = PagedColumn(keys, repeating: base &- 1)
    places = PagedColumn(slots, repeating: .max)
    placedCount = keys.count
    renewView(base: base, slotEnd: UInt64(keys.count), placesEnd: UInt64(slots.count))
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
    if view.isPlaced(slot, rank) {
      places[UInt32(rank &- view.base)] = .max
      placedCount -= 1
    } else if view.placesEnd > 0 || !view.isDirect(slot, rank) {
      let entry = RankEntry(rank: rank, slot: slot, fragment: view.fragment(of: rank))
      _ = hashed.remove(entry)
    } else if ranks[slot] == rank {
      directCount -= 1
    }
    // The row may have another key by now.
    if ranks[slot] == rank { ranks[slot] = view.base &- 1 }
    renewView(base: view.base, slotEnd: view.slotEnd, placesEnd: view.placesEnd)
  }

  private mutating func renewView(base: UInt64, slotEnd: UInt64, placesEnd: UInt64) {
    view = KeyIndexView(
      base: base, slotEnd: slotEnd, directCount: directCount, placesEnd: placesEnd, ranks.view,
      hashed.view, places.view, seed)
  }

  /// The number of keys.
  package var count: Int { directCount + placedCount + hashed.count }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { hashed.copies + ranks.copies + places.copies }

  /// Entries that writes carried from page to page, to grow, split or merge them.
  package var moved: Int { hashed.moved }

  /// The bytes of all pages.
  package var byteCount: Int { hashed.byteCount + ranks.byteCount + places.byteCount }

  /// What is wrong with the index; empty when it is sound.
  package func validate() -> [String] {
    var faults = hashed.validate()
    var (direct, placed) = (0, 0)
    for distance in 0..<view.placesEnd {
      let slot = places[UInt32(distance)]
      if slot == .max { continue }
      placed += 1
      if ranks[slot] != view.base &+ distance {
        faults.append("slot \(slot) has another key than the one that is placed")
      }
    }
    if placed != placedCount {
      faults.append("\(placedCount) keys are counted placed, not \(placed)")
    }
    for slot in 0..<view.slotEnd
    where view.placesEnd == 0 && ranks[UInt32(slot)] == view.base &+ slot { direct += 1 }
    if direct != directCount {
      faults.append("\(directCount) keys are counted direct, not \(direct)")
    }
    return faults
  }
}
