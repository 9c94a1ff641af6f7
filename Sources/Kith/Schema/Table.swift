public import KithCore

/// The declaration of a table: its name, how a row is made of its columns, and the rules.
///
/// ```swift
/// static let table = Table("users", Self.init,
///   Column("id", \.id),
///   Column("handle", \.handle).unique())
/// ```
public struct Table<Record: Row>: Sendable {
  /// What was declared, shared: tables are handed around with every row that is written.
  private let declaration: Frozen<TableDeclaration<Record>>
  /// How a row's `id` is read.
  @usableFromInline let idField: Field<Record, Record.ID>
  /// How the columns of a row are read, in their order; beside the declaration, because every row that
  /// is written is read.
  @usableFromInline let readers: [PropertyReader<Record>]
  /// Which properties the columns store.
  @usableFromInline let paths: ColumnPaths

  /// Declares a table.
  ///
  /// A column that is forgotten, or out of order, does not compile when the types differ; a schema
  /// finds the rest.
  ///
  /// - Parameters:
  ///   - name: The name in messages, constraints and files.
  ///   - make: The memberwise initializer, `Self.init`, which rebuilds a row from its columns.
  ///   - columns: One column for each parameter of `make`, in its order.
  // `Self.init` is not known to be Sendable in Swift 5 mode, where this keeps the compiler from warning.
  @preconcurrency
  public init<each Value: ColumnValue>(
    _ name: String, _ make: @escaping @Sendable (repeat each Value) -> Record,
    _ columns: repeat Column<Record, each Value>
  ) {
    var definitions: [ColumnDefinition<Record>] = []
    var fillings: [ColumnFilling] = []
    for column in repeat each columns {
      definitions.append(column.definition)
      fillings.append(ColumnFilling(column.field))
    }
    let columnCount = definitions.count
    let key = Table.keyColumn(definitions)
    self.init(
      TableDeclaration(
        name: name, columns: definitions,
        make: { values in
          guard values.count == columnCount else { return nil }
          var index = 0
          func next<Next: ColumnValue>(_: Next.Type) throws(WrongType) -> Next {
            defer { index += 1 }
            guard let value = Next(values[index]) else { throw WrongType() }
            return value
          }
          return try? make(repeat next((each Value).self))
        },
        fillings: fillings, primaryKey: key.map { [$0.keyPath] } ?? [],
        checks: definitions.flatMap { $0.checks }),
      idField: Field(Record.idKeyPath, storedAs: key?.keyPath))
  }

  private init(_ declaration: TableDeclaration<Record>, idField: Field<Record, Record.ID>) {
    self.declaration = Frozen(declaration)
    self.idField = idField
    paths = ColumnPaths(declaration.columns)
    readers = declaration.columns.map(\.read)
  }

  private func changed(_ change: (inout TableDeclaration<Record>) -> Void) -> Table {
    var copy = declaration.value
    change(&copy)
    return Table(copy, idField: idField)
  }

  var name: String { declaration.value.name }
  var columns: [ColumnDefinition<Record>] { declaration.value.columns }
  /// Makes a row of its columns' values, in their order; nil if a value has the wrong type.
  @usableFromInline
  var make: @Sendable ([StoredValue]) -> Record? { declaration.value.make }
  /// What fills the properties of rows from their columns.
  var fillings: [ColumnFilling] { declaration.value.fillings }
  /// The columns of the primary key, empty until it is known which they are.
  var primaryKey: [any PartialKeyPath<Record> & Sendable] { declaration.value.primaryKey }
  var formerName: String? { declaration.value.formerName }
  /// The columns of each index: the one that gives the order, perhaps behind another.
  var indexes: [[any PartialKeyPath<Record> & Sendable]] { declaration.value.indexes }
  var uniques: [[any PartialKeyPath<Record> & Sendable]] { declaration.value.uniques }
  /// The tests of rows: those of columns in their order, then those of the table.
  var checks: [Check<Record>] { declaration.value.checks }

  /// Names the column of the primary key, where `id` is not stored under that name itself.
  public func primaryKey(_ column: any KeyPath<Record, Record.ID> & Sendable) -> Table {
    keyed([column], Field(Record.idKeyPath, storedAs: column))
  }

  /// Names the columns of a composite primary key. The row's `id` is a `Pair` of their values.
  public func primaryKey<First, Second>(
    _ first: any KeyPath<Record, First> & Sendable, _ second: any KeyPath<Record, Second> & Sendable
  ) -> Table where Record.ID == Pair<First, Second> {
    keyed([first, second])
  }

  /// Names the three columns of a composite primary key. The row's `id` is a pair of the first and
  /// of a pair of the others: `Pair(a, Pair(b, c))`.
  public func primaryKey<First, Second, Third>(
    _ first: any KeyPath<Record, First> & Sendable,
    _ second: any KeyPath<Record, Second> & Sendable, _ third: any KeyPath<Record, Third> & Sendable
  ) -> Table where Record.ID == Pair<First, Pair<Second, Third>> {
    keyed([first, second, third])
  }

