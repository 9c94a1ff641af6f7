/// The targets of one source with very many: a counted, copy-on-write B-tree of sorted leaves.
///
/// ```
///  leaf   ├ owners… ┼ tag: 0 ┆ n ────────┼ n targets, sorted
///  node   ├ owners… ┼ tag: level ┆ total ┼ children (u64) ┼ counts (u32) ┼ number of children
/// ```
///
/// The tag's low half is the level (0 for a leaf), its high half the number of targets below. A
/// node of a version that a snapshot shares is copied when it is written; the counts give the n-th
/// target in O(log n).
enum HubTree {
  // MARK: Reading

  @inline(__always)
  static func count(_ node: Block) -> Int { Int(node.tag >> 32) }

  static func level(_ node: Block) -> Int { Int(node.tag & 0xFFFF_FFFF) }

  /// The target at a rank, which must be less than the count.
  static func element(of root: Block, at rank: Int) -> UInt32 {
    var node = root
    var rank = rank
    while level(node) > 0 {
      var index = 0
      while rank >= childCount(node, index) {
        rank -= childCount(node, index)
        index += 1
      }
      node = child(of: node, at: index)
    }
    return target(of: node, at: rank)
  }

  /// The rank of the first target that does not come before `target`.
  static func lowerBound(_ root: Block, _ target: UInt32, _ order: some RunOrder) -> Int {
    var node = root
    var rank = 0
    while level(node) > 0 {
      let index = childIndex(of: node, for: target, order)
      for earlier in 0..<index { rank += childCount(node, earlier) }
      node = child(of: node, at: index)
    }
    return rank + leafBound(node, target, order)
  }

  /// Calls `body` with the targets from a rank on, a leaf at a time, until it returns false.
  @discardableResult
  static func forEachLeaf(
    of node: Block, from rank: Int, _ body: (UnsafeBufferPointer<UInt32>) -> Bool
  ) -> Bool {
    if level(node) == 0 {
      let count = count(node)
      if rank >= count { return true }
      return unsafe body(node.words(at: Block.headerSize + rank * 4, count: count - rank))
    }
    var rank = rank
    for index in 0..<width(node) {
      let below = childCount(node, index)
      if rank >= below {
        rank -= below
      } else {
        if unsafe !forEachLeaf(of: child(of: node, at: index), from: rank, body) { return false }
        rank = 0
      }
    }
    return true
  }

  // MARK: Leaves

  static func makeLeaf(capacity: Int) -> Block {
    Block.allocate(payload: max(capacity, 1) * 4)
  }

  static func leafWords(_ leaf: Block) -> Int { leaf.payload / 4 }

  @inline(__always)
  static func target(of leaf: Block, at index: Int) -> UInt32 {
    leaf.load(UInt32.self, at: Block.headerSize + index * 4)
  }

  static func leafBound(_ leaf: Block, _ target: UInt32, _ order: some RunOrder) -> Int {
    unsafe bound(in: leaf.words(at: Block.headerSize, count: count(leaf)), of: target, order)
  }

  static func setTag(_ node: Block, level: Int, count: Int) {
    node.tag = UInt64(count) << 32 | UInt64(level)
  }

  static func addToCount(_ node: Block, _ difference: Int) {
    setTag(node, level: level(node), count: count(node) + difference)
  }

  // MARK: Nodes

  static let childBytes = 8 + 4

  /// The most children of a node: few, because each gains an owner when the node is copied.
  static func nodeWays(_ leafCapacity: Int) -> Int { min(leafCapacity, 64) }

  static func nodeCapacity(_ node: Block) -> Int {
    (node.byteCount - Block.headerSize - 4) / childBytes
  }

  static func width(_ node: Block) -> Int {
    Int(node.load(UInt32.self, at: node.byteCount - 4))
  }

  static func setWidth(_ node: Block, _ width: Int) {
    node.store(UInt32(width), at: node.byteCount - 4)
  }

  static func child(of node: Block, at index: Int) -> Block {
    guard let child = node.block(at: Block.headerSize + index * 8) else {
      preconditionFailure("a node has as many children as it says")
    }
    return child
  }

  /// Calls `body` with every child of a node; a leaf has none.
  static func forEachChild(of node: Block, _ body: (Block) -> Void) {
    if level(node) == 0 { return }
    for index in 0..<width(node) { body(child(of: node, at: index)) }
  }

  static func countOffset(_ node: Block, _ index: Int) -> Int {
    Block.headerSize + nodeCapacity(node) * 8 + index * 4
  }

  static func childCount(_ node: Block, _ index: Int) -> Int {
    Int(node.load(UInt32.self, at: countOffset(node, index)))
  }

  static func setChild(of node: Block, at index: Int, to child: Block) {
    node.setBlock(at: Block.headerSize + index * 8, to: child)
    node.store(UInt32(count(child)), at: countOffset(node, index))
  }

  static func insertChild(_ child: Block, into node: Block, at index: Int) {
    let width = width(node)
    var place = width
    while place > index {
      setChild(of: node, at: place, to: self.child(of: node, at: place - 1))
      place -= 1
    }
    setChild(of: node, at: index, to: child)
    setWidth(node, width + 1)
  }

  static func removeChild(of node: Block, at index: Int) {
    let width = width(node)
    for place in index..<(width - 1) {
      setChild(of: node, at: place, to: child(of: node, at: place + 1))
    }
    setWidth(node, width - 1)
  }

  static func makeNode(level: Int, children: ArraySlice<Block>, capacity: Int) -> Block {
    let ways = max(children.count + 1, nodeWays(capacity)) + 1
    let node = Block.allocate(payload: ways * childBytes + 4)
    setWidth(node, children.count)
    var total = 0
    for (index, child) in children.enumerated() {
      setChild(of: node, at: index, to: child)
      total += count(child)
    }
    setTag(node, level: level, count: total)
    return node
  }

  static func splitNode(_ node: Block, _ leafCapacity: Int) -> Block {
    let (width, middle) = (width(node), width(node) / 2)
    let moved = (middle..<width).map { child(of: node, at: $0) }
    let right = makeNode(level: level(node), children: moved[...], capacity: leafCapacity)
    setWidth(node, middle)
    addToCount(node, -count(right))
    return right
  }

  /// The child in which a target belongs: the last one whose first target does not come after it.
  static func childIndex(
    of node: Block, for target: UInt32, _ order: some RunOrder
  ) -> Int {
    (1..<width(node)).partitioningIndex {
      order.precedes(target, element(of: child(of: node, at: $0), at: 0))
    } - 1
  }
}
