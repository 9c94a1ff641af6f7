/// Finds large values of a column at ascending rows: a page is sought once for all the rows that
/// lie in it.
struct ColumnScan<Value: BitwiseCopyable & Comparable> {
  private let view: PagedColumnView<Value>
  private let shift: UInt32
  private let mask: UInt32

  init(_ view: PagedColumnView<Value>) {
    self.view = view
    shift = UInt32(view.pageShift)
    mask = 1 &<< shift &- 1
  }

  /// The first of some rows, from an index on, whose value is at least `least`, and the value.
  func first(
    _ rows: Span<UInt32>, from start: Int, atLeast least: Value
  ) -> (index: Int, value: Value)? {
    var index = start
    while index < rows.count {
      let page = rows[index] &>> shift
      guard let block = view.pages.page(at: Int(page)) else {
        if view.fallback >= least { return (index, view.fallback) }
        repeat { index &+= 1 } while index < rows.count && rows[index] &>> shift == page
        continue
      }
      repeat {
        let offset = Int(rows[index] & mask) &* MemoryLayout<Value>.stride
        let value = block.load(Value.self, at: Block.headerSize &+ offset)
        if value >= least { return (index, value) }
        index &+= 1
      } while index < rows.count && rows[index] &>> shift == page
    }
    return nil
  }
}
