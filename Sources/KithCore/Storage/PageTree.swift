/// A persistent array of pages: a radix tree whose copy shares everything, and whose writes copy
/// one path.
///
/// ```
///   Root ──▶ node ──▶ node ──▶ page
///            64 ways  64 ways   (format's own)
/// ```
///
/// A page that was never written is absent and reads as empty.
@usableFromInline
package struct PageTree: Sendable {
  private var root: Root
  /// Reads pages without counting owners, for as long as the tree is neither changed nor dropped. It
  /// is kept ready, so that reading need not go through the root.
  @usableFromInline
  package private(set) var view: PageTreeView
  let nodeShift: Int
  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package private(set) var copies = 0

  /// Makes an empty tree.
  ///
  /// - Parameters:
  ///   - format: What copies and destroys the pages.
  ///   - nodeShift: The binary logarithm of a node's ways.
  @usableFromInline
  package init(_ format: some PageFormat, nodeShift: Int = 6) {
    self.nodeShift = nodeShift
    root = Root(
      node: PageNode.make(ways: 1 << nodeShift), height: 1, nodeShift: nodeShift, format: format)
    view = root.view
  }

  /// The page at an index, or nil when none was written there; valid as long as the view.
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
    if place.page.isUnique { return place }
    let page = place.page
    place.replace(with: root.format.copy(page))
    noteCopies(1)
    if page.dropOwner() { root.format.destroy(page) }
    return place
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
    while !view.reaches(index) {
      root.grow()
      view = root.view
    }
    let mask = (1 &<< nodeShift) &- 1
    if !view.node.isUnique {
      root.node = copyNode(view.node, level: view.height)
      view = root.view
    }
    var node = view.node
    var level = view.height - 1
    while level > 0 {
      let way = (index &>> (level &* nodeShift)) & mask
      if let child = PageNode.child(of: node, at: way) {
        if child.isUnique {
          node = child
        } else {
          let copy = copyNode(child, level: level)
          PageNode.setChild(of: node, at: way, to: copy)
          node = copy
        }
      } else {
        let child = PageNode.make(ways: 1 << nodeShift)
        PageNode.setChild(of: node, at: way, to: child)
        node = child
      }
      level -= 1
    }
    return (node, index & mask)
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
    let nodeShift: Int
    let format: any PageFormat

    init(node: Block, height: Int, nodeShift: Int, format: any PageFormat) {
      self.node = node
      self.height = height
      self.nodeShift = nodeShift
      self.format = format
    }

    convenience init(sharing other: Root) {
      other.node.retain()
      self.init(
        node: other.node, height: other.height, nodeShift: other.nodeShift, format: other.format)
    }

    deinit {
      Root.release(node, level: height, format)
    }

    var view: PageTreeView {
      PageTreeView(node: node, height: height, nodeShift: nodeShift)
    }

    func grow() {
      let parent = PageNode.make(ways: 1 << nodeShift)
      PageNode.setChild(of: parent, at: 0, to: node)
      node = parent
      height += 1
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
          let index = first | way << ((level - 1) * nodeShift)
          if level == 1 { visitPage(index, child) } else { walk(child, level - 1, index) }
        }
      }
      walk(node, height, 0)
    }
  }
}

/// The pages of one version of a tree, read without counting owners.
///
/// Valid while the tree it was taken from is neither changed nor dropped.
@safe
@usableFromInline
package struct PageTreeView: Sendable {
  @usableFromInline let node: Block
  let height: Int
  /// How far to shift an index to get a way of the top node; then less by `nodeShift` a level. Both
  /// are less than 64, so that shifting needs no test.
  @usableFromInline let topShift: Int
  @usableFromInline let nodeShift: Int
  @usableFromInline let mask: Int

  init(node: Block, height: Int, nodeShift: Int) {
    self.node = node
    self.height = height
    self.nodeShift = nodeShift
    topShift = (height - 1) * nodeShift
    mask = (1 << nodeShift) - 1
    precondition(topShift + nodeShift < Int.bitWidth, "a tree has as many pages as an Int counts")
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
    var shift = topShift
    if !reaches(index) { return nil }
    var node = node
    while shift > 0 {
      guard let child = PageNode.child(of: node, at: (index &>> shift) & mask) else { return nil }
      node = child
      shift &-= nodeShift
    }
    return node
  }

  /// Whether the tree can hold a page at an index without growing.
  @inlinable
  @inline(__always)
  func reaches(_ index: Int) -> Bool { index &>> topShift <= mask }

  /// One more than the largest index that the tree can reach without growing.
  var capacity: Int { 1 << (topShift + nodeShift) }
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

/// A page, and the way of the node at which it hangs, which its tree owns alone.
///
/// Valid until the tree is changed in another way.
struct PagePlace {
  private(set) var page: Block
  private let node: Block
  private let way: Int

  init(page: Block, node: Block, way: Int) {
    self.page = page
    self.node = node
    self.way = way
  }

  /// Puts another page in place of this one, without releasing it.
  mutating func replace(with page: Block) {
    if page == self.page { return }
    self.page = page
    PageNode.setChild(of: node, at: way, to: page)
  }
}

/// A node of a page tree: an array of addresses, zero where there is no child.
@usableFromInline
enum PageNode {
  static func make(ways: Int) -> Block {
    Block.allocateZeroed(payload: ways * MemoryLayout<UInt>.size)
  }

  static func ways(of node: Block) -> Int {
    (node.byteCount - Block.headerSize) / MemoryLayout<UInt>.size
  }

  @inlinable
  @inline(__always)
  static func child(of node: Block, at way: Int) -> Block? {
    let bits = node.load(UInt.self, at: Block.headerSize &+ way &* MemoryLayout<UInt>.size)
    // SAFETY: only `setChild` writes here, the address of a block that the node owns.
    guard let address = unsafe UnsafeMutableRawPointer(bitPattern: bits) else { return nil }
    return unsafe Block(address: address)
  }

  static func setChild(of node: Block, at way: Int, to child: Block?) {
    let bits = child.map { unsafe UInt(bitPattern: $0.address) } ?? 0
    node.store(bits, at: Block.headerSize + way * MemoryLayout<UInt>.size)
  }

  @inline(__always)
  static func forEachChild(of node: Block, _ body: (Int, Block) -> Void) {
    for way in 0..<ways(of: node) {
      if let child = child(of: node, at: way) { body(way, child) }
    }
  }

  static func copy(_ node: Block) -> Block {
    let payload = node.byteCount - Block.headerSize
    let copy = node.cloned(payload: payload, used: payload)
    forEachChild(of: copy) { _, child in child.retain() }
    return copy
  }
}
