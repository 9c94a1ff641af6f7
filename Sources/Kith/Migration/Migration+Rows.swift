import KithCore

extension Migration {
  /// One row, or one link, by the names of its columns.
  public struct Row: Sendable {
    var values: [StoredValue]
    fileprivate let header: RowHeader

    /// The value of a column. One that the table does not have is refused when the step ends, or where the
    /// rows of a table were asked for, when the migration does.
    public subscript(column: String) -> StoredValue {
      get { header.place(column).map { values[$0] } ?? .null }
      set { if let place = header.place(column) { values[place] = newValue } }
    }
  }
}

/// The columns of a table that rows are read from, and those that were asked for and are not there.
private final class RowHeader: Sendable {
  let table: String
  private let places: [String: Int]
  private let noted = Locked<[String]>([])

  init(_ table: Schema.Table) {
    self.table = table.name
    let names = table.columns.map(\.name)
    places = Dictionary(zip(names, names.indices)) { first, _ in first }
  }

  func place(_ column: String) -> Int? {
    if let place = places[column] { return place }
    let fault = "\(table) has no column \(column)"
    noted.withLock { if !$0.contains(fault) { $0.append(fault) } }
    return nil
  }

  var faults: [String] { noted.withLock { $0 } }
}

/// The rows that a migration read by itself, and no step for it.
final class RowsRead: Sendable {
  private let headers = Locked<[RowHeader]>([])

  fileprivate func note(_ header: RowHeader) { headers.withLock { $0.append(header) } }

  /// What they were asked for and is not there.
  var faults: [String] {
    headers.withLock { headers in
      headers.flatMap { header in header.faults.map { "read \(header.table): \($0)" } }
    }
  }
}

extension Migration.Tables {
  /// The rows of a table in order of insertion, or the links of an association table, whose columns
  /// hold the keys of both ends.
  public func rows(of table: String) throws(GraphError) -> [Migration.Row] {
    let opened = try self.table(try place(of: table, "read \(table)"))
    rowsRead.note(opened.header)
    return opened.rows
  }

  /// Changes rows one by one.
  ///
  /// - Parameters:
  ///   - table: A table of rows.
  ///   - change: Sets columns of a row, of what is in it.
  public mutating func backfill(
    _ table: String, _ change: (inout Migration.Row) throws -> Void
  ) throws {
    let step = "backfill \(table)"
    let (place, opened) = try openRows(table, step)
    var (changed, count) = (graph, 0)
    for (number, row) in zip(graph.tables[place].rows.numbers, opened.rows) {
      var changedRow = row
      try change(&changedRow)
      if changedRow.values.isIdentical(to: row.values) { continue }
      changed.tables[place].rows.replace(number, with: changedRow.values)
      count += 1
    }
    changed.tables[place].noteKeys()
    try finish(step, opened, changed, count)
  }

  /// Makes rows, or links, of those of another table.
  ///
  /// - Parameters:
  ///   - source: The table, or association table, to read.
  ///   - target: The table, or association table, to add to.
  ///   - make: The values of a new row by column; nil for none. A column that is left out has its
  ///     default, or no value.
  public mutating func copy(
    from source: String, to target: String,
    _ make: (Migration.Row) throws -> [String: StoredValue]?
  ) throws {
    let step = "copy \(source) to \(target)"
    let opened = try table(try place(of: source, step))
    let made = try opened.rows.compactMap(make)
    if !opened.faults.isEmpty { throw refusal(step, opened.faults) }
    try insert(made, into: target, step)
  }

  /// Adds rows, or links.
  ///
  /// - Parameters:
  ///   - rows: The values of each row by column. A column that is left out has its default, or no
  ///     value.
  ///   - table: A table, or an association table, whose columns hold the keys of both ends.
  public mutating func insert(
    contentsOf rows: [[String: StoredValue]], into table: String
  ) throws(GraphError) {
    try insert(rows, into: table, "insert into \(table)")
  }

  /// Removes rows, or links. The links of rows that go, go too; rows that refer to them must go or
  /// change before the migration is through.
  ///
  /// - Parameters:
  ///   - table: A table, or an association table.
  ///   - goes: Whether a row goes.
  public mutating func delete(
    from table: String, where goes: (Migration.Row) throws -> Bool
  ) throws {
    let step = "delete from \(table)"
    let place = try place(of: table, step)
    let opened = try self.table(place)
    let numbers = Array(graph.tables[place].rows.numbers)
    let links = graph.tables[place].links.all
    var (changed, count) = (graph, 0)
    for (index, row) in opened.rows.enumerated() where try goes(row) {
      if graph.tables[place].schema.isAssociation {
        changed.tables[place].links.remove(links[index])
      } else {
        changed.tables[place].rows.remove(numbers[index])
      }
      count += 1
    }
    do throws(RefusedStep) {
      try changed.compact()
    } catch {
      throw refusal(step, error.reasons)
    }
    try finish(step, opened, changed, count)
  }

