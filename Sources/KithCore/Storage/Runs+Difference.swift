extension Runs {
  /// Calls `body` with every source whose targets differ between two versions, ascending, and with
  /// the targets that went and that came, both ascending.
  ///
  /// Pages that both versions share are not read, nor what two versions of a hub share.
  ///
  /// - Precondition: The runs are ordered by slot, and both versions have the same geometry.
  /// - Returns: The number of pages, nodes and leaves looked at.
  /// - Complexity: O(pages and leaves that differ).
  @discardableResult
  package func forEachChange(
    since old: Runs, _ body: (_ source: UInt32, _ removed: [UInt32], _ added: [UInt32]) -> Void
  ) -> Int {
    precondition(geometry == old.geometry, "only versions of the same runs are compared")
    var leaves = 0
    let pages = tree.forEachDifferingPage(since: old.tree) { index, old, new in
      RunPage.forEachDifferingPlace(old, new, places: 1 << geometry.pageShift) { place in
        let change = RunChange(place, of: old, and: new)
        leaves += change.places
        if change.isEmpty { return }
        let source = UInt32(index << geometry.pageShift | place)
        body(source, change.removed, change.added)
      }
    }
    return pages + leaves
  }
}

extension RunPage {
  /// Calls `body` with the places, ascending, whose words differ between two pages, or that are hubs; a
  /// page that is absent has no words.
  ///
  /// Most neighbours of a run that has changed are as long as they were: their words are compared all at
  /// once.
  @inline(__always)
  fileprivate static func forEachDifferingPlace(
    _ old: Block?, _ new: Block?, places: Int, _ body: (Int) -> Void
  ) {
    guard let old, let new else { return (0..<places).forEach(body) }
    var unlike = old.tag | new.tag | differingCounts(old, new)
    var first = 0
    while first < places {
      let place = min(unlike.trailingZeroBitCount, places)
      if !areEqualWords(first..<place, old, new) {
        for place in first..<place where !areEqualWords(place..<place + 1, old, new) { body(place) }
      }
      if place < places { body(place) }
      unlike &= unlike &- 1
      first = place + 1
    }
  }

  /// The places, as bits, that have another number of words in one page than in the other.
  @inline(__always)
  private static func differingCounts(_ old: Block, _ new: Block) -> UInt64 {
    let bits = SIMD8<UInt16>(1, 2, 4, 8, 16, 32, 64, 128)
    var differing: UInt64 = 0
    for first in stride(from: 0, to: RunPage.places, by: 8) {
      let isDifferent = wordCounts(of: old, from: first) .!= wordCounts(of: new, from: first)
      let eight = SIMD8<UInt16>(repeating: 0).replacing(with: bits, where: isDifferent)
      differing |= UInt64(eight.wrappedSum()) &<< UInt64(first)
    }
    return differing
  }

  /// Whether the words at some places, as many of each in both pages, are the same.
  private static func areEqualWords(_ places: Range<Int>, _ old: Block, _ new: Block) -> Bool {
    let (before, after) = unsafe (words(of: old, at: places), words(of: new, at: places))
    // A loop that does not stop at the first that differs can take several at once.
    var differing: UInt32 = 0
    for index in 0..<before.count { unsafe differing |= before[index] ^ after[index] }
    return differing == 0
  }
}

/// What changed in one run.
struct RunChange {
  private(set) var removed: [UInt32] = []
  private(set) var added: [UInt32] = []
  /// The nodes and leaves of hubs that were read.
  private(set) var places = 0

  var isEmpty: Bool { removed.isEmpty && added.isEmpty }

  /// Compares the runs at the same place of two pages; a page that is absent has none.
  init(_ place: Int, of old: Block?, and new: Block?) {
    if let old, let new, RunPage.isHub(old, place), RunPage.isHub(new, place) {
      compareHubs(RunPage.hub(of: old, at: place), RunPage.hub(of: new, at: place))
    } else {
      RunsView.withTargets(of: old, at: place) { old in
        RunsView.withTargets(of: new, at: place) { compare(old, $0) }
      }
    }
  }

  /// Merges two short runs.
  private mutating func compare(_ old: Span<UInt32>, _ new: Span<UInt32>) {
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if right == new.count || left < old.count && old[left] < new[right] {
        removed.append(old[left])
        left += 1
      } else if left == old.count || new[right] < old[left] {
        added.append(new[right])
        right += 1
      } else {
        left += 1
        right += 1
      }
    }
  }

  /// Merges two versions of a hub, past all that they share.
  ///
  /// Where a difference ends, both cursors come to the same target, and by going down from the
  /// higher one, to the same block.
  private mutating func compareHubs(_ oldHub: Block, _ newHub: Block) {
    var (old, new) = (HubCursor(oldHub), HubCursor(newHub))
    while let oldTarget = old.target, let newTarget = new.target {
      if old.isAtStart(ofSameBlockAs: new) {
        old.skipBlock()
        new.skipBlock()
      } else if oldTarget == newTarget {
        HubCursor.passEqual(&old, &new)
      } else if oldTarget < newTarget {
        if let target = old.descendOrTake() { removed.append(target) }
      } else {
        if let target = new.descendOrTake() { added.append(target) }
      }
    }
    while old.target != nil { if let target = old.descendOrTake() { removed.append(target) } }
    while new.target != nil { if let target = new.descendOrTake() { added.append(target) } }
    places += old.places + new.places
  }
}
