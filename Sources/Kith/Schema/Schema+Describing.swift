/// Tables, columns and constraints by hand, as migrations write them.
extension Schema.Table {
  /// Describes a table, or an association table.
  ///
  /// - Parameters:
  ///   - name: The name of the table.
  ///   - columns: Its columns, in their order.
  ///   - constraints: Its primary key, and its other constraints.
  ///   - indexes: Its indexes.
  ///   - isAssociation: Whether it holds links: then it has two columns, each a foreign key.
  public init(
    _ name: String, columns: [Schema.Column], constraints: [Schema.Constraint],
    indexes: [Schema.Constraint] = [], isAssociation: Bool = false
  ) {
    self.init(
      name: name, columns: columns, constraints: constraints, indexes: indexes,
      isAssociation: isAssociation, formerName: nil)
  }
}

extension Schema.Column {
  /// A column.
  ///
  /// - Parameters:
  ///   - name: The name of the column.
  ///   - kind: What its values come down to.
  ///   - isNullable: Whether a value may be missing.
  ///   - defaultValue: The value of rows that come without one, or nil if there is no default.
  ///   - maxLength: The most characters, or bytes, or nil if any number is allowed.
  public static func column(
    _ name: String, _ kind: StoredValue.Kind, isNullable: Bool = false,
    default defaultValue: StoredValue? = nil, maxLength: Int? = nil
  ) -> Schema.Column {
    Schema.Column(
      name: name, kind: kind, isNullable: isNullable, defaultValue: defaultValue,
      maxLength: maxLength)
  }
}

extension Schema.Constraint {
  /// A primary key: no two rows have the same values, and every row has them.
  public static func primaryKey(_ name: String, _ columns: String...) -> Schema.Constraint {
    Schema.Constraint(name: name, kind: .primaryKey, columns: columns)
  }

  /// A unique constraint: no two rows have the same values.
  public static func unique(_ name: String, _ columns: String...) -> Schema.Constraint {
    Schema.Constraint(name: name, kind: .unique, columns: columns)
  }

  /// A foreign key: every value is the primary key of a row of another table, or of the same one.
  ///
  /// - Parameters:
  ///   - name: The name of the constraint.
  ///   - column: The column that holds the keys.
  ///   - table: The table that they are keys of.
  ///   - onDelete: What happens to the row when the row it refers to is deleted.
  ///   - deferred: Whether the reference is checked at the end of a write.
  public static func foreignKey(
    _ name: String, _ column: String, references table: String, onDelete: DeleteRule = .restrict,
    deferred: Bool = false
  ) -> Schema.Constraint {
    Schema.Constraint(
      name: name, kind: .foreignKey, columns: [column], target: table, onDelete: onDelete,
      isDeferred: deferred)
  }

  /// A check, by its name: what it tests stands in the declaration of the table.
  public static func check(_ name: String, _ columns: String...) -> Schema.Constraint {
    Schema.Constraint(name: name, kind: .check, columns: columns)
  }

  /// An index. The last column gives the order, and a foreign key before it keeps rows apart.
  public static func index(_ name: String, _ columns: String...) -> Schema.Constraint {
    Schema.Constraint(name: name, kind: .index, columns: columns)
  }
}
