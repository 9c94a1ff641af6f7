/// A persistent array of pages: a radix tree whose copy shares everything, and whose writes copy
/// one path.
///
/// ```
///   Root ──▶ node ──▶ node ──▶ page
///            64 ways  16 ways   (format's own)
/// ```
///
/// A page that was never written, or was taken away, is absent and reads as empty; so are all below a
/// node that is absent. The top node may become wider than the others before the tree becomes taller:
/// a level less is a node less to copy for every write.
@usableFromInline
package struct PageTree: Sendable {
  private var root: Root
  /// Reads pages without counting owners, for as long as the tree is neither changed nor dropped. It
  /// is kept ready, so that reading need not go through the root.
  @usableFromInline
  package private(set) var view: PageTreeView
  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package private(set) var copies = 0

  /// Makes an empty tree.
  ///
  /// - Parameters:
  ///   - format: What copies and destroys the pages.
  ///   - nodeShift: The binary logarithm of a node's ways.
  ///   - wideShift: The binary logarithm of the most ways that a top node has which stands above
  ///     another node.
  @usableFromInline
  package init(_ format: some PageFormat, nodeShift: Int = 6, wideShift: Int? = nil) {
    let shape = PageTreeShape(nodeShift: nodeShift, wideShift: wideShift ?? nodeShift)
    root = Root(
      node: PageNode.make(ways: shape.ways), height: 1, shape: shape, format: format)
    view = root.view
  }

  /// The ways of the tree's nodes.
  var shape: PageTreeShape { root.shape }

  /// The page at an index, or nil when none was written there; valid while the tree is held, neither
  /// changed nor dropped.
  @inlinable
  package func page(at index: Int) -> Block? { view.page(at: index) }

  /// Keeps the pages alive for the whole of `body`, which reads them through the view.
  @inline(__always)
  func withView<Result, Failure: Error>(
    _ body: (PageTreeView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(root) {} }
    return try body(view)
  }

  /// A page that the tree owns alone, so that it may be written: copied when shared, made when
  /// absent.
  @usableFromInline
  package mutating func mutablePage(at index: Int, make: () -> Block) -> Block {
    mutablePlace(at: index, make: make).page
  }

  /// A page that the tree owns alone, as by `mutablePage`, and where it hangs.
  mutating func mutablePlace(at index: Int, make: () -> Block) -> PagePlace {
    var place = placeToReplace(at: index, make: make)
    own(&place)
    return place
  }

  /// Copies a page that a snapshot shares, so that the tree owns it alone.
  mutating func own(_ place: inout PagePlace) {
    let page = place.page
    if page.isUnique { return }
    place.replace(with: root.format.copy(page))
    noteCopies(1)
    if page.dropOwner() { root.format.destroy(page) }
  }

  /// Where a page hangs that may be shared, in a node that the tree owns alone. Whoever puts another
  /// page there releases this one and notes the copy.
  @inline(__always)
  mutating func placeToReplace(at index: Int, make: () -> Block) -> PagePlace {
    let (node, way) = mutablePath(to: index)
    if let page = PageNode.child(of: node, at: way) {
      return PagePlace(page: page, node: node, way: way)
    }
    let page = make()
    PageNode.setChild(of: node, at: way, to: page)
    return PagePlace(page: page, node: node, way: way)
  }

  /// Takes a page away, which reads as empty then. One that a snapshot shares is not copied for that,
  /// and nodes that hold no other page are taken away with it.
  @usableFromInline
  mutating func removePage(at index: Int) {
    guard let page = page(at: index) else { return }
    let (node, way) = mutablePath(to: index)
    PageNode.setChild(of: node, at: way, to: nil)
    if page.dropOwner() { root.format.destroy(page) }
    let (top, shift) = (view.node, view.topShift)
    _ = removeEmptyNodes(below: top, shift: shift, way: index &>> shift, index)
  }

  /// Frees the nodes on the way to a page below which nothing hangs. The tree owns all of them alone.
  ///
  /// - Returns: Whether nothing hangs below this node either.
  private func removeEmptyNodes(below node: Block, shift: Int, way: Int, _ index: Int) -> Bool {
    if shift > 0, let child = PageNode.child(of: node, at: way) {
      let lower = shift - view.nodeShift
      let wayBelow = (index &>> lower) & view.mask
      guard removeEmptyNodes(below: child, shift: lower, way: wayBelow, index) else { return false }
      PageNode.setChild(of: node, at: way, to: nil)
      child.free()
    }
    return PageNode.isEmpty(node)
  }

  /// Adds copies that a format made below a page, such as the leaves of a hub.
  mutating func noteCopies(_ count: Int) {
    copies += count
  }

  /// The bytes of all nodes and pages, whether shared or not.
  package var byteCount: Int {
    var total = 0
    root.forEachBlock(
      node: { total += $0.byteCount },
      page: { total += root.format.byteCount($1) })
    return total
  }

  /// Calls `body` with every page and its index, in ascending order.
  func forEachPage(_ body: (Int, Block) -> Void) {
    root.forEachBlock(node: { _ in }, page: body)
  }

  /// The lowest node on the way to a page, and the page's place in it, with the whole path owned
  /// alone.
  @inline(__always)
  private mutating func mutablePath(to index: Int) -> (node: Block, way: Int) {
    if !isKnownUniquelyReferenced(&root) {
      root = Root(sharing: root)
    }
    if !view.node.isUnique {
      root.node = copyNode(view.node, level: view.height)
      view = root.view
    }
    while !view.reaches(index) {
      root.grow()
      view = root.view
    }
    var node = view.node
    var shift = view.topShift
    var level = view.height
    var way = index &>> shift
    while level > 1 {
      level -= 1
      if let child = PageNode.child(of: node, at: way) {
        if child.isUnique {
          node = child
        } else {
          let copy = copyNode(child, level: level)
          PageNode.setChild(of: node, at: way, to: copy)
          node = copy
        }
      } else {
        let child = PageNode.make(ways: view.mask + 1)
        PageNode.setChild(of: node, at: way, to: child)
        node = child
      }
      shift &-= view.nodeShift
      way = (index &>> shift) & view.mask
    }
    return (node, way)
  }

  /// A copy of a shared node, which gives up one owner.
  private mutating func copyNode(_ node: Block, level: Int) -> Block {
    copies += 1
    let copy = PageNode.copy(node)
    Root.release(node, level: level, root.format)
    return copy
  }

  /// Owns the top node of one version of the tree.
  ///
  /// SAFETY: shared roots are never written, because writers make their own first; blocks count
  /// their owners atomically.
  private final class Root: @unchecked Sendable {
    var node: Block
    var height: Int
    let shape: PageTreeShape
    let format: any PageFormat

    init(node: Block, height: Int, shape: PageTreeShape, format: any PageFormat) {
      self.node = node
      self.height = height
      self.shape = shape
      self.format = format
    }

    convenience init(sharing other: Root) {
      other.node.retain()
      self.init(
        node: other.node, height: other.height, shape: other.shape, format: other.format)
    }

    deinit {
      Root.release(node, level: height, format)
    }

    var view: PageTreeView {
      PageTreeView(node: node, height: height, shape: shape)
    }

    /// Doubles the ways of the top node, which nobody else may own; or if it has as many as it may,
    /// lets it fall apart into nodes of the common size, and puts a node above them.
    func grow() {
      let (ways, old) = (PageNode.ways(of: node), node)
      if height > 1, ways < shape.mostWays {
        node = PageNode.part(of: old, 0..<ways, ways: 2 * ways) ?? PageNode.make(ways: 2 * ways)
      } else {
        node = PageNode.make(ways: shape.ways)
        height += 1
        for first in stride(from: 0, to: ways, by: shape.ways) {
          let part = PageNode.part(of: old, first..<first + shape.ways, ways: shape.ways)
          PageNode.setChild(of: node, at: first / shape.ways, to: part)
        }
      }
      old.free()
    }

    /// Gives up one owner of a node; the last one releases what hangs below. Level 1 holds pages.
    static func release(_ node: Block, level: Int, _ format: any PageFormat) {
      if node.dropOwner() { destroy(node, level: level, format) }
    }

    /// Most children live on in other versions: the loop over them does nothing but count.
    private static func destroy(_ node: Block, level: Int, _ format: any PageFormat) {
      PageNode.forEachChild(of: node) { _, child in
        guard child.dropOwner() else { return }
        if level == 1 {
          format.destroy(child)
        } else {
          destroy(child, level: level - 1, format)
        }
      }
      node.free()
    }

    func forEachBlock(node visitNode: (Block) -> Void, page visitPage: (Int, Block) -> Void) {
      func walk(_ node: Block, _ level: Int, _ first: Int) {
        visitNode(node)
        PageNode.forEachChild(of: node) { way, child in
          let index = first | way << ((level - 1) * shape.nodeShift)
          if level == 1 { visitPage(index, child) } else { walk(child, level - 1, index) }
        }
      }
      walk(node, height, 0)
    }
  }
}

/// A page, and the way of the node at which it hangs, which its tree owns alone.
///
/// Valid until the tree is changed in another way.
struct PagePlace {
  private(set) var page: Block
  let node: Block
  let way: Int

  /// Puts another page in place of this one, without releasing it.
  mutating func replace(with page: Block) {
    if page == self.page { return }
    self.page = page
    PageNode.setChild(of: node, at: way, to: page)
  }
}
