/// A value that its copies share until one of them is changed: a copy costs one count of owners,
/// however much the value holds.
///
/// Reading it in place counts nothing and checks nothing: a class's own properties are guarded at
/// run time against being read while they are changed, which costs more than the reading.
@usableFromInline
package struct CopyOnWrite<Value: Sendable>: Sendable {
  @usableFromInline var box: Box

  /// Makes a value that nobody shares yet.
  @inlinable
  package init(_ value: Value) {
    box = Box(value)
  }

  /// The value. Changing it copies it first when another copy shares it.
  @inlinable
  package var value: Value {
    @inline(__always)
    _read { yield unsafe (box.value) }
    @inline(__always)
    _modify {
      if !isKnownUniquelyReferenced(&box) { unsafe box = Box(box.value) }
      yield unsafe &box.value
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

  /// SAFETY: changed only by a `CopyOnWrite` that owns the box alone, and to which the language
  /// gives exclusive access while it does; so nobody reads what is being changed.
  @usableFromInline
  final class Box: @unchecked Sendable {
    @exclusivity(unchecked)
    @usableFromInline var value: Value

    @inlinable
    init(_ value: Value) {
      unsafe self.value = value
    }
  }
}
