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

  // MARK: Making

  /// A tree of the given sorted targets, with full leaves.
  static func make(_ targets: UnsafeBufferPointer<UInt32>, leafCapacity: Int) -> Block {
    var row: [Block] = []
    let leaves = (targets.count + leafCapacity - 1) / leafCapacity
    for leaf in 0..<max(leaves, 1) {
      let start = targets.count * leaf / max(leaves, 1)
      let end = targets.count * (leaf + 1) / max(leaves, 1)
      let block = makeLeaf(capacity: end - start)
      for index in start..<end {
        block.store(unsafe targets[index], at: Block.headerSize + (index - start) * 4)
      }
      setTag(block, level: 0, count: end - start)
      row.append(block)
    }
    var level = 1
    while row.count > 1 {
      let ways = nodeWays(leafCapacity)
      let nodes = (row.count + ways - 1) / ways
      row = (0..<nodes).map { node in
        makeNode(
          level: level,
          children: row[(row.count * node / nodes)..<(row.count * (node + 1) / nodes)],
          capacity: leafCapacity)
      }
      level += 1
    }
    return row[0]
  }

  // MARK: Changing

  /// Inserts a target that is not there at the place that the order gives it.
  ///
  /// - Returns: The new root, and how many shared blocks had to be copied.
  static func insert(
    _ target: UInt32, into root: Block, _ order: some RunOrder, leafCapacity: Int
  ) -> (root: Block, copies: Int) {
    var copies = 0
    var root = unique(root, &copies)
    if let sibling = insert(target, below: &root, order, leafCapacity, &copies) {
      root = makeNode(level: level(root) + 1, children: [root, sibling], capacity: leafCapacity)
    }
    return (root, copies)
  }

  /// Removes the target at a rank.
  ///
  /// - Returns: The new root, and how many shared blocks had to be copied.
  static func remove(
    rank: Int, from root: Block, leafCapacity: Int
  ) -> (root: Block, copies: Int) {
    var copies = 0
    var root = unique(root, &copies)
    remove(rank: rank, below: root, leafCapacity, &copies)
    while level(root) > 0, width(root) == 1 {
      let only = child(of: root, at: 0)
      root.free()
      root = only
    }
    return (root, copies)
  }

  /// Gives up one owner; the last one frees the tree.
  static func release(_ node: Block) {
    guard node.dropOwner() else { return }
    if level(node) > 0 {
      for index in 0..<width(node) { release(child(of: node, at: index)) }
    }
    node.free()
  }

  /// The bytes of the whole tree.
  static func byteCount(_ node: Block) -> Int {
    var total = node.byteCount
    if level(node) > 0 {
      for index in 0..<width(node) { total += byteCount(child(of: node, at: index)) }
    }
    return total
  }

  // MARK: Descent

  /// Inserts below a node that the caller owns alone, and returns the right half if it had to
  /// split.
  private static func insert(
    _ target: UInt32, below node: inout Block, _ order: some RunOrder, _ leafCapacity: Int,
    _ copies: inout Int
  ) -> Block? {
    if level(node) == 0 { return insertIntoLeaf(target, &node, order, leafCapacity) }
    let index = childIndex(of: node, for: target, order)
    var below = unique(child(of: node, at: index), &copies)
    let sibling = insert(target, below: &below, order, leafCapacity, &copies)
    setChild(of: node, at: index, to: below)
    addToCount(node, 1)
    guard let sibling else { return nil }
    insertChild(sibling, into: node, at: index + 1)
    return width(node) == nodeCapacity(node) ? splitNode(node, leafCapacity) : nil
  }

  private static func insertIntoLeaf(
    _ target: UInt32, _ leaf: inout Block, _ order: some RunOrder, _ leafCapacity: Int
  ) -> Block? {
    let count = count(leaf)
    let place = leafBound(leaf, target, order)
    if count == leafCapacity {
      // An append keeps the left half full: newest last is how most runs grow.
      let middle = place == count ? count - 1 : count / 2
      let right = makeLeaf(capacity: min(leafCapacity, (count - middle) + leafCapacity / 8 + 1))
      right.copyBytes(
        from: leaf, at: Block.headerSize + middle * 4, to: Block.headerSize,
        count: (count - middle) * 4)
      setTag(right, level: 0, count: count - middle)
      setTag(leaf, level: 0, count: middle)
      if place > middle {
        var half = right
        _ = insertIntoLeaf(target, &half, order, leafCapacity)
        return half
      }
      _ = insertIntoLeaf(target, &leaf, order, leafCapacity)
      return right
    }
    if count == leafWords(leaf) {
      let larger = leaf.cloned(
        payload: min(leafCapacity, count + count / 8 + 4) * 4, used: count * 4)
      leaf.free()
      leaf = larger
    }
    let offset = Block.headerSize + place * 4
    leaf.copyBytes(from: leaf, at: offset, to: offset + 4, count: (count - place) * 4)
    leaf.store(target, at: offset)
    setTag(leaf, level: 0, count: count + 1)
    return nil
  }

  private static func remove(
    rank: Int, below node: Block, _ leafCapacity: Int, _ copies: inout Int
  ) {
    if level(node) == 0 {
      let offset = Block.headerSize + rank * 4
      node.copyBytes(from: node, at: offset + 4, to: offset, count: (count(node) - rank - 1) * 4)
      setTag(node, level: 0, count: count(node) - 1)
      return
    }
    var index = 0
    var rank = rank
    while rank >= childCount(node, index) {
      rank -= childCount(node, index)
      index += 1
    }
    let below = unique(child(of: node, at: index), &copies)
    setChild(of: node, at: index, to: below)
    remove(rank: rank, below: below, leafCapacity, &copies)
    setChild(of: node, at: index, to: below)
    addToCount(node, -1)
    mergeChild(of: node, at: index, leafCapacity)
  }

  /// Joins a child that has become small with a neighbour, when both fit into three quarters of
  /// one.
  private static func mergeChild(of node: Block, at index: Int, _ leafCapacity: Int) {
    guard width(node) > 1 else { return }
    let small = child(of: node, at: index)
    if count(small) == 0 {
      release(small)
      return removeChild(of: node, at: index)
    }
    let capacity = level(small) == 0 ? leafCapacity : nodeWays(leafCapacity)
    guard fill(small) * 4 <= capacity else { return }
    let left = index > 0 ? index - 1 : 0
    let (first, second) = (child(of: node, at: left), child(of: node, at: left + 1))
    let together = fill(first) + fill(second)
    guard together * 4 <= capacity * 3 else { return }
    let merged: Block
    if level(first) == 0 {
      merged = makeLeaf(capacity: together)
      merged.copyBytes(
        from: first, at: Block.headerSize, to: Block.headerSize, count: count(first) * 4)
      merged.copyBytes(
        from: second, at: Block.headerSize, to: Block.headerSize + count(first) * 4,
        count: count(second) * 4)
      setTag(merged, level: 0, count: together)
    } else {
      let children =
        (0..<width(first)).map { child(of: first, at: $0) }
        + (0..<width(second)).map { child(of: second, at: $0) }
      for child in children { child.retain() }
      merged = makeNode(level: level(first), children: children[...], capacity: leafCapacity)
    }
    release(first)
    release(second)
    removeChild(of: node, at: left + 1)
    setChild(of: node, at: left, to: merged)
  }

  /// The targets of a leaf, or the children of a node.
  private static func fill(_ node: Block) -> Int { level(node) == 0 ? count(node) : width(node) }

  /// The block itself when the caller owns it alone, or else a copy, which takes the caller's
  /// share.
  private static func unique(_ node: Block, _ copies: inout Int) -> Block {
    if node.isUnique { return node }
    copies += 1
    let payload = node.byteCount - Block.headerSize
    let copy = node.cloned(payload: payload, used: payload)
    if level(copy) > 0 {
      for index in 0..<width(copy) { child(of: copy, at: index).retain() }
    }
    release(node)
    return copy
  }

  // MARK: Leaves

  private static func makeLeaf(capacity: Int) -> Block {
    Block.allocate(payload: max(capacity, 1) * 4)
  }

  private static func leafWords(_ leaf: Block) -> Int { (leaf.byteCount - Block.headerSize) / 4 }

  @inline(__always)
  private static func target(of leaf: Block, at index: Int) -> UInt32 {
    leaf.load(UInt32.self, at: Block.headerSize + index * 4)
  }

  private static func leafBound(_ leaf: Block, _ target: UInt32, _ order: some RunOrder) -> Int {
    unsafe bound(in: leaf.words(at: Block.headerSize, count: count(leaf)), of: target, order)
  }

  private static func setTag(_ node: Block, level: Int, count: Int) {
    node.tag = UInt64(count) << 32 | UInt64(level)
  }

  private static func addToCount(_ node: Block, _ difference: Int) {
    setTag(node, level: level(node), count: count(node) + difference)
  }

  // MARK: Nodes

  private static let childBytes = 8 + 4

  /// The most children of a node: few, because each gains an owner when the node is copied.
  private static func nodeWays(_ leafCapacity: Int) -> Int { min(leafCapacity, 64) }

  private static func nodeCapacity(_ node: Block) -> Int {
    (node.byteCount - Block.headerSize - 4) / childBytes
  }

  private static func width(_ node: Block) -> Int {
    Int(node.load(UInt32.self, at: node.byteCount - 4))
  }

  private static func setWidth(_ node: Block, _ width: Int) {
    node.store(UInt32(width), at: node.byteCount - 4)
  }

  private static func child(of node: Block, at index: Int) -> Block {
    let bits = node.load(UInt.self, at: Block.headerSize + index * 8)
    // SAFETY: `setChild` wrote the address of a block that the node owns.
    guard let address = unsafe UnsafeMutableRawPointer(bitPattern: bits) else {
      preconditionFailure("a node has as many children as it says")
    }
    return unsafe Block(address: address)
  }

  private static func countOffset(_ node: Block, _ index: Int) -> Int {
    Block.headerSize + nodeCapacity(node) * 8 + index * 4
  }

  private static func childCount(_ node: Block, _ index: Int) -> Int {
    Int(node.load(UInt32.self, at: countOffset(node, index)))
  }

  private static func setChild(of node: Block, at index: Int, to child: Block) {
    node.store(unsafe UInt(bitPattern: child.address), at: Block.headerSize + index * 8)
    node.store(UInt32(count(child)), at: countOffset(node, index))
  }

  private static func insertChild(_ child: Block, into node: Block, at index: Int) {
    let width = width(node)
    var place = width
    while place > index {
      setChild(of: node, at: place, to: self.child(of: node, at: place - 1))
      place -= 1
    }
    setChild(of: node, at: index, to: child)
    setWidth(node, width + 1)
  }

  private static func removeChild(of node: Block, at index: Int) {
    let width = width(node)
    for place in index..<(width - 1) {
      setChild(of: node, at: place, to: child(of: node, at: place + 1))
    }
    setWidth(node, width - 1)
  }

  private static func makeNode(level: Int, children: ArraySlice<Block>, capacity: Int) -> Block {
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

  private static func splitNode(_ node: Block, _ leafCapacity: Int) -> Block {
    let (width, middle) = (width(node), width(node) / 2)
    let moved = (middle..<width).map { child(of: node, at: $0) }
    let right = makeNode(level: level(node), children: moved[...], capacity: leafCapacity)
    setWidth(node, middle)
    addToCount(node, -count(right))
    return right
  }

  /// The child in which a target belongs: the last one whose first target does not come after it.
  private static func childIndex(
    of node: Block, for target: UInt32, _ order: some RunOrder
  ) -> Int {
    var low = 1
    var high = width(node)
    while low < high {
      let middle = (low + high) / 2
      if order.precedes(target, element(of: child(of: node, at: middle), at: 0)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low - 1
  }
}

/// The index of the first target in a sorted run that does not come before `target`.
@inline(__always)
func bound(
  in run: UnsafeBufferPointer<UInt32>, of target: UInt32, _ order: some RunOrder
) -> Int {
  var low = 0
  var high = run.count
  while low < high {
    let middle = (low + high) / 2
    if order.precedes(unsafe run[middle], target) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
