/// Rows of one type in copy-on-write pages, addressed by slot.
///
/// A page holds 32 rows one after the other; its tag has a bit for each row that lives. The tree
/// above the pages knows nothing of the type; what is generic here is thin, and is compiled into
/// the client that knows the type.
@usableFromInline
package struct RowPages<Row: Sendable>: Sendable {
  /// The pages, which know nothing of the type.
  @usableFromInline package internal(set) var tree: PageTree

  @inlinable
  package init() {
    tree = PageTree(RowFormat<Row>())
  }

  /// The row at a slot, or nil when none lives there.
  @inlinable
  package subscript(slot: UInt32) -> Row? {
    tree.view.row(at: slot).map { RowPages.row(at: $0) }
  }

  /// The row at a place, which is one of rows of this type.
  @inlinable
  @inline(__always)
  package static func row(at place: LiveRow) -> Row {
    RowFormat<Row>().row(in: place.page, at: place.index)
  }

  /// The row at a slot, which must live, in pages of rows of this type.
  @inlinable
  @inline(__always)
  package static func row(at slot: UInt32, _ pages: PageTreeView) -> Row {
    row(at: pages.livingRow(at: slot))
  }

  /// Finds where rows lie, without counting owners and without knowing their type, for as long as
  /// the rows are neither changed nor dropped.
  @inlinable
  package var view: PageTreeView { tree.view }

  /// Stores a row at a slot, in place of the one that lives there.
  @inlinable
  package mutating func set(_ row: Row, at slot: UInt32) {
    let format = RowFormat<Row>()
    let page = tree.mutablePage(at: RowPage.index(of: slot), make: format.make)
    format.set(row, in: page, at: RowPage.place(of: slot))
  }

  /// Takes the row at a slot away, if one lives there.
  package mutating func remove(at slot: UInt32) {
    guard isLive(slot) else { return }
    let format = RowFormat<Row>()
    let (index, place) = (RowPage.index(of: slot), RowPage.place(of: slot))
    if tree.page(at: index)?.tag == 1 << UInt64(place) {
      // Slots are not used again: the page would be kept for nothing.
      tree.removePage(at: index)
    } else {
      format.remove(from: tree.mutablePage(at: index, make: format.make), at: place)
    }
  }

  /// One property of the row at a slot, which must live, in pages of rows of this type.
  @inlinable
  @inline(__always)
  package static func read<Value>(
    _ field: Field<Row, Value>, at slot: UInt32, _ pages: PageTreeView
  ) -> Value {
    read(field, at: pages.livingRow(at: slot))
  }

  /// One property of the row at a place, which is one of rows of this type.
  @inlinable
  @inline(__always)
  package static func read<Value>(_ field: Field<Row, Value>, at place: LiveRow) -> Value {
    RowFormat<Row>().read(field, in: place.page, at: place.index)
  }

  /// Reads one property of the row at a slot, which must live.
  @inlinable
  package func read<Value>(_ field: Field<Row, Value>, at slot: UInt32) -> Value {
    let tree = tree
    defer { withExtendedLifetime(tree) {} }
    return RowPages.read(field, at: slot, tree.view)
  }

  /// What reads one property of the row at a slot, which must live, for those who read many rows: it
  /// looks no type up, as reading it here does where the type of the rows is generic.
  @inlinable
  package func reader<Value>(
    of field: Field<Row, Value>
  ) -> @Sendable (_ slot: UInt32) -> Value {
    let tree = tree
    return { slot in
      defer { withExtendedLifetime(tree) {} }
      return RowPages.read(field, at: slot, tree.view)
    }
  }

  /// Whether a row lives at a slot.
  package func isLive(_ slot: UInt32) -> Bool { tree.withView { $0.row(at: slot) != nil } }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { tree.copies }

  /// The bytes of all pages, without what the rows refer to elsewhere, such as long strings.
  package var byteCount: Int { tree.byteCount }
}

