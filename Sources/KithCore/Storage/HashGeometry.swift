/// The sizes of a hashed index's parts. Tests use tiny ones, so that every boundary is crossed
/// often.
package struct HashGeometry: Sendable, Hashable {
  /// The bits of the fragment that the trie may use up; the others are left to find homes in a
  /// page.
  static let trieBits = 24

  /// The entries of a page that is split when it is full.
  package let standardCapacity: Int
  /// The binary logarithm of the ways of a node.
  let nodeShift: UInt32

  /// The sizes that measured best: pages of 4 KiB, and nodes of 64 ways.
  package static let standard = HashGeometry(standardCapacity: 512)

  /// The sizes that measured best for entries that hold the rank of their key: pages of 8 KiB, and
  /// nodes wide enough that ten million keys hang two levels below the root.
  package static let ranks = HashGeometry(standardCapacity: 512, nodeShift: 8)

  /// - Precondition: The capacity is a power of two, at least 4; the trie's 24 bits fill whole
  ///   nodes.
  package init(standardCapacity: Int, nodeShift: Int = 6) {
    precondition(standardCapacity >= 4 && standardCapacity.nonzeroBitCount == 1)
    precondition(nodeShift >= 1 && HashGeometry.trieBits.isMultiple(of: nodeShift))
    self.standardCapacity = standardCapacity
    self.nodeShift = UInt32(nodeShift)
  }

  var standardMask: Int { standardCapacity &- 1 }
  var ways: Int { 1 &<< Int(nodeShift) }
  var wayMask: Int { ways &- 1 }

  /// The most entries that a page of some capacity holds.
  static func limit(ofCapacity capacity: Int) -> Int { capacity * 7 / 8 }

  /// The capacity of the first page of an index.
  var smallestCapacity: Int { min(8, standardCapacity) }

  /// The most entries of two pages that become one: half of what one holds.
  var mergeLimit: Int { HashGeometry.limit(ofCapacity: standardCapacity) / 2 }

  /// The capacity of a page that is half full with some entries, or the standard one for more than
  /// that.
  func capacity(for count: Int) -> Int {
    var capacity = smallestCapacity
    while capacity < count * 2, capacity < standardCapacity { capacity *= 2 }
    return capacity
  }

  /// Whether the trie may have another level below one with this shift.
  func hasBits(below shift: UInt32) -> Bool { shift > UInt32(32 - HashGeometry.trieBits) }
}
