public import KithCore

/// One column of a table: its name, the property it stores, and the rules for its values.
public struct Column<Record: Row, Value: ColumnValue>: Sendable {
  @usableFromInline var definition: ColumnDefinition<Record>
  @usableFromInline let field: Field<Record, Value>

  /// Declares a column.
  ///
  /// A column of an optional type may be empty; any other may not. The column of `id` is the
  /// primary key.
  ///
  /// - Parameters:
  ///   - name: The name in messages, constraints and files, such as `created_at`.
  ///   - keyPath: The property that the column stores.
  @inlinable
  public init(_ name: String, _ keyPath: any KeyPath<Record, Value> & Sendable) {
    let field = Field(keyPath)
    self.field = field
    definition = ColumnDefinition(
      name: name, keyPath: keyPath, kind: Value.storedKind, isNullable: Value.isNullable,
      read: { (row: borrowing LentRow<Record>) in field.value(in: row).stored },
      readStored: { RowPages<Record>.read(field, at: $0, $1).stored },
      accepts: { Value($0) != nil }, typeName: "\(Value.self)",
      hasKeyType: Value.self == Record.ID.self)
  }

  /// Declares a foreign key: every value is the primary key of a row of another table, or of this
  /// one.
  ///
  /// - Parameters:
  ///   - name: The name in messages, constraints and files, such as `author_id`.
  ///   - keyPath: The property that the column stores.
  ///   - references: The type of the rows that the values are keys of.
  ///   - onDelete: What happens to the row when the row it refers to is deleted.
  ///   - deferred: Whether the reference is checked at the end of the write instead of at the call.
  @inlinable
  public init<Parent: Row>(
    _ name: String, _ keyPath: any KeyPath<Record, Value> & Sendable, references: Parent.Type,
    onDelete: DeleteRule = .restrict, deferred: Bool = false
  ) where Value == Parent.ID {
    self.init(name, keyPath)
    definition.reference = Reference(
      to: Parent.self, onDelete: onDelete, isDeferred: deferred,
      identity: LinkIdentity(column: name, of: Record.self))
  }

  /// Declares a foreign key that may be empty.
  ///
  /// - Parameters:
  ///   - name: The name in messages, constraints and files, such as `author_id`.
  ///   - keyPath: The property that the column stores.
  ///   - references: The type of the rows that the values are keys of.
  ///   - onDelete: What happens to the row when the row it refers to is deleted.
  ///   - deferred: Whether the reference is checked at the end of the write instead of at the call.
  @inlinable
  public init<Parent: Row>(
    _ name: String, _ keyPath: any KeyPath<Record, Value> & Sendable, references: Parent.Type,
    onDelete: DeleteRule = .restrict, deferred: Bool = false
  ) where Value == Parent.ID? {
    self.init(name, keyPath)
    definition.reference = Reference(
      to: Parent.self, onDelete: onDelete, isDeferred: deferred,
      identity: LinkIdentity(column: name, of: Record.self))
  }

  /// Allows each value once. An empty value is never taken.
  public func unique() -> Column {
    changed { $0.isUnique = true }
  }

  /// Keeps the rows in the order of this column too, so that comparisons with it, prefixes of it and
  /// sorting by it need not look at every row.
  public func indexed() -> Column {
    changed { $0.isIndexed = true }
  }

  /// Gives the value of rows that come without this column: from a file that leaves it out, or from
  /// before the column was added.
  ///
  /// A row that is made in Swift has all its values; give the property the same default there.
  public func `default`(_ value: Value) -> Column {
    changed { $0.defaultValue = value.stored }
  }

  /// Refuses values that are longer: text by its characters, data by its bytes.
  public func maxLength(_ limit: Int) -> Column {
    changed { $0.maxLength = limit }
  }

  /// Says what the column was called before, so that a migration carries its values over. That
  /// is followed where the former name is there and the present one is not.
  public func was(_ formerName: String) -> Column {
    changed { $0.formerName = formerName }
  }

