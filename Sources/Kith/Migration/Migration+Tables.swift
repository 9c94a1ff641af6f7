extension Migration {
  /// The tables of a folder, by name, in the hands of a migration.
  ///
  /// A step that can't be done throws `GraphError.migrationRefused`, and with it the migration ends.
  /// Foreign keys, and what a column may hold, are tested once more when the migration is through.
  public struct Tables: Sendable {
    /// The name of the migration, for errors.
    let migration: String
    var graph: RawGraph
    /// What was done so far.
    var steps: [Step] = []
    let rowsRead = RowsRead()

    init(_ graph: RawGraph, migration: String) {
      (self.graph, self.migration) = (graph, migration)
    }

    /// What the tables are now.
    public var schema: [Schema.Table] { graph.schema }

    // MARK: Tables

    /// Creates a table without rows.
    ///
    /// - Parameters:
    ///   - name: The name of the table.
    ///   - columns: Its columns, in their order.
    ///   - constraints: Its primary key, and its other constraints.
    ///   - indexes: Its indexes.
    ///   - next: The table to stand before; nil to be the last.
    public mutating func create(
      _ name: String, columns: [Schema.Column], constraints: [Schema.Constraint],
      indexes: [Schema.Constraint] = [], before next: String? = nil
    ) throws(GraphError) {
      let table = Schema.Table(
        name, columns: columns, constraints: constraints, indexes: indexes)
      try perform(.createTable(table, before: next))
    }

    /// Creates an association table without links.
    ///
    /// - Parameters:
    ///   - name: The name of the table.
    ///   - columns: The two columns, whose kinds are those of the primary keys they refer to.
    ///   - constraints: Its primary key, and a foreign key for each column.
    ///   - next: The association table to stand before; nil to be the last.
    public mutating func createAssociation(
      _ name: String, columns: [Schema.Column], constraints: [Schema.Constraint],
      before next: String? = nil
    ) throws(GraphError) {
      let table = Schema.Table(
        name, columns: columns, constraints: constraints, isAssociation: true)
      try perform(.createTable(table, before: next))
    }

    /// Drops a table, or an association table.
    ///
    /// - Parameters:
    ///   - table: The name of the table.
    ///   - losingData: Whether it may hold rows or links, which are lost.
    public mutating func drop(_ table: String, losingData: Bool = false) throws(GraphError) {
      let dropped = schema[try place(of: table, "drop \(table)")]
      try perform(
        .dropTable(dropped, before: graph.nameAfter(dropped)), losingData: losingData)
    }

    /// Gives a table another name.
    public mutating func rename(_ table: String, to name: String) throws(GraphError) {
      try perform(.renameTable(table, to: name))
    }

    /// Puts the tables in another order.
    public mutating func orderTables(_ names: [String]) throws(GraphError) {
      try perform(.orderTables(names, from: schema.map(\.name)))
    }

    // MARK: Columns

    /// Adds a column.
    ///
    /// - Parameters:
    ///   - column: The column.
    ///   - table: The table.
    ///   - next: The column to stand before; nil to be the last.
    ///   - value: The value of the rows that are there; nil for the default of the column.
    public mutating func addColumn(
      _ column: Schema.Column, to table: String, before next: String? = nil,
      fill value: StoredValue? = nil
    ) throws(GraphError) {
      let end = graph.table(table)?.rows.end ?? 0
      try perform(
        .addColumn(column, to: table, before: next),
        values: value.map { [StoredValue](repeating: $0, count: end) })
    }

    /// Adds a column, and computes its values.
    ///
    /// - Parameters:
    ///   - column: The column.
    ///   - table: The table.
    ///   - next: The column to stand before; nil to be the last.
    ///   - value: The value of a row that is there.
    public mutating func addColumn(
      _ column: Schema.Column, to table: String, before next: String? = nil,
      fill value: (Row) throws -> StoredValue
    ) throws {
      let values = try self.values(of: table, "add column \(table).\(column.name)", value)
      try perform(.addColumn(column, to: table, before: next), values: values)
    }

    /// Drops a column, and the foreign keys, unique constraints and indexes on it.
    ///
    /// - Parameters:
    ///   - column: The name of the column.
    ///   - table: The table.
    ///   - losingData: Whether it may hold values, which are lost.
    public mutating func dropColumn(
      _ column: String, from table: String, losingData: Bool = false
    ) throws(GraphError) {
      let present = try self.column(column, of: table, "drop column \(table).\(column)")
      let next = graph.columnAfter(column, of: table)
      try perform(.dropColumn(present, from: table, before: next), losingData: losingData)
    }

    /// Gives a column another name, also in the constraints and indexes on it.
    public mutating func renameColumn(
      _ column: String, of table: String, to name: String
    ) throws(GraphError) {
      try perform(.renameColumn(column, to: name, of: table))
    }

    /// Changes what a column holds.
    ///
    /// Values of another kind are what they are by themselves, as 1 becomes 1.0 and "1"; one that
    /// can't be the same is refused. Where no value may be missing any more, the default fills in.
    ///
    /// - Parameters:
    ///   - column: The name of the column.
    ///   - table: The table.
    ///   - changed: What it becomes, under the same name.
    public mutating func changeColumn(
      _ column: String, of table: String, to changed: Schema.Column
    ) throws(GraphError) {
      let present = try self.column(column, of: table, "change column \(table).\(column)")
      try perform(.changeColumn(present, to: changed.named(column), of: table))
    }

    /// Changes what a column holds, and converts its values.
    ///
    /// - Parameters:
    ///   - column: The name of the column.
    ///   - table: The table.
    ///   - changed: What it becomes, under the same name.
    ///   - convert: The new value of a row, of its present one.
    public mutating func changeColumn(
      _ column: String, of table: String, to changed: Schema.Column,
      convert: (StoredValue) throws -> StoredValue
    ) throws {
      let present = try self.column(column, of: table, "change column \(table).\(column)")
      let values = try self.values(of: table, "change column \(table).\(column)") {
        try convert($0[column])
      }
      try perform(
        .changeColumn(present, to: changed.named(column), of: table), values: values)
    }

    /// Puts the columns of a table in another order.
    public mutating func orderColumns(of table: String, _ names: [String]) throws(GraphError) {
      let present = graph.table(table)?.schema.columns.map(\.name) ?? []
      try perform(.orderColumns(names, from: present, of: table))
    }

    // MARK: Constraints

    /// Adds a constraint or an index. Rows that break it are named, and nothing is added.
    public mutating func add(
      _ constraint: Schema.Constraint, to table: String
    ) throws(GraphError) {
      try perform(.addConstraint(constraint, to: table))
    }

    /// Drops a constraint or an index.
    public mutating func dropConstraint(
      _ constraint: String, from table: String
    ) throws(GraphError) {
      let step = "drop \(constraint)"
      guard let present = schema[try place(of: table, step)].constraint(constraint) else {
        throw refusal(step, ["\(table) has no constraint and no index \(constraint)"])
      }
      try perform(.dropConstraint(present, from: table))
    }

    /// Gives a constraint or an index another name.
    public mutating func renameConstraint(
      _ constraint: String, of table: String, to name: String
    ) throws(GraphError) {
      try perform(.renameConstraint(constraint, to: name, of: table))
    }

    // MARK: Steps

    /// Does one step of a difference.
    ///
    /// - Parameters:
    ///   - operation: The step.
    ///   - losingData: Whether a table or a column that holds something may be dropped.
    public mutating func perform(
      _ operation: Schema.Operation, losingData: Bool = false
    ) throws(GraphError) {
      if !losingData { try requireNoLoss(operation) }
      try perform(operation, values: nil)
    }

    /// Does all steps of a difference, in order.
    mutating func perform(
      _ difference: Schema.Difference, losingData: Bool
    ) throws(GraphError) {
      for operation in difference.operations { try perform(operation, losingData: losingData) }
    }

    private mutating func perform(
      _ operation: Schema.Operation, values: [StoredValue]?
    ) throws(GraphError) {
      let count: Int
      do throws(RefusedStep) {
        count = try graph.perform(operation, values: values)
      } catch {
        throw refusal("\(operation)", error.reasons)
      }
      steps.append(Step(description: "\(operation)", count: count))
    }

    private func requireNoLoss(_ operation: Schema.Operation) throws(GraphError) {
      let count: Int
      switch operation {
      case .dropTable(let table, _):
        count = graph.table(table.name)?.count ?? 0
      case .dropColumn(let column, let table, _): count = valueCount(of: column.name, in: table)
      default: return
      }
      if count > 0, let loss = operation.loss {
        throw refusal(
          "\(operation)", ["\(loss), \(count) of them: say losingData: true to allow it"])
      }
    }

    private func valueCount(of column: String, in table: String) -> Int {
      guard let raw = graph.table(table),
        let index = raw.schema.columns.firstIndex(where: { $0.name == column })
      else { return 0 }
      return raw.rows.numbers.count { !raw.rows.columns[index][$0].isNull }
    }

    private func column(
      _ name: String, of table: String, _ step: String
    ) throws(GraphError) -> Schema.Column {
      try refused(step) { (graph) throws(RefusedStep) in
        let table = graph.tables[try graph.requireIndex(of: table)]
        return table.schema.columns[try table.requireColumn(name)]
      }
    }

    /// The place of a table that a step is about.
    func place(of table: String, _ step: String) throws(GraphError) -> Int {
      try refused(step) { (graph) throws(RefusedStep) in try graph.requireIndex(of: table) }
    }

    func refused<Result>(
      _ step: String, _ body: (RawGraph) throws(RefusedStep) -> Result
    ) throws(GraphError) -> Result {
      do throws(RefusedStep) {
        return try body(graph)
      } catch {
        throw refusal(step, error.reasons)
      }
    }

    func refusal(_ step: String, _ reasons: [String]) -> GraphError {
      .migrationRefused(migration: migration, reasons: reasons.map { "\(step): \($0)" })
    }
  }
}

extension Schema.Column {
  fileprivate func named(_ name: String) -> Schema.Column {
    var column = self
    column.name = name
    return column
  }
}
