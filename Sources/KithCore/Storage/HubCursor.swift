/// A place in a hub tree that moves from target to target, and goes down no farther than it must.
///
/// ```
///                root                    above: the nodes on the way, and which child comes next
///              ╱  │   ╲
///         leaf  [node]  node             block: a node not yet entered, or a leaf
///               ╱    ╲
///           leaf      leaf               rank: the next target in a leaf
/// ```
///
/// Valid while the version it walks is neither changed nor dropped.
struct HubCursor {
  /// The nodes above, and for each the child after the one below which the cursor is.
  private var above: [(node: Block, next: Int)] = []
  private var block: Block?
  private var rank = 0
  /// The nodes and leaves that were entered.
  private(set) var places = 0

  /// Starts in front of the first target.
  init(_ root: Block) {
    if HubTree.count(root) > 0 { block = root }
  }

  /// The next target, or nil behind the last.
  var target: UInt32? {
    guard let block else { return nil }
    return HubTree.element(of: block, at: rank)
  }

  /// Whether both are in front of the same block, none of which has been taken.
  func isAtStart(ofSameBlockAs other: HubCursor) -> Bool {
    block == other.block && rank == 0 && other.rank == 0
  }

  /// Moves past the whole block.
  mutating func skipBlock() {
    rank = 0
    while let (node, next) = above.popLast() {
      if next < HubTree.width(node) {
        above.append((node, next + 1))
        block = HubTree.child(of: node, at: next)
        return
      }
    }
    block = nil
  }

  /// Enters a node; or takes the next target of a leaf and returns it.
  mutating func descendOrTake() -> UInt32? {
    guard let block else { return nil }
    if rank == 0 { places += 1 }
    if HubTree.level(block) > 0 {
      above.append((block, 1))
      self.block = HubTree.child(of: block, at: 0)
      return nil
    }
    let target = HubTree.target(of: block, at: rank)
    rank += 1
    if rank == HubTree.count(block) { skipBlock() }
    return target
  }

  /// Moves two cursors, in front of equal targets in different blocks, past the target or into the
  /// higher block.
  static func passEqual(_ first: inout HubCursor, _ second: inout HubCursor) {
    let (firstLevel, secondLevel) = (first.level, second.level)
    if firstLevel >= secondLevel { _ = first.descendOrTake() }
    if secondLevel >= firstLevel { _ = second.descendOrTake() }
  }

  private var level: Int {
    guard let block else { return 0 }
    return HubTree.level(block)
  }
}
