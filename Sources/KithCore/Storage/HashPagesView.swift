/// The pages of one version of a hashed index, read without counting owners.
///
/// Valid while the pages it was taken from are neither changed nor dropped.
struct HashPagesView<Entry: HashEntry>: Sendable {
  let top: HashChild
  let geometry: HashGeometry
  /// Whether there are no entries.
  let isEmpty: Bool

  /// The slot of the first entry with a fragment that `matches` accepts. It may be asked about
  /// entries with other fragments too.
  @inline(__always)
  func find(_ fragment: UInt32, where matches: (Entry) -> Bool) -> UInt32? {
    var child = top
    var shift = UInt32(32)
    while child.isNode {
      shift &-= geometry.nodeShift
      child = HashNode.child(of: child.block, at: Int(fragment &>> shift) & geometry.wayMask)
    }
    // The mask comes from the child, not from the page's header: that saves a miss of the cache.
    let mask =
      child.isStandardPage
      ? geometry.standardMask : HashPage<Entry>.capacity(of: child.block) - 1
    return HashPage<Entry>.find(fragment, in: child.block, mask: mask, where: matches)
  }
}
