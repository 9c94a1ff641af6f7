/// One fixed-width value a row, in copy-on-write pages: keys, sort ranks, the newest child of a
/// parent.
///
/// A row that was never written reads as `fallback`. A page counts the rows in its tag that have another
/// value, and goes with the last of them.
package struct PagedColumn<Value: BitwiseCopyable & Equatable & Sendable>: Sendable {
  private var tree: PageTree
  private let fallback: Value
  private let pageShift: Int

  /// Makes a column in which every row reads as `fallback`.
  ///
  /// - Parameter pageShift: The binary logarithm of the rows a page covers.
  package init(repeating fallback: Value, pageShift: Int = 8, nodeShift: Int = 6) {
    tree = PageTree(PlainFormat(), nodeShift: nodeShift)
    self.fallback = fallback
    self.pageShift = pageShift
  }

  /// Makes a column of values, by row; all other rows read as `fallback`.
  package init(
    _ values: [Value], repeating fallback: Value, pageShift: Int = 8, nodeShift: Int = 6
  ) {
    self.init(repeating: fallback, pageShift: pageShift, nodeShift: nodeShift)
    let (stride, size) = (MemoryLayout<Value>.stride, 1 << pageShift)
    for first in Swift.stride(from: 0, to: values.count, by: size)
    where values[first..<min(first + size, values.count)].contains(where: { $0 != fallback }) {
      _ = tree.mutablePage(at: first >> pageShift) {
        let page = Block.allocate(payload: stride << pageShift)
        let end = min(size, values.count - first)
        for row in 0..<end {
          page.store(values[first + row], at: Block.headerSize + row * stride)
          if values[first + row] != fallback { page.tag += 1 }
        }
        for row in end..<size { page.store(fallback, at: Block.headerSize + row * stride) }
        return page
      }
    }
  }

  /// The value of a row.
  package subscript(slot: UInt32) -> Value {
    @inline(__always)
    get { withView { $0[slot] } }
    set {
      let (index, row) = (Int(slot) >> pageShift, Int(slot) & ((1 << pageShift) - 1))
      let offset = Block.headerSize + row * MemoryLayout<Value>.stride
      if newValue == fallback {
        guard let page = tree.page(at: index), page.load(Value.self, at: offset) != fallback else {
          return
        }
        if page.tag == 1 { return tree.removePage(at: index) }
      }
      let page = tree.mutablePage(at: index) { [fallback, pageShift] in
        let stride = MemoryLayout<Value>.stride
        let page = Block.allocate(payload: stride << pageShift)
        for row in 0..<(1 << pageShift) {
          page.store(fallback, at: Block.headerSize + row * stride)
        }
        return page
      }
      let (had, has) = (page.load(Value.self, at: offset) != fallback, newValue != fallback)
      if had != has { page.tag = has ? page.tag + 1 : page.tag - 1 }
      page.store(newValue, at: offset)
    }
  }

  /// Reads values without counting owners, for as long as the column is neither changed nor dropped.
  @inline(__always)
  var view: PagedColumnView<Value> {
    PagedColumnView(pages: tree.view, fallback: fallback, pageShift: pageShift)
  }

  /// Reads many values; the view is valid inside `body`.
  @inline(__always)
  package func withView<Result, Failure: Error>(
    _ body: (PagedColumnView<Value>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try tree.withView { (pages) throws(Failure) in
      try body(PagedColumnView(pages: pages, fallback: fallback, pageShift: pageShift))
    }
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { tree.copies }

  /// The bytes of all pages.
  package var byteCount: Int { tree.byteCount }
}

/// The values of one version of a column, read without counting owners.
@safe
@usableFromInline
package struct PagedColumnView<Value: BitwiseCopyable> {
  @usableFromInline let pages: PageTreeView
  @usableFromInline let fallback: Value
  @usableFromInline let pageShift: Int

  /// The value of a row.
  @inline(__always)
  package subscript(slot: UInt32) -> Value {
    guard let page = pages.page(at: Int(slot) &>> pageShift) else { return fallback }
    let row = Int(slot) & ((1 &<< pageShift) &- 1)
    return page.load(Value.self, at: Block.headerSize &+ row &* MemoryLayout<Value>.stride)
  }
}

extension PagedColumnView: Sendable where Value: Sendable {}

/// Pages that refer to nothing else.
struct PlainFormat: PageFormat {
  func copy(_ page: Block) -> Block { page.cloned() }

  func destroy(_ page: Block) { page.free() }

  func byteCount(_ page: Block) -> Int { page.byteCount }
}
