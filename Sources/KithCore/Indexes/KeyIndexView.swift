/// The primary keys of one version of a table, read without counting owners.
///
/// Valid while the index it was taken from is neither changed nor dropped.
@usableFromInline
package struct KeyIndexView: Sendable {
  /// What is added to a slot to give the rank of its direct key, or to a place to give that of its key.
  @usableFromInline let base: UInt64
  /// One more than the largest slot that ever had a key.
  @usableFromInline let slotEnd: UInt64
  /// The same if every slot before it has its direct key, and so none must be asked; or else zero.
  @usableFromInline let sequenceEnd: UInt64
  @usableFromInline let ranks: PagedColumnView<UInt64>
  private let hashed: HashPagesView<RankEntry>
  private let places: PagedColumnView<UInt32>
  /// One more than the largest place that was ever used; zero if keys are not placed.
  let placesEnd: UInt64
  private let seed: HashSeed

  init(
    base: UInt64, slotEnd: UInt64, directCount: Int, placesEnd: UInt64,
    _ ranks: PagedColumnView<UInt64>, _ hashed: HashPagesView<RankEntry>,
    _ places: PagedColumnView<UInt32>, _ seed: HashSeed
  ) {
    self.base = base
    self.slotEnd = slotEnd
    sequenceEnd = directCount == slotEnd ? slotEnd : 0
    self.ranks = ranks
    self.hashed = hashed
    self.places = places
    self.placesEnd = placesEnd
    self.seed = seed
  }

  /// What is added to a slot to give the rank of its key, where every slot has its direct key.
  @inlinable
  package var baseOfSequence: UInt64? { sequenceEnd == slotEnd ? base : nil }

  /// The rank of the key of a row, which must live.
  ///
  /// - Complexity: O(1). Where keys are a sequence no memory is read.
  @inline(__always)
  package func rank(of slot: UInt32) -> UInt64 {
    baseOfSequence.map { $0 &+ UInt64(slot) } ?? ranks[slot]
  }

  /// The slot of the key with a rank.
  ///
  /// - Complexity: O(1) on average. Where keys are a sequence no memory is read.
  @inline(__always)
  package func find(_ rank: UInt64) -> UInt32? {
    let guess = rank &- base
    let slot = UInt32(truncatingIfNeeded: guess)
    if guess < sequenceEnd { return slot }
    if placesEnd > 0 {
      if guess < placesEnd, case let found = places[slot], found != .max { return found }
    } else if guess < slotEnd, ranks[slot] == rank {
      return slot
    }
    if hashed.isEmpty { return nil }
    return hashed.find(fragment(of: rank)) { $0.rank == rank }
  }

  /// Finds every second of some ranks, from the first or the second on, and puts their slots into the
  /// same places, or `.max` for a rank that no key has.
  ///
  /// A rank that repeats the one before it, as sources in an edge list do, is found once.
  ///
  /// - Complexity: O(ranks) on average.
  package func findEverySecond(
    of ranks: Span<UInt64>, from first: Int, _ slots: inout MutableSpan<UInt32>
  ) {
    var index = first
    if sequenceEnd == slotEnd {
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

  /// The slots of the keys with some ranks, `.max` for a rank that no key has.
  ///
  /// - Complexity: O(ranks) on average.
  package func slots(of ranks: [UInt64]) -> [UInt32] {
    if sequenceEnd == slotEnd {
      return ranks.map { rank in
        let guess = rank &- base
        return guess < slotEnd ? UInt32(truncatingIfNeeded: guess) : .max
      }
    }
    return ranks.map { find($0) ?? .max }
  }

  /// The keys of some rows, which must live, as `key` makes them from their ranks.
  ///
  /// - Complexity: O(slots). Where keys are a sequence no memory is read.
  @inlinable
  @inline(__always)
  package func keys<Key>(of slots: Span<UInt32>, _ key: (UInt64) -> Key) -> [Key] {
    .appended(count: slots.count) { append in forEachRank(of: slots) { append(key($0)) } }
  }

  /// Calls `body` with the rank of the key of each of some rows, which must live. A page of ranks is
  /// sought once for neighbours that lie in it.
  @inlinable
  @inline(__always)
  func forEachRank(of slots: Span<UInt32>, _ body: (UInt64) -> Void) {
    if let base = baseOfSequence {
      for index in slots.indices { body(base &+ UInt64(slots[index])) }
      return
    }
    var pages = PageFinder(ranks.pages)
    var (last, page) = (-1, Block?.none)
    for index in slots.indices {
      let slot = Int(slots[index])
      if slot &>> ranks.pageShift != last {
        last = slot &>> ranks.pageShift
        page = pages.page(at: last)
      }
      // A key may have the rank of rows that have none, and then its page may be absent.
      guard let page else {
        body(ranks.fallback)
        continue
      }
      let place = slot & ((1 &<< ranks.pageShift) &- 1)
      body(page.load(UInt64.self, at: Block.headerSize &+ place &* MemoryLayout<UInt64>.stride))
    }
  }

  /// Whether a key is placed, at a slot.
  func isPlaced(_ slot: UInt32, _ rank: UInt64) -> Bool {
    let distance = rank &- base
    return distance < placesEnd && places[UInt32(truncatingIfNeeded: distance)] == slot
  }

  /// Whether a key would be found by its slot.
  @inline(__always)
  func isDirect(_ slot: UInt32, _ rank: UInt64) -> Bool { rank &- base == UInt64(slot) }

  @inline(__always)
  func fragment(of rank: UInt64) -> UInt32 { HashIndex.fragment(of: seed.hash(rank)) }
}
