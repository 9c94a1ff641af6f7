/// How many ways the nodes of a tree have.
struct PageTreeShape: Hashable {
  /// The binary logarithms of the ways of a node, and of the most that the top one has which stands
  /// above another.
  let nodeShift: Int
  let wideShift: Int

  init(nodeShift: Int, wideShift: Int) {
    precondition(
      nodeShift >= 1 && (nodeShift...2 * nodeShift).contains(wideShift),
      "a wide node that falls apart has no more parts than the node above has ways")
    self.nodeShift = nodeShift
    self.wideShift = wideShift
  }

  /// The ways of every node but the top one.
  var ways: Int { 1 << nodeShift }

  /// The most ways of the top node.
  var mostWays: Int { 1 << wideShift }
}
