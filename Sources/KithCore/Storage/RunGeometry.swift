/// The sizes of an adjacency's parts. Tests use tiny ones, so that every boundary is crossed often.
@usableFromInline
package struct RunGeometry: Sendable, Hashable {
  /// The binary logarithm of the sources that a page covers; at most 6.
  @usableFromInline package let pageShift: Int
  /// The binary logarithm of the ways of a node above the pages.
  package let nodeShift: Int
  /// The longest run that stays in its page; a longer one becomes a hub.
  package let longestRun: Int
  /// The most targets in a leaf of a hub, and the most children of a node above the leaves.
  package let leafCapacity: Int

  /// The binary logarithm of the ways of the top node, once it stands above another: 64 above nodes
  /// of 16 ways.
  var wideShift: Int { min(nodeShift + 2, 2 * nodeShift) }

  /// The sizes that measured best: 64 sources a page, 16-way nodes, hubs past 256 links, leaves of
  /// 512. Nodes are small because each of their children gains an owner when they are copied.
  package static let standard = RunGeometry(
    pageShift: 6, nodeShift: 4, longestRun: 256, leafCapacity: 512)

  /// - Precondition: A page's targets must be countable in 16 bits, those of one source in 15, and a
  ///   leaf must be able to split.
  package init(pageShift: Int, nodeShift: Int, longestRun: Int, leafCapacity: Int) {
    precondition((0...6).contains(pageShift), "a page covers 1 to 64 sources")
    precondition(nodeShift >= 1, "a node has at least two ways")
    // One run is longer by a target for as long as it takes to make a hub of it.
    precondition(
      longestRun >= 2 && longestRun << pageShift < Int(UInt16.max),
      "16 bits must be able to count the targets of a page")
    precondition(longestRun < Int(Int16.max), "15 bits must be able to count the targets of a run")
    precondition(leafCapacity >= 4, "a leaf must be able to split in two")
    self.pageShift = pageShift
    self.nodeShift = nodeShift
    self.longestRun = longestRun
    self.leafCapacity = leafCapacity
  }
}

/// The order of the targets in a run. It must be strict and total.
package protocol RunOrder {
  /// Whether the first target comes before the second.
  func precedes(_ first: UInt32, _ second: UInt32) -> Bool
}

/// Targets in the order of their slots: the order of insertion.
package struct SlotOrder: RunOrder {
  package init() {}

  @inline(__always)
  package func precedes(_ first: UInt32, _ second: UInt32) -> Bool { first < second }
}

/// Targets in the order of a rank that a column gives them, and of their slots where ranks are
/// equal.
package struct RankOrder: RunOrder {
  let ranks: PagedColumnView<UInt64>

  package init(_ ranks: PagedColumnView<UInt64>) { self.ranks = ranks }

  @inline(__always)
  package func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
    let (left, right) = (ranks[first], ranks[second])
    return left == right ? first < second : left < right
  }
}

/// A place in a run that no target stands for.
protocol RunBound {
  /// Whether a target comes before the place. If one does, so do all before it.
  func follows(_ target: UInt32) -> Bool
}

/// The order of a run's targets and of a place among them, for which the largest number stands, which
/// no target is.
struct BoundOrder<Bound: RunBound>: RunOrder {
  let bound: Bound

  @inline(__always)
  func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
    first == .max ? !bound.follows(second) : bound.follows(first)
  }
}
