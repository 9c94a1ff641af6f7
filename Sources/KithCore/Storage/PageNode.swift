/// A node of a page tree: an array of addresses, zero where there is no child.
@usableFromInline
enum PageNode {
  static func make(ways: Int) -> Block {
    Block.allocateZeroed(payload: ways * MemoryLayout<UInt>.size)
  }

  static func ways(of node: Block) -> Int {
    node.payload / MemoryLayout<UInt>.size
  }

  @inlinable
  @inline(__always)
  static func child(of node: Block, at way: Int) -> Block? {
    node.block(at: Block.headerSize &+ way &* MemoryLayout<UInt>.size)
  }

  static func setChild(of node: Block, at way: Int, to child: Block?) {
    node.setBlock(at: Block.headerSize + way * MemoryLayout<UInt>.size, to: child)
  }

  @inline(__always)
  static func forEachChild(of node: Block, _ body: (Int, Block) -> Void) {
    for way in 0..<ways(of: node) {
      if let child = child(of: node, at: way) { body(way, child) }
    }
  }

  static func isEmpty(_ node: Block) -> Bool {
    !(0..<ways(of: node)).contains { child(of: node, at: $0) != nil }
  }

  /// The first way, from one on, at which two nodes have different children; if there is none, the first
  /// that not both have.
  static func firstDifference(of node: Block, and other: Block, from way: Int) -> Int {
    let end = min(ways(of: node), ways(of: other))
    var way = way
    while way < end, child(of: node, at: way) == child(of: other, at: way) { way += 1 }
    return way
  }

  /// A node that takes over some children of another one, or nil if there are none.
  static func part(of node: Block, _ part: Range<Int>, ways: Int) -> Block? {
    guard part.contains(where: { child(of: node, at: $0) != nil }) else { return nil }
    let taker = make(ways: ways)
    for (way, old) in part.enumerated() {
      setChild(of: taker, at: way, to: child(of: node, at: old))
    }
    return taker
  }

  static func copy(_ node: Block) -> Block {
    let copy = node.cloned()
    forEachChild(of: copy) { _, child in child.retain() }
    return copy
  }
}
