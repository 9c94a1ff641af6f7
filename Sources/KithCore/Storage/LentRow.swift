/// A row where it lies in memory, lent for the time of a closure, so that its properties are read one
/// after the other and the row is not copied for each of them.
@safe
@usableFromInline
package struct LentRow<Row>: ~Copyable {
  /// SAFETY: valid while `lend` runs, which makes the only value, and lends it to one closure, which
  /// cannot copy it.
  @usableFromInline let address: UnsafePointer<Row>

  @inlinable
  @inline(__always)
  init(_ address: UnsafePointer<Row>) {
    unsafe self.address = address
  }

  /// Lends a row for the time of `body`.
  @inlinable
  @inline(__always)
  package static func lend<Result>(
    _ row: borrowing Row, _ body: (borrowing LentRow) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: row) { body(unsafe LentRow($0)) }
  }
}

extension Field {
  /// The property of a row that is lent. Nothing else of the row is read, unless the property is
  /// computed.
  @inlinable
  @inline(__always)
  package func value(in row: borrowing LentRow<Row>) -> Value {
    guard let offset else { return unsafe row.address.pointee[keyPath: keyPath] }
    // SAFETY: `MemoryLayout.offset(of:)` gave the place of a stored property of exactly this type.
    return unsafe (UnsafeRawPointer(row.address) + offset).assumingMemoryBound(to: Value.self)
      .pointee
  }
}
