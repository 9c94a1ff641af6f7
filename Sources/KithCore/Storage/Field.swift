/// Where a property lies in the memory of a row, found once, so that reading it needs no key path.
///
/// A computed property has no place; it is read through its key path, which is slower.
@safe
@usableFromInline
package struct Field<Row, Value>: Sendable {
  @usableFromInline package let offset: Int?
  @usableFromInline package let keyPath: any KeyPath<Row, Value> & Sendable

  /// Finds where the property lies.
  @inlinable
  package init(_ keyPath: any KeyPath<Row, Value> & Sendable) {
    self.keyPath = keyPath
    offset = MemoryLayout<Row>.offset(of: keyPath)
  }

  /// The property of a row.
  @inlinable
  @inline(__always)
  package func value(in row: Row) -> Value {
    guard let offset else { return row[keyPath: keyPath] }
    // SAFETY: `MemoryLayout.offset(of:)` gave the place of a stored property of exactly this type.
    return unsafe withUnsafePointer(to: row) { row in
      unsafe (UnsafeRawPointer(row) + offset).assumingMemoryBound(to: Value.self).pointee
    }
  }

  /// Reads a property through another key path to it, which says where it lies, when the first one
  /// does not.
  ///
  /// - Precondition: The other key path leads to a value of the same type.
  package init(
    _ keyPath: any KeyPath<Row, Value> & Sendable, storedAs other: PartialKeyPath<Row>?
  ) {
    self.keyPath = keyPath
    precondition(
      other == nil || other is KeyPath<Row, Value>, "a property has one type on every way to it")
    offset = other.flatMap { MemoryLayout<Row>.offset(of: $0) }
  }
}
