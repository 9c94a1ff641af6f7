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
