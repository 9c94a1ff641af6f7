public import KithCore

/// Reads one value of a row where it lies among the rows of its type, which the caller need not know;
/// the row must live.
@usableFromInline
typealias ValueReader = @Sendable (_ slot: UInt32, _ rows: PageTreeView) -> StoredValue

/// Reads one property of a row that is not stored yet, in the form of its column.
@usableFromInline
typealias PropertyReader<Record: Row> = @Sendable (borrowing LentRow<Record>) -> StoredValue

/// Reads the rows of a table where they lie. No row is copied, and no type is looked up.
struct RowReader: Sendable {
  private let keyReader: ValueReader
  private let columnReaders: [ValueReader]
  /// The bytes of the columns' properties; nil where one is computed.
  private let bytes: [FieldBytes?]

  init(key: @escaping ValueReader, columns: [ValueReader], _ bytes: [FieldBytes?]) {
    keyReader = key
    columnReaders = columns
    self.bytes = bytes
  }

  /// The primary key of the row at a slot, which must live.
  func key(at slot: UInt32, in rows: PageTreeView) -> StoredValue { keyReader(slot, rows) }

  /// The value of a column of the row at a slot, which must live.
  func value(of column: Int, at slot: UInt32, in rows: PageTreeView) -> StoredValue {
    columnReaders[column](slot, rows)
  }

  /// Whether two rows, which must live, have different values in a column.
  ///
  /// Most columns of a row that was changed are the same to the byte, and no value is made of those.
  func differs(
    _ slot: UInt32, in rows: PageTreeView, from other: UInt32, in otherRows: PageTreeView
  ) -> Bool {
    var column = 0
    while let differing = rows.firstDifference(
      of: slot, and: other, in: otherRows, bytes, from: column)
    {
      let read = columnReaders[differing]
      if read(slot, rows) != read(other, otherRows) { return true }
      column = differing + 1
    }
    return false
  }

  /// The values of all columns of the row at a slot, which must live.
  func values(at slot: UInt32, in rows: PageTreeView) -> [StoredValue] {
    columnReaders.map { $0(slot, rows) }
  }
}
