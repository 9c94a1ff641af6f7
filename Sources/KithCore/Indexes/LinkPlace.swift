/// Where a link stands in the runs of both directions, or would be inserted.
package struct LinkPlace {
  /// Whether the link is there.
  package let isTaken: Bool
  /// The rank in each direction, or zero where a hub finds it by itself.
  let forward: Int
  let backward: Int

  /// Finds the place of a link.
  ///
  /// The search of both directions is begun before either is ended, so that the memory of one need
  /// not be waited for before that of the other.
  package init(of source: UInt32, _ target: UInt32, _ forward: RunsView, _ backward: RunsView) {
    let order = SlotOrder()
    var near = forward.search(of: source)
    var far = backward.search(of: target)
    near?.halve(for: target, order)
    far?.halve(for: source, order)
    self.backward = far?.bound(of: source, order) ?? 0
    if let rank = near?.bound(of: target, order) {
      self.forward = rank
      isTaken = near?.has(target, at: rank) ?? false
    } else {
      self.forward = 0
      isTaken = forward.contains(target, in: source)
    }
  }
}
