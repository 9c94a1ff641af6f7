/// Which properties of a row the columns of a table store, for those who seek a column by its property.
///
/// It doesn't know the type of the rows, which would have to be looked up at run time.
@usableFromInline
struct ColumnPaths: Sendable {
  private struct Column {
    let name: String
    let keyPath: any AnyKeyPath & Sendable
    /// Where the property lies in a row; nil if it is computed.
    let offset: Int?
  }

  private let columns: [Column]

  init<Record>(_ columns: [ColumnDefinition<Record>]) {
    self.columns = columns.map {
      Column(
        name: $0.name, keyPath: $0.keyPath, offset: MemoryLayout<Record>.offset(of: $0.keyPath))
    }
  }

  /// The place of a property among the columns, or nil if it is no column.
  ///
  /// - Parameter offset: Where the property lies in a row; nil if it is computed.
  @usableFromInline
  func index(of keyPath: AnyKeyPath, at offset: Int?) -> Int? {
    // Equal key paths lead to one place. Only those that do are compared, which takes long.
    columns.firstIndex { $0.offset == offset && $0.keyPath == keyPath }
  }

  /// The name of a column, or what stands for a property that is none.
  @usableFromInline
  func name(of column: Int?) -> String { column.map { columns[$0].name } ?? "a property" }
}
