/// A value that no longer changes, shared by all who hold it: a copy costs one count of owners,
/// however much the value refers to.
@dynamicMemberLookup
@usableFromInline
final class Frozen<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }

  @inline(__always)
  subscript<Member>(dynamicMember member: KeyPath<Value, Member>) -> Member {
    value[keyPath: member]
  }
}
