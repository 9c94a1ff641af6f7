/// The structural difference of two versions of a tree: whatever hangs below a block that both
/// refer to is the same, and is never read.
///
/// ```
///   old root        new root         differs: read both
///    │    ╲         ╱      │
///   node   ╲       ╱      node′      differs: read both
///    │      shared         │
///   page                  page′      handed to the caller
/// ```
///
/// When one version has grown taller, the other one's top node stands where its first child's first
/// child … would; a wide one's parts, where the nodes would that it falls apart into.
extension PageTree {
  /// Calls `body` with every page that two versions do not share, by ascending index; nil where a
  /// version has none.
  ///
  /// Pages that were written are handed over even when they hold the same again.
  ///
  /// - Precondition: Nodes of both trees have the same number of ways.
  /// - Returns: The number of places looked at, nodes and pages.
  /// - Complexity: O(pages that differ · ways · height).
  @discardableResult
  func forEachDifferingPage(
    since old: PageTree, _ body: (_ index: Int, _ old: Block?, _ new: Block?) -> Void
  ) -> Int {
    precondition(shape == old.shape, "only versions of one tree are compared")
    let shape = shape
    return withView { new in
      old.withView { old in
        let height = max(old.height, new.height)
        return PageTreeDifference(shape: shape).walk(
          Subtree(top: old.node, height: old.height), Subtree(top: new.node, height: new.height),
          level: height, ways: shape.mostWays, first: 0, body)
      }
    }
  }
}

/// A walk down two trees at once.
private struct PageTreeDifference {
  let shape: PageTreeShape

  /// Walks two subtrees that stand in the same place, and returns the number of places looked at.
  func walk(
    _ old: Subtree?, _ new: Subtree?, level: Int, ways: Int, first: Int,
    _ body: (Int, Block?, Block?) -> Void
  ) -> Int {
    if old == new { return 0 }
    if level == 0 {
      body(first, old?.top, new?.top)
      return 1
    }
    var places = 1
    var way = 0
    let end = min(ways, max(old?.ways(level, shape) ?? 0, new?.ways(level, shape) ?? 0))
    while true {
      // Two versions of a node share most children.
      if let old, let new, old.isNode(of: level), new.isNode(of: level) {
        way = PageNode.firstDifference(of: old.top, and: new.top, from: way)
      }
      if way >= end { return places }
      places += walk(
        old?.child(at: way, level: level, shape), new?.child(at: way, level: level, shape),
        level: level - 1, ways: shape.ways, first: first | way << ((level - 1) * shape.nodeShift),
        body)
      way += 1
    }
  }
}

/// A node with all below it, or a part of a wide one; or a page, which has no height.
private struct Subtree: Equatable {
  var top: Block
  var height: Int
  /// The first of the ways that belong to the part.
  var firstWay = 0

  /// Whether the top is a node of a level, and no later part of one.
  func isNode(of level: Int) -> Bool { height == level && firstWay == 0 }

  /// How many ways the node has that stands at a level. If the subtree is not as tall as that, it is a
  /// part of itself.
  func ways(_ level: Int, _ shape: PageTreeShape) -> Int {
    let ways = PageNode.ways(of: top)
    if height == level { return ways - firstWay }
    return level == height + 1 ? ways / shape.ways : 1
  }

  /// What hangs at a way of the node that stands at a level.
  func child(at way: Int, level: Int, _ shape: PageTreeShape) -> Subtree? {
    guard way < ways(level, shape) else { return nil }
    if height != level {
      return Subtree(top: top, height: height, firstWay: way * shape.ways)
    }
    return PageNode.child(of: top, at: firstWay + way).map { Subtree(top: $0, height: level - 1) }
  }
}
