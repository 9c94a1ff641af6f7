extension HashPages {
  /// What is wrong with the trie and its pages; empty when they are sound.
  func validate() -> [String] {
    var faults: [String] = []
    var total = 0

    func check(_ child: HashChild, prefix: UInt32, prefixLength: Int) {
      if child.isNode {
        checkNode(child.block, prefix: prefix, prefixLength: prefixLength)
        return
      }
      let page = child.block
      total += HashPage.count(of: page)
      faults += HashPage.faults(of: page, prefix: prefix, prefixLength: prefixLength)
      if child != name(page) { faults.append("a page is named with a wrong capacity") }
      let isLarge = HashPage.capacity(of: page) > geometry.standardCapacity
      if isLarge, prefixLength < HashGeometry.trieBits {
        faults.append("a page grew although it could be split")
      }
    }

    func checkNode(_ node: Block, prefix: UInt32, prefixLength: Int) {
      let nodeShift = Int(geometry.nodeShift)
      var way = 0
      while way < geometry.ways {
        let span = HashNode.span(of: node, at: way)
        let child = HashNode.child(of: node, at: way)
        if way & (span - 1) != 0 || child.isNode && span > 1 {
          faults.append("a child hangs in \(span) ways from \(way) on")
        }
        for neighbor in way..<min(way + span, geometry.ways)
        where HashNode.child(of: node, at: neighbor) != child {
          faults.append("way \(neighbor) does not name the page of way \(way)")
        }
        check(
          child, prefix: prefix | UInt32(way) << (32 - prefixLength - nodeShift),
          prefixLength: prefixLength + nodeShift - span.trailingZeroBitCount)
        way += span
      }
    }

    check(top, prefix: 0, prefixLength: 0)
    if total != count { faults.append("the index counts \(count) slots and has \(total)") }
    withExtendedLifetime(self) {}
    return faults
  }
}