  /// Names the four columns of a composite primary key. The row's `id` is
  /// `Pair(a, Pair(b, Pair(c, d)))`.
  public func primaryKey<First, Second, Third, Fourth>(
    _ first: any KeyPath<Record, First> & Sendable,
    _ second: any KeyPath<Record, Second> & Sendable,
    _ third: any KeyPath<Record, Third> & Sendable, _ fourth: any KeyPath<Record, Fourth> & Sendable
  ) -> Table where Record.ID == Pair<First, Pair<Second, Pair<Third, Fourth>>> {
    keyed([first, second, third, fourth])
  }

  private func keyed(
    _ columns: [any PartialKeyPath<Record> & Sendable],
    _ idField: Field<Record, Record.ID> = Field(Record.idKeyPath)
  ) -> Table {
    Table(changed { $0.primaryKey = columns }.declaration.value, idField: idField)
  }

  /// Allows each combination of values of some columns once. A combination in which a value is
  /// missing is never taken.
  public func unique(_ columns: any PartialKeyPath<Record> & Sendable...) -> Table {
    changed { $0.uniques.append(columns) }
  }

  /// Says what the table was called before, so that a migration carries its rows over. That
  /// is followed where the former name is there and the present one is not.
  public func was(_ formerName: String) -> Table {
    changed { $0.formerName = formerName }
  }

  /// Refuses rows that a test does not accept.
  ///
  /// - Parameters:
  ///   - name: The last part of the constraint's name: `ck_stays_ends_after_start`.
  ///   - accepts: Whether a row is allowed.
  public func check(_ name: String, _ accepts: @escaping @Sendable (Record) -> Bool) -> Table {
    let check = Check<Record>(name: name, ofRow: { accepts($0) ? nil : "\($0.id.stored)" })
    return changed { $0.checks.append(check) }
  }

  /// Keeps the rows in the order of a column too: the same as `indexed()` on the column.
  public func index(_ column: any PartialKeyPath<Record> & Sendable) -> Table {
    changed { $0.indexes.append([column]) }
  }

  /// Keeps the rows that have the same value in a column in the order of another.
  ///
  /// `.index(\.author, orderedBy: \.createdAt)` serves the newest posts of an author, and so the
  /// feed. Below a foreign key, numbers and dates are kept a run a parent; other values are compared
  /// when a row is inserted or sought.
  ///
  /// - Parameters:
  ///   - first: A foreign key, or another column.
  ///   - order: A column.
  public func index<First: ColumnValue, Order: ColumnValue>(
    _ first: any KeyPath<Record, First> & Sendable,
    orderedBy order: any KeyPath<Record, Order> & Sendable
  ) -> Table {
    changed { $0.indexes.append([first, order]) }
  }

  /// The column that stores `id`.
  ///
  /// A generic `\Record.id` equals no key path that a user wrote, so the column is found by its
  /// type, and among several of the type by the name of the property. The first row that is
  /// inserted proves the choice.
  private static func keyColumn(
    _ columns: [ColumnDefinition<Record>]
  ) -> ColumnDefinition<Record>? {
    let candidates = columns.filter(\.hasKeyType)
    if candidates.count == 1 { return candidates[0] }
    return candidates.first { "\($0.keyPath)".hasSuffix(".id") }
  }

  /// The place of a property among the columns, or nil if it is no column.
  @inlinable
  func columnIndex(of keyPath: PartialKeyPath<Record>) -> Int? {
    paths.index(of: keyPath, at: MemoryLayout<Record>.offset(of: keyPath))
  }

  /// The place and the name of the column that stores a property, or nil if it is no column.
  @inlinable
  func column(of keyPath: PartialKeyPath<Record>) -> (place: Int, name: String)? {
    columnIndex(of: keyPath).map { ($0, name(ofColumn: $0)) }
  }

  /// The name of a column, or what stands for a property that is none.
  @inlinable
  func name(ofColumn column: Int?) -> String { paths.name(of: column) }

  /// Reads rows where they lie.
  var reader: RowReader {
    let (columns, idField) = (columns, idField)
    var key: ValueReader = { RowPages<Record>.read(idField, at: $0, $1).stored }
    // Where the key lies in a column, the column reads it: that knows the types.
    if idField.offset != nil, primaryKey.count == 1, let column = columnIndex(of: primaryKey[0]) {
      key = columns[column].readStored
    }
    return RowReader(
      key: key, columns: columns.map(\.readStored), fillings.map { $0.place?.bytes })
  }

  /// The values of a row's columns, in their order. The row is lent to all columns at once: a copy for
  /// each would cost columns times the size of the row.
  @inlinable
  func values(of row: borrowing Record) -> [StoredValue] {
    LentRow.lend(row) { row in readers.map { $0(row) } }
  }

  private struct WrongType: Error {}
}

/// What a table declares.
struct TableDeclaration<Record: Row>: Sendable {
  let name: String
  let columns: [ColumnDefinition<Record>]
  let make: @Sendable ([StoredValue]) -> Record?
  let fillings: [ColumnFilling]
  var primaryKey: [any PartialKeyPath<Record> & Sendable]
  var indexes: [[any PartialKeyPath<Record> & Sendable]] = []
  var uniques: [[any PartialKeyPath<Record> & Sendable]] = []
  var checks: [Check<Record>]
  var formerName: String?
}

extension Row {
  /// The key path to the primary key. Written here, because a key path in a function over a
  /// parameter pack crashes (Swift 6.3.1).
  static var idKeyPath: any KeyPath<Self, ID> & Sendable { \Self.id }
}
