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
  /// The value of the row at a slot of the table that is sorted, in one graph.
  let bind: @Sendable (Graph) -> (UInt32) -> StoredValue

  @usableFromInline
  init(
    column: Int?, name: String, kind: StoredValue.Kind, isNullable: Bool, direction: SortDirection,
    bind: @escaping @Sendable (Graph) -> (UInt32) -> StoredValue
  ) {
    self.column = column
    self.name = name
    self.kind = kind
    self.isNullable = isNullable
    self.direction = direction
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

  /// Whether the ranks of values tell them apart, and from a missing one.
  var ranksExactly: Bool { kind.ranksExactly(orNull: isNullable) }
}

/// The direction of an order.
public enum SortDirection: String, Sendable {
  /// Least first, and rows without a value before all others.
  case ascending
  /// Greatest first.
  case descending
}