/// Where a row lies that lives, for those who know its type.
@safe
@usableFromInline
package struct LiveRow {
  @usableFromInline let page: Block
  @usableFromInline let index: Int

  @inlinable
  @inline(__always)
  init(page: Block, index: Int) {
    self.page = page
    self.index = index
  }
}

extension PageTreeView {
  /// Where the row at a slot lies, in the pages of rows of one type; nil when none lives there.
  @inlinable
  @inline(__always)
  package func row(at slot: UInt32) -> LiveRow? {
    guard let page = page(at: RowPage.index(of: slot)) else { return nil }
    let index = RowPage.place(of: slot)
    return page.tag &>> UInt64(index) & 1 == 1 ? LiveRow(page: page, index: index) : nil
  }

  /// Where the row at a slot lies, which must live.
  @inlinable
  @inline(__always)
  func livingRow(at slot: UInt32) -> LiveRow {
    guard let row = row(at: slot) else { preconditionFailure("only rows that live are read") }
    return row
  }
}

/// Where a slot lies among the pages of rows.
@usableFromInline
enum RowPage {
  @inlinable
  static var capacity: Int { 32 }

  @inlinable
  static func index(of slot: UInt32) -> Int { Int(slot) &>> 5 }

  @inlinable
  static func place(of slot: UInt32) -> Int { Int(slot) & 31 }
}

/// Copies and destroys pages of rows.
@usableFromInline
struct RowFormat<Row: Sendable>: PageFormat {
  @inlinable
  @inline(__always)
  init() {}

  /// SAFETY: blocks are aligned to 16 bytes; no Swift type that can be a row needs more.
  @inlinable
  @inline(__always)
  func address(in page: Block, at place: Int) -> UnsafeMutablePointer<Row> {
    let offset = Block.headerSize + place * MemoryLayout<Row>.stride
    return unsafe (page.address + offset).assumingMemoryBound(to: Row.self)
  }

  @inlinable
  func make() -> Block {
    Block.allocate(payload: MemoryLayout<Row>.stride * RowPage.capacity)
  }

  /// SAFETY: the caller has seen the bit that says that the row is initialized.
  @inlinable
  @inline(__always)
  func row(in page: Block, at place: Int) -> Row {
    unsafe address(in: page, at: place).pointee
  }

  @inlinable
  func read<Value>(_ field: Field<Row, Value>, in page: Block, at place: Int) -> Value {
    let row = unsafe address(in: page, at: place)
    guard let offset = field.offset else { return unsafe row.pointee[keyPath: field.keyPath] }
    // SAFETY: `MemoryLayout.offset(of:)` gave the place of a stored property of exactly this type.
    return unsafe (UnsafeRawPointer(row) + offset).assumingMemoryBound(to: Value.self).pointee
  }

  @inlinable
  func isLive(_ page: Block, _ place: Int) -> Bool { page.tag >> UInt64(place) & 1 == 1 }

  @inlinable
  func set(_ row: Row, in page: Block, at place: Int) {
    let target = unsafe address(in: page, at: place)
    if isLive(page, place) {
      unsafe target.pointee = row
    } else {
      // SAFETY: the bit says that the memory is not initialized.
      unsafe target.initialize(to: row)
      page.tag |= 1 << UInt64(place)
    }
  }

  func remove(from page: Block, at place: Int) {
    // SAFETY: called only when the bit is set.
    unsafe address(in: page, at: place).deinitialize(count: 1)
    page.tag &= ~(1 << UInt64(place))
  }

  @usableFromInline
  func copy(_ page: Block) -> Block {
    let copy = make()
    copy.tag = page.tag
    for place in 0..<RowPage.capacity where isLive(page, place) {
      // SAFETY: the source is initialized, the fresh copy is not.
      unsafe address(in: copy, at: place).initialize(to: address(in: page, at: place).pointee)
    }
    return copy
  }

  @usableFromInline
  func destroy(_ page: Block) {
    for place in 0..<RowPage.capacity where isLive(page, place) {
      unsafe address(in: page, at: place).deinitialize(count: 1)
    }
    page.free()
  }

  @usableFromInline
  func byteCount(_ page: Block) -> Int { page.byteCount }
}
