extension HubTree {
  /// A tree of the given sorted targets, with full leaves.
  static func make(_ targets: UnsafeBufferPointer<UInt32>, leafCapacity: Int) -> Block {
    var row: [Block] = []
    let leaves = (targets.count + leafCapacity - 1) / leafCapacity
    for leaf in 0..<max(leaves, 1) {
      let start = targets.count * leaf / max(leaves, 1)
      let end = targets.count * (leaf + 1) / max(leaves, 1)
      let block = makeLeaf(capacity: end - start)
      block.copyWords(of: unsafe targets.span.extracting(start..<end), to: Block.headerSize)
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
    forEachChild(of: node, release)
    node.free()
  }

  /// The bytes of the whole tree.
  static func byteCount(_ node: Block) -> Int {
    var total = node.byteCount
    forEachChild(of: node) { total += byteCount($0) }
    return total
  }

  // MARK: Descent

  /// Inserts below a node that the caller owns alone, and returns the right half if it had to
  /// split.
  static func insert(
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

  static func insertIntoLeaf(
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

  static func remove(
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
  static func mergeChild(of node: Block, at index: Int, _ leafCapacity: Int) {
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
      var children: [Block] = []
      for node in [first, second] { forEachChild(of: node) { children.append($0) } }
      for child in children { child.retain() }
      merged = makeNode(level: level(first), children: children[...], capacity: leafCapacity)
    }
    release(first)
    release(second)
    removeChild(of: node, at: left + 1)
    setChild(of: node, at: left, to: merged)
  }

  /// The targets of a leaf, or the children of a node.
  static func fill(_ node: Block) -> Int { level(node) == 0 ? count(node) : width(node) }

  /// The block itself when the caller owns it alone, or else a copy, which takes the caller's
  /// share.
  static func unique(_ node: Block, _ copies: inout Int) -> Block {
    if node.isUnique { return node }
    copies += 1
    let copy = node.cloned()
    forEachChild(of: copy) { $0.retain() }
    release(node)
    return copy
  }
}
