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
/// When one version has grown taller, the other one's root stands where its first child's first
/// child … would.
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
    precondition(nodeShift == old.nodeShift, "only versions of one tree are compared")
    return withView { new in
      old.withView { old in
        PageTreeDifference(nodeShift: nodeShift).walk(
          Subtree(top: old.node, height: old.height), Subtree(top: new.node, height: new.height),
          level: max(old.height, new.height), first: 0, body)
      }
    }
  }
}

/// A walk down two trees at once.
private struct PageTreeDifference {
  let nodeShift: Int

  /// Walks two subtrees that stand in the same place, and returns the number of places looked at.
  func walk(
    _ old: Subtree?, _ new: Subtree?, level: Int, first: Int, _ body: (Int, Block?, Block?) -> Void
  ) -> Int {
    if old?.top == new?.top { return 0 }
    if level == 0 {
      body(first, old?.top, new?.top)
      return 1
    }
    var places = 1
    for way in 0..<(1 << nodeShift) {
      places += walk(
        old?.child(at: way, level: level), new?.child(at: way, level: level), level: level - 1,
        first: first | way << ((level - 1) * nodeShift), body)
    }
    return places
  }
}

/// A node with all below it, or a page, which has no height.
private struct Subtree {
  var top: Block
  var height: Int

  /// What hangs at a way of the node that stands at a level: the subtree itself if it is not as
  /// tall as that.
  func child(at way: Int, level: Int) -> Subtree? {
    if height < level { return way == 0 ? self : nil }
    guard let child = PageNode.child(of: top, at: way) else { return nil }
    return Subtree(top: child, height: level - 1)
  }
}
