/// Where the properties of a row lie, when they are all that the row holds, one behind the other.
///
/// Rows of such a type can be made a property at a time. That the properties are all there is, is
/// shown by a row: those that it reflects have the types of these, in the order of their places, and
/// a struct lays its properties out in order, each at the next multiple of its alignment.
@usableFromInline
package struct RowLayout: Sendable {
  /// Where each property lies and what it is, in the order in which they were given.
  @usableFromInline let places: [FieldPlace]
  @usableFromInline let stride: Int

  /// Finds out whether a row holds these properties and nothing else; nil if it does not, or if that
  /// can't be seen.
  package init?<Row: Sendable>(of row: Row, _ places: [FieldPlace?]) {
    self.places = places.compactMap { $0 }
    stride = MemoryLayout<Row>.stride
    let children = Mirror(reflecting: row).children.map { $0.value }
    guard self.places.count == places.count, children.count == places.count,
      !(row is any CustomReflectable)
    else { return nil }
    var end = 0
    for (place, child) in zip(self.places.sorted { $0.offset < $1.offset }, children) {
      guard place.isOfType(of: child), place.offset == place.aligned(end) else { return nil }
      end = place.offset + place.size
    }
    guard end == MemoryLayout<Row>.size else { return nil }
  }
}

/// Where a property lies in its row, and what it is.
@usableFromInline
package struct FieldPlace: Sendable {
  @usableFromInline let type: any Any.Type
  @usableFromInline let offset: Int
  fileprivate let size: Int
  /// The bytes of the property in every row.
  package let bytes: FieldBytes
  private let alignment: Int
  private let isTypeOf: @Sendable (Any) -> Bool

  /// The place of a property; nil if it is computed.
  package init?<Row, Value>(_ field: Field<Row, Value>) {
    guard let offset = field.offset else { return nil }
    (self.offset, type) = (offset, Value.self)
    (size, alignment) = (MemoryLayout<Value>.size, MemoryLayout<Value>.alignment)
    bytes = FieldBytes(offset: offset, count: size, stride: MemoryLayout<Row>.stride)
    isTypeOf = { Swift.type(of: $0) == Value.self }
  }

  fileprivate func isOfType(of value: Any) -> Bool { isTypeOf(value) }

  /// The first place from an end on where the property may lie.
  fileprivate func aligned(_ end: Int) -> Int { (end + alignment - 1) / alignment * alignment }
}

/// Rows of one type that are being made, a property of all of them at a time.
///
/// ```
///   page    ├ row 0: id  name  joined ┼ row 1: id  name  joined ┼ …
///   write         ▲                         ▲                        first all ids, then all names
/// ```
///
/// SAFETY: whoever makes an object writes it; others see it when it is finished.
@safe
@usableFromInline
package final class RowsInMaking: @unchecked Sendable {
  @usableFromInline let layout: RowLayout
  @usableFromInline let pages: [Block]
  /// The number of rows.
  @usableFromInline package let count: Int
  @usableFromInline var written: [WrittenField] = []
  private var isFinished = false

  /// Makes room for rows.
  package init(count: Int, _ layout: RowLayout) {
    self.layout = layout
    self.count = count
    let capacity = RowPage.capacity
    pages = (0..<(count + capacity - 1) / capacity).map { _ in
      Block.allocate(payload: layout.stride * capacity)
    }
  }

  /// Writes a property of all rows, by row.
  ///
  /// - Parameters:
  ///   - column: The number of the property, which was not written before.
  ///   - next: Gives the values, from the first row on. If it throws, the rows can't be finished.
  @inlinable
  @inline(__always)
  package func write<Value, Failure: Error>(
    _ column: Int, _ next: () throws(Failure) -> Value
  ) throws(Failure) {
    let (place, stride) = (layout.places[column], layout.stride)
    precondition(place.type == Value.self, "a property is written with values of its type")
    precondition(!written.contains { $0.column == column }, "a property is written once")
    var row = 0
    defer { written.append(WrittenField(Value.self, column: column, place, rows: row)) }
    for page in pages {
      // SAFETY: a page has room for 32 rows, and the layout says that the property lies there.
      var address = unsafe page.address + (Block.headerSize + place.offset)
      let end = min(row + RowPage.capacity, count)
      while row < end {
        let value = try next()
        unsafe address.assumingMemoryBound(to: Value.self).initialize(to: value)
        unsafe address += stride
        row += 1
      }
    }
  }

  /// Hands the pages over, each property of which was written.
  fileprivate func finish() -> [Block] {
    precondition(
      !isFinished && written.count == layout.places.count
        && written.allSatisfy { $0.rows == count },
      "rows are finished once, when all their properties were written")
    isFinished = true
    for (index, page) in pages.enumerated() {
      let rows = min(RowPage.capacity, count - index * RowPage.capacity)
      page.tag = .max >> UInt64(64 - rows)
    }
    return pages
  }

  deinit {
    if isFinished { return }
    for (index, page) in pages.enumerated() {
      for field in written {
        field.destroy(in: page, stride: layout.stride, from: index * RowPage.capacity)
      }
      page.free()
    }
  }
}

/// A property that was written, of some or all of the rows that are being made.
@safe
@usableFromInline
struct WrittenField {
  @usableFromInline let column: Int
  let rows: Int
  private let offset: Int
  private let destroy: (_ first: UnsafeMutableRawPointer, _ stride: Int, _ count: Int) -> Void

  @usableFromInline
  init<Value>(_: Value.Type, column: Int, _ place: FieldPlace, rows: Int) {
    (self.column, self.rows, offset) = (column, rows, place.offset)
    unsafe destroy = { first, stride, count in
      for row in 0..<count {
        unsafe (first + row * stride).assumingMemoryBound(to: Value.self).deinitialize(count: 1)
      }
    }
  }

  /// Destroys the property of the rows of a page that have it.
  ///
  /// - Parameter first: The number of the page's first row.
  func destroy(in page: Block, stride: Int, from first: Int) {
    let count = min(RowPage.capacity, rows - first)
    if count <= 0 { return }
    // SAFETY: so many rows of the page were written.
    unsafe destroy(page.address + (Block.headerSize + offset), stride, count)
  }
}

extension RowPages {
  /// Takes over rows, at the slots from 0 on.
  ///
  /// - Parameter parts: The rows in order; all parts but the last fill their pages.
  package init(_ parts: [RowsInMaking]) {
    self.init()
    var index = 0
    for part in parts {
      precondition(part.layout.stride == MemoryLayout<Row>.stride)
      for page in part.finish() {
        _ = tree.mutablePage(at: index) { page }
        index += 1
      }
    }
  }
}
