/// A value that its copies share until one of them is changed, and a header that stays as it is: a
/// copy costs one count of owners, however much both hold.
///
/// Reading in place counts nothing and checks nothing: a class's own properties are guarded at run
/// time against being read while they are changed, which costs more than the reading.
@usableFromInline
package struct CopyOnWrite<Header: Sendable, Value: Sendable>: Sendable {
  @usableFromInline var box: Cell<Header, Value>

  /// Makes a value that nobody shares yet.
  @inlinable
  package init(header: Header, _ value: Value) {
    box = Cell(header: header, value)
  }

  /// What all copies have in common, whether they were changed or not.
  @inlinable
  package var header: Header {
    @inline(__always)
    _read { yield box.header }
  }

  /// The value. Changing it copies it first when another copy shares it.
  @inlinable
  package var value: Value {
    @inline(__always)
    _read { yield box.value }
    @inline(__always)
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Cell(header: box.header, box.value) }
      yield &box.value
    }
  }

  /// Whether no other copy shares the value.
  @inlinable
  package var isUnique: Bool {
    mutating get { isKnownUniquelyReferenced(&box) }
  }

  /// Whether another copy shares the value, so that neither was changed since they parted.
  @inlinable
  package func isShared(with other: CopyOnWrite) -> Bool { box === other.box }
}

/// A place for a value, whose readers and writers are not checked against each other at run time,
/// behind a header that stays as it is.
///
/// SAFETY: whoever changes the value owns the cell alone, and has exclusive access to the variable
/// that owns it; so nobody reads what is being changed.
@usableFromInline
package final class Cell<Header: Sendable, Value: Sendable>: @unchecked Sendable {
  /// It can be read without counting an owner: nobody can put another in its place.
  @usableFromInline package let header: Header
  @exclusivity(unchecked)
  @usableFromInline var unchecked: Value

  /// Makes a cell that holds a value.
  @inlinable
  package init(header: Header, _ value: Value) {
    self.header = header
    unsafe unchecked = value
  }

  /// The value.
  @inlinable
  package var value: Value {
    @inline(__always)
    _read { yield unsafe (unchecked) }
    @inline(__always)
    _modify { yield unsafe &unchecked }
  }
}

extension Cell where Header == Void {
  /// Makes a cell that holds a value and has no header.
  @inlinable
  package convenience init(_ value: Value) {
    self.init(header: (), value)
  }
}