  /// Refuses values that a test does not accept.
  ///
  /// - Parameters:
  ///   - name: The last part of the constraint's name: `ck_posts_not_empty`.
  ///   - accepts: Whether a value is allowed.
  public func check(_ name: String, _ accepts: @escaping @Sendable (Value) -> Bool) -> Column {
    let field = field
    return changed { definition in
      let column = definition.name
      definition.checks.append(
        Check(name: name) { (row: borrowing LentRow<Record>) in
          let value = field.value(in: row)
          return accepts(value) ? nil : "\(column) = \(value.stored)"
        })
    }
  }

  private func changed(_ change: (inout ColumnDefinition<Record>) -> Void) -> Column {
    var copy = self
    change(&copy.definition)
    return copy
  }
}

/// What happens to a row when the row that its foreign key refers to is deleted.
public enum DeleteRule: String, Sendable {
  /// The deletion is refused.
  case restrict
  /// The row is deleted too.
  case cascade
  /// The foreign key becomes empty.
  case setNull
}

/// A column as its table keeps it, whatever the type of its values.
@usableFromInline
struct ColumnDefinition<Record: Row>: Sendable {
  let name: String
  let keyPath: any PartialKeyPath<Record> & Sendable
  let kind: StoredValue.Kind
  let isNullable: Bool
  /// Reads the value of a row that is not stored yet.
  let read: PropertyReader<Record>
  let readStored: ValueReader
  /// Whether the column's type has a value that is stored as this one.
  let accepts: @Sendable (StoredValue) -> Bool
  let typeName: String
  /// Whether the column's values have the type of the primary key.
  let hasKeyType: Bool
  var isUnique = false
  var isIndexed = false
  var defaultValue: StoredValue?
  var maxLength: Int?
  var formerName: String?
  @usableFromInline var reference: Reference?
  var checks: [Check<Record>] = []

  @usableFromInline
  init(
    name: String, keyPath: any PartialKeyPath<Record> & Sendable, kind: StoredValue.Kind,
    isNullable: Bool, read: @escaping PropertyReader<Record>,
    readStored: @escaping ValueReader,
    accepts: @escaping @Sendable (StoredValue) -> Bool, typeName: String, hasKeyType: Bool
  ) {
    self.name = name
    self.keyPath = keyPath
    self.kind = kind
    self.isNullable = isNullable
    self.read = read
    self.readStored = readStored
    self.accepts = accepts
    self.typeName = typeName
    self.hasKeyType = hasKeyType
  }
}

extension ColumnDefinition {
  /// The column as reflection shows it.
  var description: Schema.Column {
    Schema.Column(
      name: name, kind: kind, isNullable: isNullable, defaultValue: defaultValue,
      maxLength: maxLength, formerName: formerName)
  }
}

/// A named test of a row.
struct Check<Record: Row>: Sendable {
  let name: String
  private let test: Test

  private enum Test: Sendable {
    case row(@Sendable (Record) -> String?)
    case column(@Sendable (borrowing LentRow<Record>) -> String?)
  }

  /// A test of a whole row.
  ///
  /// - Parameter fault: What is wrong with a row, as messages show it; nil if the row passes.
  init(name: String, ofRow fault: @escaping @Sendable (Record) -> String?) {
    (self.name, test) = (name, .row(fault))
  }

  /// A test of one column, which reads nothing else of a row.
  init(name: String, _ fault: @escaping @Sendable (borrowing LentRow<Record>) -> String?) {
    (self.name, test) = (name, .column(fault))
  }

  /// What is wrong with a row, as messages show it; nil if the row passes.
  ///
  /// - Parameter lent: The same row, lent.
  func fault(_ row: Record, _ lent: borrowing LentRow<Record>) -> String? {
    switch test {
    case .row(let fault): fault(row)
    case .column(let fault): fault(lent)
    }
  }
}

/// The far end of a foreign key.
@usableFromInline
struct Reference: Sendable {
  let rowType: ObjectIdentifier
  let typeName: String
  let onDelete: DeleteRule
  let isDeferred: Bool
  let identity: LinkIdentity

  @usableFromInline
  init<Parent: Row>(
    to: Parent.Type, onDelete: DeleteRule, isDeferred: Bool = false,
    identity: LinkIdentity? = nil
  ) {
    rowType = ObjectIdentifier(Parent.self)
    typeName = "\(Parent.self)"
    self.onDelete = onDelete
    self.isDeferred = isDeferred
    self.identity = identity ?? LinkIdentity(name: "")
  }
}
