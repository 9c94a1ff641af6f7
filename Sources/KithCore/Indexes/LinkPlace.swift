/// Where a link stands in the runs of both directions, or would be inserted.
package struct LinkPlace {
  /// Whether the link is there.
  package let isTaken: Bool
  let forward: Int
  let backward: Int

  /// Finds the place of a link.
  ///
  /// Both directions are looked at before anything depends on what is found in one, so that the
  /// memory of one need not be waited for before that of the other.
  package init(of source: UInt32, _ target: UInt32, _ forward: RunsView, _ backward: RunsView) {
    self.backward = backward.gap(for: source, in: target)
    let rank = forward.rank(of: target, in: source, SlotOrder())
    isTaken = rank.isPresent
    self.forward = rank.index
  }
}
