public import KithCore

/// One key of an order.
@usableFromInline
struct SortTerm: Sendable {
  /// The column, or nil for a property that is none.
  let column: Int?
  let name: String
  let kind: StoredValue.Kind
  let isNullable: Bool
  let direction: SortDirection
  /// Whether a value comes before another, neither of them null, if the type has an order of its own; says
  /// nothing of what is no value of the type.
  let precedes: Precedes?
  /// The value of the row at a slot of the table that is sorted, in one graph.
  let bind: @Sendable (Graph) -> (UInt32) -> StoredValue

  @usableFromInline typealias Precedes = @Sendable (StoredValue, StoredValue) -> Bool?

  @usableFromInline
  init(
    column: Int?, name: String, kind: StoredValue.Kind, isNullable: Bool, direction: SortDirection,
    precedes: Precedes? = nil, bind: @escaping @Sendable (Graph) -> (UInt32) -> StoredValue
  ) {
    self.column = column
    self.name = name
    self.kind = kind
    self.isNullable = isNullable
    self.direction = direction
    self.precedes = precedes
    self.bind = bind
  }
}

extension SortTerm {
  @inlinable
  init<Record: Row, Value: ColumnValue>(
    _ keyPath: any KeyPath<Record, Value> & Sendable, _ direction: SortDirection
  ) {
    let table = Record.table
    let column = table.columnIndex(of: keyPath)
    self.init(
      column: column, name: table.name(ofColumn: column), kind: Value.storedKind,
      isNullable: Value.isNullable, direction: direction,
      precedes: Value.isOrderedAsStored ? nil : SortTerm.order(of: Value.self),
      bind: { graph in
        let rows = graph.rows(of: Record.self, in: graph.layout.table(of: Record.self))
        let read = rows.pages.reader(of: Field(keyPath))
        return { read($0).stored }
      })
  }

  init<Source: Row, Target: Row>(
    _ count: Relationship<Source, Target>.Count, _ direction: SortDirection
  ) {
    self.init(
      column: nil, name: count.name, kind: .integer, isNullable: false, direction: direction,
      bind: { graph in
        let count = count.bind(graph)
        return { .integer(Int64(count($0))) }
      })
  }

  /// Whether the ranks of values tell them apart, and from a missing one, and have their order.
  var ranksExactly: Bool { precedes == nil && kind.ranksExactly(orNull: isNullable) }

  /// Whether a value comes before another, or nil if neither comes before the other. None comes before all
  /// others.
  func comesBefore(_ left: StoredValue, _ right: StoredValue) -> Bool? {
    if left == right { return nil }
    guard let precedes, !left.isNull, !right.isNull else {
      return (left < right) == (direction == .ascending)
    }
    let (isLess, isGreater) = (precedes(left, right), precedes(right, left))
    return isLess == isGreater ? nil : isLess == (direction == .ascending)
  }

  /// Whether a value has a place in the order, as each that was read from a row has.
  func hasPlace(for value: StoredValue) -> Bool {
    guard let precedes, !value.isNull else { return true }
    return precedes(value, value) != nil
  }

  /// The order that a type has of its own, or that of its values if they may be missing.
  @usableFromInline
  static func order(of type: any ColumnValue.Type) -> Precedes? {
    let whole = (type as? any OptionalColumnValue.Type)?.wrappedType ?? type
    guard let whole = whole as? any (ColumnValue & Comparable).Type else { return nil }
    return less(whole)
  }

  private static func less<Value: ColumnValue & Comparable>(_: Value.Type) -> Precedes {
    { left, right in
      guard let left = Value(left), let right = Value(right) else { return nil }
      return left < right
    }
  }
}

/// A type of column whose values may be missing.
private protocol OptionalColumnValue {
  static var wrappedType: any ColumnValue.Type { get }
}

extension Optional: OptionalColumnValue where Wrapped: ColumnValue {
  fileprivate static var wrappedType: any ColumnValue.Type { Wrapped.self }
}

/// The direction of an order.
public enum SortDirection: String, Sendable {
  /// Least first, and rows without a value before all others.
  case ascending
  /// Greatest first.
  case descending
}