  /// The value of each row of a table.
  func values(
    of table: String, _ step: String, _ value: (Migration.Row) throws -> StoredValue
  ) throws -> [StoredValue] {
    let (place, opened) = try openRows(table, step)
    var values = [StoredValue](repeating: .null, count: graph.tables[place].rows.end)
    for (number, row) in zip(Array(graph.tables[place].rows.numbers), opened.rows) {
      values[number] = try value(row)
    }
    if !opened.faults.isEmpty { throw refusal(step, opened.faults) }
    return values
  }

  // MARK: Steps

  /// The rows of a table, and what was asked of them and is not there.
  private struct OpenedTable {
    let rows: [Migration.Row]
    let header: RowHeader

    var faults: [String] { header.faults }
  }

  private func table(_ place: Int) throws(GraphError) -> OpenedTable {
    let table = graph.tables[place]
    let header = RowHeader(table.schema)
    let values: [[StoredValue]]
    if table.schema.isAssociation {
      let ends = try refused("read \(table.schema.name)") { (graph) throws(RefusedStep) in
        try graph.ends(of: place)
      }
      let (sources, targets) = (graph.tables[ends.source].keys, graph.tables[ends.target].keys)
      values = table.links.all.map { [sources(Int($0.source)), targets(Int($0.target))] }
    } else {
      values = table.rows.numbers.map { table.rows.values($0) }
    }
    return OpenedTable(
      rows: values.map { Migration.Row(values: $0, header: header) }, header: header)
  }

  private func openRows(
    _ name: String, _ step: String
  ) throws(GraphError) -> (place: Int, OpenedTable) {
    let place = try place(of: name, step)
    if graph.tables[place].schema.isAssociation {
      throw refusal(step, ["\(name) is an association table, whose links have no other values"])
    }
    return (place, try table(place))
  }

  /// Puts the graph that a step has changed in the place of the present one.
  private mutating func finish(
    _ step: String, _ opened: OpenedTable, _ changed: RawGraph, _ count: Int
  ) throws(GraphError) {
    if !opened.faults.isEmpty { throw refusal(step, opened.faults) }
    graph = changed
    steps.append(Migration.Step(description: step, count: count))
  }

  private mutating func insert(
    _ rows: [[String: StoredValue]], into name: String, _ step: String
  ) throws(GraphError) {
    do throws(RefusedStep) {
      let place = try graph.requireIndex(of: name)
      let schema = graph.tables[place].schema
      var values: [[StoredValue]] = []
      for row in rows {
        if let unknown = row.keys.sorted().first(where: { schema.column($0) == nil }) {
          throw RefusedStep("\(name) has no column \(unknown)")
        }
        values.append(schema.columns.map { row[$0.name] ?? $0.defaultValue ?? .null })
      }
      if schema.isAssociation {
        try graph.insertLinks(values, into: place)
      } else {
        let first = graph.tables[place].rows.end
        for row in values { graph.tables[place].append(row) }
        graph.tables[place].noteKeys(from: first)
      }
    } catch {
      throw refusal(step, error.reasons)
    }
    steps.append(Migration.Step(description: step, count: rows.count))
  }
}

extension RawGraph {
  /// Adds links to an association table, by the keys of both ends; none if one can't be added.
  fileprivate mutating func insertLinks(
    _ links: [[StoredValue]], into place: Int
  ) throws(RefusedStep) {
    let ends = try self.ends(of: place)
    // A step may be called for one link after another.
    tables[ends.source].keepRowsByKey()
    tables[ends.target].keepRowsByKey()
    let (sources, targets) = (tables[ends.source].rowsByKey, tables[ends.target].rowsByKey)
    var (found, faults): ([RawLink], Examples) = ([], Examples())
    for link in links {
      guard let source = sources[link[0]], let target = targets[link[1]] else {
        faults.add("\(link[0]) to \(link[1])")
        continue
      }
      found.append(RawLink(source: UInt32(source), target: UInt32(target)))
    }
    if !faults.isEmpty { throw RefusedStep("these would link rows that do not exist: \(faults)") }
    for link in found { tables[place].links.insert(link) }
  }
}
