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
      for place in 0..<(1 << geometry.pageShift) {
        let change = RunChange(place, of: old, and: new)
        leaves += change.places
        if change.isEmpty { continue }
        let source = UInt32(index << geometry.pageShift | place)
        body(source, change.removed, change.added)
      }
    }
    return pages + leaves
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
    } else if let old, let new, Self.areEqualWords(place, old, new) {
      return
    } else {
      compare(Self.targets(place, of: old), Self.targets(place, of: new))
    }
  }

  private static func areEqualWords(_ place: Int, _ old: Block, _ new: Block) -> Bool {
    if RunPage.isHub(old, place) || RunPage.isHub(new, place) { return false }
    let (before, after) = unsafe (
      RunPage.words(of: old, at: place), RunPage.words(of: new, at: place)
    )
    guard before.count == after.count else { return false }
    // The words are few: a loop that does not stop at the first that differs can take several at once.
    var differing: UInt32 = 0
    for index in 0..<before.count { unsafe differing |= before[index] ^ after[index] }
    return differing == 0
  }

  private static func targets(_ place: Int, of page: Block?) -> [UInt32] {
    guard let page else { return [] }
    var targets: [UInt32] = []
    RunsView.forEachSegment(of: page, at: place) { run in
      for index in run.indices { targets.append(run[index]) }
    }
    return targets
  }

  /// Merges two short runs.
  private mutating func compare(_ old: [UInt32], _ new: [UInt32]) {
    var (left, right) = (0, 0)
    while left < old.count, right < new.count {
      if old[left] < new[right] {
        removed.append(old[left])
        left += 1
      } else if new[right] < old[left] {
        added.append(new[right])
        right += 1
      } else {
        left += 1
        right += 1
      }
    }
    removed += old[left...]
    added += new[right...]
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
