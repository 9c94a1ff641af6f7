extension RowPages {
  /// One property of all rows below a slot, by slot; where no row lives, that of another row.
  ///
  /// Empty when no row lives at all.
  ///
  /// - Complexity: O(slots), a page at a time.
  @inlinable
  package func values<Value>(of field: Field<Row, Value>, below end: UInt32) -> [Value] {
    defer { withExtendedLifetime(self) {} }
    var values: [Value] = []
    values.reserveCapacity(Int(end))
    var leading = 0
    for first in stride(from: 0, to: Int(end), by: RowPage.capacity) {
      let page = tree.page(at: RowPage.index(of: UInt32(first)))
      for place in 0..<min(RowPage.capacity, Int(end) - first) {
        if let page, page.tag >> UInt64(place) & 1 == 1 {
          values.append(RowFormat<Row>().read(field, in: page, at: place))
        } else if let last = values.last {
          values.append(last)
        } else {
          leading += 1
        }
      }
    }
    guard let first = values.first else { return [] }
    return leading == 0 ? values : [Value](repeating: first, count: leading) + values
  }
}

extension PageTreeView {
  /// What `make` makes of each of some rows, which must live, in the pages of rows of one type. A page
  /// is sought once for neighbours that lie in it.
  ///
  /// - Complexity: O(slots).
  @inlinable
  @inline(__always)
  package func map<Element>(
    _ slots: Span<UInt32>, _ make: (LiveRow) -> Element
  ) -> [Element] {
    .appended(count: slots.count) { append in
      var pages = PageFinder(self)
      var index = 0
      while index < slots.count {
        let pageIndex = RowPage.index(of: slots[index])
        guard let page = pages.page(at: pageIndex) else {
          preconditionFailure("only rows that live are read")
        }
        repeat {
          let place = RowPage.place(of: slots[index])
          precondition(page.tag &>> UInt64(place) & 1 == 1, "only rows that live are read")
          append(make(LiveRow(page: page, index: place)))
          index &+= 1
        } while index < slots.count && RowPage.index(of: slots[index]) == pageIndex
      }
    }
  }
}
