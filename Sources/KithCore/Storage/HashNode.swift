/// A node of the trie: as many children as it has ways.
enum HashNode {
  @inline(__always)
  static func child(of node: Block, at way: Int) -> HashChild {
    HashChild(bits: node.load(UInt.self, at: Block.headerSize &+ way &* MemoryLayout<UInt>.size))
  }

  static func setChild(of node: Block, at way: Int, to child: HashChild) {
    node.store(child.bits, at: Block.headerSize &+ way &* MemoryLayout<UInt>.size)
  }

  static func ways(of node: Block) -> Int {
    node.payload / MemoryLayout<UInt>.size
  }

  /// A node that names one page in all its ways, and takes over the owner that the page had.
  static func make(ways: Int, filledWith page: HashChild) -> Block {
    let node = Block.allocate(payload: ways * MemoryLayout<UInt>.size)
    for way in 0..<ways { setChild(of: node, at: way, to: page) }
    return node
  }

  /// The number of neighbouring ways that name the child of one way: a power of two.
  static func span(of node: Block, at way: Int) -> Int {
    let (ways, child) = (ways(of: node), child(of: node, at: way))
    var span = 1
    while span < ways, self.child(of: node, at: way ^ span) == child { span *= 2 }
    return span
  }

  /// Calls `body` once with every child, however many ways name it.
  static func forEachChild(of node: Block, _ body: (HashChild) -> Void) {
    var previous: HashChild?
    for way in 0..<ways(of: node) {
      let child = child(of: node, at: way)
      if child != previous { body(child) }
      previous = child
    }
  }

  static func copy(_ node: Block) -> Block {
    let copy = node.cloned()
    forEachChild(of: copy) { $0.block.retain() }
    return copy
  }
}

/// A node or a page, as its parent names it: the address, and in its lowest bits what lies there.
struct HashChild: Equatable {
  private static let nodeBit: UInt = 1
  private static let otherCapacityBit: UInt = 2

  let bits: UInt

  @inline(__always)
  init(bits: UInt) { self.bits = bits }

  private init(_ block: Block, _ mark: UInt) {
    // SAFETY: the address is only made into a number here; blocks are aligned to 16 bytes.
    bits = unsafe UInt(bitPattern: block.address) | mark
  }

  static func node(_ node: Block) -> HashChild { HashChild(node, nodeBit) }

  static func page(_ page: Block, isStandard: Bool) -> HashChild {
    HashChild(page, isStandard ? 0 : otherCapacityBit)
  }

  @inline(__always)
  var isNode: Bool { bits & HashChild.nodeBit != 0 }

  /// Whether this page, if it is one, has the standard capacity.
  @inline(__always)
  var isStandardPage: Bool { bits & HashChild.otherCapacityBit == 0 }

  @inline(__always)
  var block: Block {
    let address = bits & ~(HashChild.nodeBit | HashChild.otherCapacityBit)
    // SAFETY: every child is made from a block, whose parent owns it.
    return unsafe Block(address: UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped)
  }

  /// Gives up one owner; the last one releases what hangs below.
  func release() {
    guard block.dropOwner() else { return }
    if isNode { HashNode.forEachChild(of: block) { $0.release() } }
    block.free()
  }
}
