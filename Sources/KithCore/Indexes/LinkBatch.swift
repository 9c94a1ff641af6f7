/// Links on their way into an adjacency, in any order, with repeats.
package struct LinkBatch: Sendable {
  /// The links, a source in the upper half and a target in the lower.
  private(set) var links: [UInt64] = []

  package init() {}

  /// The number of links, repeats included.
  package var count: Int { links.count }

  /// Makes room for a number of links.
  package mutating func reserveCapacity(_ count: Int) {
    links.reserveCapacity(count)
  }

  /// Adds a link.
  @inline(__always)
  package mutating func append(_ source: UInt32, _ target: UInt32) {
    links.append(UInt64(source) << 32 | UInt64(target))
  }

  /// Adds the links between keys whose ranks are given, source and target in turn, that join rows.
  ///
  /// - Parameters:
  ///   - sources: The keys of the rows from which links come; `targets` likewise.
  ///   - takesLoops: Whether a link from a slot to itself is added.
  ///   - slots: Room for as many slots as there are ranks.
  /// - Returns: Where the links start that were not added, for want of a row or as loops.
  package mutating func append(
    _ ranks: Span<UInt64>, sources: KeyIndexView, targets: KeyIndexView,
    takesLoops: Bool, _ slots: inout MutableSpan<UInt32>
  ) -> [Int] {
    precondition(slots.count >= ranks.count)
    sources.findEverySecond(of: ranks, from: 0, &slots)
    targets.findEverySecond(of: ranks, from: 1, &slots)
    var refused: [Int] = []
    var index = 0
    while index &+ 1 < ranks.count {
      let (source, target) = (slots[index], slots[index &+ 1])
      if source == .max || target == .max || source == target && !takesLoops {
        refused.append(index)
      } else {
        append(source, target)
      }
      index &+= 2
    }
    return refused
  }

  /// Calls `body` with every link in order of arrival.
  @inline(__always)
  package func forEach(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    for link in links { body(UInt32(link >> 32), UInt32(truncatingIfNeeded: link)) }
  }

  /// Whether `body` is true of every link.
  func allSatisfy(_ body: (_ source: UInt32, _ target: UInt32) -> Bool) -> Bool {
    links.allSatisfy { body(UInt32($0 >> 32), UInt32(truncatingIfNeeded: $0)) }
  }
}
