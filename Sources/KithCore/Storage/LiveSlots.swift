/// Finding the rows that live among some slots, in pages of rows of one type, whatever type that is.
extension PageTreeView {
  /// Calls `body` with the slots at which rows live, ascending, until it returns false.
  ///
  /// - Returns: The number of places looked at for pages, of which those are not counted that are absent
  ///   with a whole subtree.
  /// - Complexity: O(rows that are found + pages that there are), or O(log pages) if there are none.
  @inline(__always)
  @discardableResult
  package func forEachLive(in slots: Range<UInt32>, _ body: (UInt32) -> Bool) -> Int {
    var (next, places) = (RowPage.index(of: slots.lowerBound), 0)
    while let (index, page) = firstPage(from: next, &places),
      index * RowPage.capacity < slots.upperBound
    {
      var bits = page.tag & RowPage.bits(of: slots, inPage: index)
      while bits != 0 {
        if !body(UInt32(index * RowPage.capacity + bits.trailingZeroBitCount)) { return places }
        bits &= bits - 1
      }
      next = index + 1
    }
    return places
  }

  /// Calls `body` with the slots at which rows live, descending, until it returns false.
  ///
  /// - Complexity: O(rows that are found), and O(log pages) for each page, whether there is one or not.
  @inline(__always)
  package func forEachLiveBackwards(in slots: Range<UInt32>, _ body: (UInt32) -> Bool) {
    var end = Int(slots.upperBound)
    while end > slots.lowerBound {
      let index = RowPage.index(of: UInt32(end - 1))
      var bits = (page(at: index)?.tag ?? 0) & RowPage.bits(of: slots, inPage: index)
      while bits != 0 {
        let place = 63 - bits.leadingZeroBitCount
        if !body(UInt32(index * RowPage.capacity + place)) { return }
        bits &= ~(1 << UInt64(place))
      }
      end = index * RowPage.capacity
    }
  }

  /// The first of some slots at which a row lives.
  package func firstLive(in slots: Range<UInt32>) -> UInt32? {
    var first: UInt32?
    forEachLive(in: slots) { slot in
      first = slot
      return false
    }
    return first
  }
}

extension RowPage {
  /// A bit for each place of a page that is one of some slots.
  @inline(__always)
  fileprivate static func bits(of slots: Range<UInt32>, inPage index: Int) -> UInt64 {
    let first = index * capacity
    var bits = UInt64.max
    if first < slots.lowerBound { bits <<= UInt64(Int(slots.lowerBound) - first) }
    let end = Int(slots.upperBound) - first
    if end < capacity { bits &= 1 << UInt64(max(end, 0)) &- 1 }
    return bits
  }
}
