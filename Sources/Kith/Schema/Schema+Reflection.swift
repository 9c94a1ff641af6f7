extension Schema {
  /// A table, or an association table, as a schema describes it.
  public struct Table: Sendable, Hashable {
    /// The name of the table.
    public var name: String
    /// The columns, in the order of the declaration.
    public var columns: [Column]
    /// The primary key, then the unique, foreign key and check constraints.
    public var constraints: [Constraint]
    /// The indexes besides those that constraints keep.
    public var indexes: [Constraint]
    /// Whether the table holds links and no rows of its own.
    public var isAssociation: Bool
    /// The name that the table had before, if its declaration says so.
    public var formerName: String?

    /// The column with a name, or nil.
    public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
  }

  /// A column as a schema describes it.
  public struct Column: Sendable, Hashable {
    /// The name of the column.
    public var name: String
    /// What its values come down to.
    public var kind: StoredValue.Kind
    /// Whether a value may be missing.
    public var isNullable: Bool
    /// The value of rows that come without one, or nil if there is no default.
    public var defaultValue: StoredValue?
    /// The most characters, or bytes, or nil if any number is allowed.
    public var maxLength: Int?
    /// The name that the column had before, if its declaration says so.
    public var formerName: String?
  }

  /// A rule that a table keeps, or an index.
  public struct Constraint: Sendable, Hashable {
    /// What a constraint is about.
    public enum Kind: String, Sendable, CaseIterable {
      /// No two rows have one key, and every row has one.
      case primaryKey
      /// No two rows have the same values.
      case unique
      /// Every value is the key of another row.
      case foreignKey
      /// Every value, or every row, passes a test.
      case check
      /// Rows are kept in an order; no rule.
      case index
    }

    /// The name in messages, as the naming convention makes it.
    public var name: String
    /// What the constraint is about.
    public var kind: Kind
    /// The columns that it is about; none for a check that a closure makes.
    public var columns: [String]
    /// The table that a foreign key refers to.
    public var target: String?
    /// What a foreign key does when the row it refers to is deleted.
    public var onDelete: DeleteRule?
    /// Whether a foreign key is checked at the end of the write.
    public var isDeferred = false
  }

  /// The tables in the order of the declaration, then the association tables.
  public var tables: [Table] {
    layout.tables.map { describe($0.value) }
      + layout.links.filter { $0.column == nil }.map { describe($0.value) }
  }

  /// The table or association table with a name, or nil.
  public func table(_ name: String) -> Table? { tables.first { $0.name == name } }

  private func describe(_ info: TableInfo) -> Table {
    func names(_ columns: [Int]) -> [String] { columns.map { info.columns[$0].name } }
    var constraints = [
      Constraint(name: info.primaryKeyName, kind: .primaryKey, columns: names(info.primaryKey))
    ]
    constraints += info.uniques.map {
      Constraint(name: $0.name, kind: .unique, columns: names($0.columns))
    }
    for link in info.foreignKeys.map({ layout.links[$0] }) {
      constraints.append(
        Constraint(
          name: link.targetConstraint, kind: .foreignKey,
          columns: names(link.column.map { [$0] } ?? []),
          target: layout.tables[link.target].name, onDelete: link.onDelete,
          isDeferred: link.isDeferred))
    }
    constraints += info.checkNames.map { Constraint(name: $0, kind: .check, columns: []) }
    constraints += info.limits.map {
      Constraint(name: $0.name, kind: .check, columns: names([$0.column]))
    }
    return Table(
      name: info.name, columns: info.columns, constraints: constraints,
      indexes: info.indexes.map {
        Constraint(name: $0.name, kind: .index, columns: names($0.columns))
      },
      isAssociation: false, formerName: info.formerName)
  }

  private func describe(_ info: LinkInfo) -> Table {
    let columns = info.columnNames
    let (source, target) = (layout.tables[info.source], layout.tables[info.target])
    var constraints = [
      Constraint(name: info.primaryKeyName, kind: .primaryKey, columns: columns),
      Constraint(
        name: info.sourceConstraint, kind: .foreignKey, columns: [columns[0]], target: source.name,
        onDelete: .cascade),
      Constraint(
        name: info.targetConstraint, kind: .foreignKey, columns: [columns[1]], target: target.name,
        onDelete: .cascade),
    ]
    if !info.allowsSelfLinks {
      constraints.append(Constraint(name: info.selfLinkConstraint, kind: .check, columns: columns))
    }
    return Table(
      name: info.tableName,
      columns: zip(columns, [source.keyKind, target.keyKind]).map {
        Column(name: $0, kind: $1, isNullable: false)
      }, constraints: constraints, indexes: [], isAssociation: true,
      formerName: info.identity.association?.formerName)
  }
}
