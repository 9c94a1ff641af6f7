/// Finding the rows that live among some slots, in pages of rows of one type, whatever type that is.
///
/// - Complexity: O(rows that are found), and O(log pages) for each page of the slots.
extension PageTreeView {
  /// Calls `body` with the slots at which rows live, ascending, until it returns false.
  @inline(__always)
  package func forEachLive(in slots: Range<UInt32>, _ body: (UInt32) -> Bool) {
    var first = UInt64(slots.lowerBound)
    while first < slots.upperBound {
      let index = RowPage.index(of: UInt32(first))
      var bits = bits(of: index, slots)
      while bits != 0 {
        if !body(UInt32(index * RowPage.capacity + bits.trailingZeroBitCount)) { return }
        bits &= bits - 1
      }
      first = UInt64((index + 1) * RowPage.capacity)
    }
  }

  /// Calls `body` with the slots at which rows live, descending, until it returns false.
  @inline(__always)
  package func forEachLiveBackwards(in slots: Range<UInt32>, _ body: (UInt32) -> Bool) {
    var end = Int(slots.upperBound)
    while end > slots.lowerBound {
      let index = RowPage.index(of: UInt32(end - 1))
      var bits = bits(of: index, slots)
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

  /// A bit for each row that lives in a page, at one of some slots.
  @inline(__always)
  private func bits(of index: Int, _ slots: Range<UInt32>) -> UInt64 {
    guard let page = page(at: index) else { return 0 }
    var bits = page.tag
    let first = index * RowPage.capacity
    if first < slots.lowerBound { bits &= .max << UInt64(Int(slots.lowerBound) - first) }
    let end = Int(slots.upperBound) - first
    if end < RowPage.capacity { bits &= 1 << UInt64(end) &- 1 }
    return bits
  }
}
