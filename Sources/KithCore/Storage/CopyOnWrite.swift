/// A value that its copies share until one of them is changed: a copy costs one count of owners,
/// however much the value holds.
///
/// Reading it in place counts nothing and checks nothing: a class's own properties are guarded at
/// run time against being read while they are changed, which costs more than the reading.
@usableFromInline
package struct CopyOnWrite<Value: Sendable>: Sendable {
  @usableFromInline var box: Cell<Value>

  /// Makes a value that nobody shares yet.
  @inlinable
  package init(_ value: Value) {
    box = Cell(value)
  }

  /// The value. Changing it copies it first when another copy shares it.
  @inlinable
  package var value: Value {
    @inline(__always)
    _read { yield box.value }
    @inline(__always)
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Cell(box.value) }
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

/// A place for a value, whose readers and writers are not checked against each other at run time.
///
/// SAFETY: whoever changes the value owns the cell alone, and has exclusive access to the variable
/// that owns it; so nobody reads what is being changed.
@usableFromInline
package final class Cell<Value: Sendable>: @unchecked Sendable {
  @exclusivity(unchecked)
  @usableFromInline var unchecked: Value

  /// Makes a cell that holds a value.
  @inlinable
  package init(_ value: Value) {
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
