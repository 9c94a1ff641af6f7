public import KithCore

/// Reads one value of a row where it lies among the rows of its type, which the caller need not know;
/// the row must live.
@usableFromInline
typealias ValueReader = @Sendable (_ slot: UInt32, _ rows: PageTreeView) -> StoredValue

/// Reads the rows of a table where they lie. No row is copied, and no type is looked up.
struct RowReader: Sendable {
  private let keyReader: ValueReader
  private let columnReaders: [ValueReader]

  init(key: @escaping ValueReader, columns: [ValueReader]) {
    keyReader = key
    columnReaders = columns
  }

  /// The primary key of the row at a slot, which must live.
  func key(at slot: UInt32, in rows: PageTreeView) -> StoredValue { keyReader(slot, rows) }

  /// The value of a column of the row at a slot, which must live.
  func value(of column: Int, at slot: UInt32, in rows: PageTreeView) -> StoredValue {
    columnReaders[column](slot, rows)
  }

  /// The values of all columns of the row at a slot, which must live.
  func values(at slot: UInt32, in rows: PageTreeView) -> [StoredValue] {
    columnReaders.map { $0(slot, rows) }
  }
}
