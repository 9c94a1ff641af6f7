extension RowPages {
  /// Calls `body` with the slots, ascending, at which a row came, went, or is not the same to the byte
  /// in both versions.
  ///
  /// Pages that the versions share are not read. Rows that differ in bytes may still be equal: the
  /// caller compares their values.
  ///
  /// - Returns: The number of pages and nodes looked at.
  /// - Complexity: O(pages that differ).
  @discardableResult
  package func forEachChangedSlot(since old: RowPages, _ body: (UInt32) -> Void) -> Int {
    tree.forEachDifferingPage(since: old.tree) { index, old, new in
      let first = UInt32(index * RowPage.capacity)
      var bits = RowFormat<Row>().differingPlaces(old, new)
      while bits != 0 {
        body(first + UInt32(bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
  }
}

extension PageTreeView {
  /// The first of some properties, from one on, in which two rows of one type, which must live, may have
  /// different values: it is computed, or has other bytes.
  ///
  /// - Parameter fields: The bytes of the properties; nil for one that is computed.
  package func firstDifference(
    of slot: UInt32, and otherSlot: UInt32, in other: PageTreeView, _ fields: [FieldBytes?],
    from first: Int
  ) -> Int? {
    let (row, otherRow) = (livingRow(at: slot), other.livingRow(at: otherSlot))
    var index = first
    while index < fields.count {
      guard let field = fields[index], row.index == otherRow.index,
        row.page.hasSameBytes(
          as: otherRow.page, at: Block.headerSize + row.index * field.stride + field.offset,
          count: field.count)
      else { return index }
      index += 1
    }
    return nil
  }
}

/// Where the bytes of a property lie in a row.
package struct FieldBytes: Sendable {
  let offset: Int
  let count: Int
  /// How far apart rows lie.
  let stride: Int
}

extension RowFormat {
  /// The places, as bits, at which a row lives in one of two pages only, or has other bytes in them.
  ///
  /// A page is copied with all of its rows. Those that have not been written since are known by their
  /// bytes, whatever their type: what they refer to elsewhere they share, so it can't have changed.
  fileprivate func differingPlaces(_ old: Block?, _ new: Block?) -> UInt64 {
    guard let old, let new else { return (old?.tag ?? 0) | (new?.tag ?? 0) }
    let (stride, size) = (MemoryLayout<Row>.stride, MemoryLayout<Row>.size)
    var places = old.tag | new.tag
    var both = old.tag & new.tag
    while both != 0 {
      let place = both.trailingZeroBitCount
      if old.hasSameBytes(as: new, at: Block.headerSize + place * stride, count: size) {
        places &= ~(1 << UInt64(place))
      }
      both &= both - 1
    }
    return places
  }
}
