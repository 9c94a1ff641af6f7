/// A struct that is kept in a table.
///
/// ```swift
/// struct User: Row {
///   var id: Int
///   var handle: String
///
///   static let table = Table("users", Self.init,
///     Column("id", \.id),
///     Column("handle", \.handle).unique())
/// }
/// ```
public protocol Row: Identifiable, Sendable where ID: ColumnValue {
  /// The table that keeps the rows: a `static let`.
  static var table: Table<Self> { get }
}
