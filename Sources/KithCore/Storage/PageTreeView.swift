/// The pages of one version of a tree, read without counting owners.
///
/// Valid while the tree it was taken from is neither changed nor dropped.
@safe
@usableFromInline
package struct PageTreeView: Sendable {
  @usableFromInline let node: Block
  let height: Int
  /// One more than the largest index that the tree can reach without growing.
  @usableFromInline let capacity: Int
  /// How far to shift an index to get a way of the top node; then less by `nodeShift` a level. Both
  /// are less than 64, so that shifting needs no test.
  @usableFromInline let topShift: Int
  @usableFromInline let nodeShift: Int
  /// One less than the ways of every node but the top one, which may have more.
  @usableFromInline let mask: Int

  init(node: Block, height: Int, shape: PageTreeShape) {
    self.node = node
    self.height = height
    nodeShift = shape.nodeShift
    topShift = (height - 1) * nodeShift
    mask = shape.ways - 1
    precondition(
      topShift + shape.wideShift < Int.bitWidth, "a tree has as many pages as an Int counts")
    capacity = PageNode.ways(of: node) << topShift
  }

  /// The page at an index, or nil when none was written there.
  @inlinable
  @inline(__always)
  package func page(at index: Int) -> Block? {
    guard let node = lowestNode(to: index) else { return nil }
    return PageNode.child(of: node, at: index & mask)
  }

  /// The node that holds a page itself, or nil when nothing was written near there.
  @inlinable
  @inline(__always)
  func lowestNode(to index: Int) -> Block? {
    if !reaches(index) { return nil }
    var shift = topShift
    if shift == 0 { return node }
    var way = index &>> shift
    var node = node
    while true {
      guard let child = PageNode.child(of: node, at: way) else { return nil }
      shift &-= nodeShift
      if shift == 0 { return child }
      node = child
      way = (index &>> shift) & mask
    }
  }

  /// The first page from an index on, and its index; nil if there is none.
  ///
  /// - Parameter places: Is increased by the number of ways that are looked at.
  /// - Complexity: O(height · ways), however many pages are absent.
  func firstPage(from index: Int, _ places: inout Int) -> (index: Int, page: Block)? {
    if let page = page(at: index) {
      places += 1
      return (index, page)
    }
    return reaches(index) ? firstPage(from: index, below: node, topShift, first: 0, &places) : nil
  }

  /// The first page from an index on below a node.
  ///
  /// - Parameter first: The index of the first page that may hang below the node.
  private func firstPage(
    from index: Int, below node: Block, _ shift: Int, first: Int, _ places: inout Int
  ) -> (index: Int, page: Block)? {
    for way in max(0, index - first) &>> shift..<PageNode.ways(of: node) {
      places += 1
      guard let child = PageNode.child(of: node, at: way) else { continue }
      let start = first + way &<< shift
      if shift == 0 { return (start, child) }
      let found = firstPage(
        from: index, below: child, shift &- nodeShift, first: start, &places)
      if let found { return found }
    }
    return nil
  }

  /// Whether the tree can hold a page at an index without growing.
  @inlinable
  @inline(__always)
  func reaches(_ index: Int) -> Bool { index < capacity }
}

/// Finds pages of a tree one after the other. The tree is gone down once for neighbours: pages that
/// hang at the same lowest node.
///
/// Valid as long as the view that it was made of.
@usableFromInline
struct PageFinder {
  @usableFromInline let tree: PageTreeView
  /// The lowest node of the last page, and the first page that may hang there.
  @usableFromInline var node: Block?
  @usableFromInline var first = 0

  @inlinable
  @inline(__always)
  init(_ tree: PageTreeView) {
    self.tree = tree
    node = tree.lowestNode(to: 0)
  }

  /// The page at an index, or nil when none was written there.
  @inlinable
  @inline(__always)
  mutating func page(at index: Int) -> Block? {
    if index & ~tree.mask != first {
      first = index & ~tree.mask
      node = tree.lowestNode(to: index)
    }
    guard let node else { return nil }
    return PageNode.child(of: node, at: index & tree.mask)
  }
}
