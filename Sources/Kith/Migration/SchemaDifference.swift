extension Schema {
  /// What leads from one schema to another.
  public struct Difference: Sendable, Hashable {
    /// The steps, in an order that works: tables that come and go, then table by table columns that
    /// come, columns that change, constraints and indexes that go and come, columns that go.
    public var operations: [Operation]

    /// Finds what leads from some tables to others.
    ///
    /// Tables and columns are compared by name. One that was renamed says so, `was("username")`, which
    /// is followed if that is there and the new name is not; otherwise it is another one. Constraints and indexes are the same if their names and all that
    /// they say are; a check that a closure makes says nothing but its name.
    ///
    /// - Parameters:
    ///   - stored: The tables and association tables to start from, as ``Schema/tables`` describes
    ///     them.
    ///   - tables: Those to get to.
    ///   - isCompared: Whether a table, or a column of it, is looked at; what is not stays as it is. A
    ///     table of which no column is looked at does not come.
    /// - Precondition: Both lists are of some schema: names are there once, references lead to tables.
    public init(
      from stored: [Table], to tables: [Table],
      where isCompared: (_ table: String, _ column: String?) -> Bool = { _, _ in true }
    ) {
      let present = Set(stored.map(\.name))
      let without = tables.filter { table in
        !present.contains(table.name) && !present.contains(table.formerName ?? "")
          && !table.columns.contains { isCompared(table.name, $0.name) }
      }
      let left = Set(without.map(\.name))
      func isLookedAt(_ table: String, _ column: String?) -> Bool {
        !left.contains(table) && isCompared(table, column)
      }
      var comparison = SchemaComparison(
        from: stored.compactMap { $0.comparable(isLookedAt) },
        to: tables.compactMap { $0.comparable(isLookedAt) })
      operations = comparison.compare()
    }

    private init(operations: [Operation]) {
      self.operations = operations
    }

    /// Whether the schemas are the same.
    public var isEmpty: Bool { operations.isEmpty }

    /// What would be lost if there is anything: one sentence each. A table or column that was renamed
    /// without `was(_:)` is among them, because it goes, and another comes.
    public var losses: [String] { operations.compactMap(\.loss) }

    /// The steps that lead back.
    public var inverse: Difference {
      Difference(operations: operations.reversed().map(\.inverse))
    }
  }

  /// What leads from other tables to those of this schema.
  ///
  /// - Parameters:
  ///   - stored: The tables and association tables to start from, as ``tables`` describes them.
  ///   - isCompared: Whether a table, or a column of it, is looked at; what is not stays as it is.
  /// - Precondition: The tables are those of some schema.
  public func difference(
    from stored: [Table],
    where isCompared: (_ table: String, _ column: String?) -> Bool = { _, _ in true }
  ) -> Difference {
    Difference(from: stored, to: tables, where: isCompared)
  }

  /// What leads from another schema to this one.
  public func difference(from other: Schema) -> Difference { difference(from: other.tables) }
}

extension Schema.Difference: CustomStringConvertible {
  /// The steps in words, one a line.
  public var description: String {
    isEmpty ? "no difference" : operations.map(\.description).joined(separator: "\n")
  }
}

extension Schema.Table {
  /// The table without what is not compared, and the rules about that; nil if all of it is not.
  fileprivate func comparable(_ isCompared: (String, String?) -> Bool) -> Schema.Table? {
    if !isCompared(name, nil) { return nil }
    var table = self
    let left = Set(columns.map(\.name).filter { !isCompared(name, $0) })
    table.columns.removeAll { left.contains($0.name) }
    table.constraints.removeAll { constraint in
      !left.isDisjoint(with: constraint.columns)
        || constraint.target.map { !isCompared($0, nil) } ?? false
    }
    table.indexes.removeAll { !left.isDisjoint(with: $0.columns) }
    let isHalf = isAssociation && table.constraints.count(where: { $0.kind == .foreignKey }) < 2
    return isHalf ? nil : table
  }
}
