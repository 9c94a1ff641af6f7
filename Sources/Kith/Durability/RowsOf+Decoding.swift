import KithCore

extension RowsOf {
  /// Makes rows of stored columns, at the slots from 0 on.
  ///
  /// A row that holds its columns and nothing else is not made by its initializer: its properties are
  /// written where they lie, a column at a time, on all cores.
  ///
  /// - Throws: `FormatFault.refused` if the declaration of the table does not fit its first rows,
  ///   `.otherSchema` if a row breaks a rule of the table: the rule is not what it was.
  static func decoding(
    _ table: StoredTable, _ info: Frozen<TableInfo>
  ) throws(FormatFault) -> RowsOf<Record> {
    if table.count == 0 { return RowsOf() }
    let declaration = Record.table
    var columns = table.columns
    let first = try next(&columns, declaration)
    let rows: RowsOf
    if let layout = RowLayout(of: first, declaration.fillings.map(\.place)) {
      rows = RowsOf(try filled(layout, from: table, declaration))
    } else {
      var pages = RowPages<Record>()
      pages.set(first, at: 0)
      for slot in 1..<UInt32(table.count) { pages.set(try next(&columns, declaration), at: slot) }
      rows = RowsOf(pages)
    }
    let hasRules = !info.checkNames.isEmpty || !info.limits.isEmpty
    let tested = hasRules ? UInt32(table.count) : min(UInt32(table.count), TableInfo.provenRows)
    for slot in 0..<tested { try test(rows.row(at: slot), at: slot, info) }
    return rows
  }

  /// Makes the next row of its columns, each of which has one more value.
  private static func next(
    _ columns: inout [ColumnReader], _ declaration: Table<Record>
  ) throws(FormatFault) -> Record {
    let values = try columns.next()
    if let row = declaration.make(values) { return row }
    let others = zip(declaration.columns, values).filter { !$0.accepts($1) }
    throw .otherSchema(
      others.map { "\(declaration.name).\($0.name) holds \($1), which is no \($0.typeName)" })
  }

  /// Fills the properties of rows from the columns, some pages at a time.
  private static func filled(
    _ layout: RowLayout, from table: StoredTable, _ declaration: Table<Record>
  ) throws(FormatFault) -> RowPages<Record> {
    let fillings = declaration.fillings
    let (size, name) = (ColumnReader.partSize, declaration.name)
    let parts = try concurrently((table.count + size - 1) / size) { (part) throws(FormatFault) in
      let rows = RowsInMaking(count: min(size, table.count - part * size), layout)
      for (number, filling) in fillings.enumerated() {
        var column = table.columns[number].from(part: part)
        try filling.fill(rows, number, &column, name)
      }
      return rows
    }
    return RowPages(parts)
  }

  private static func test(
    _ row: Record, at slot: UInt32, _ info: Frozen<TableInfo>
  ) throws(FormatFault) {
    let checked: ReplacedRow
    do throws(GraphError) {
      checked = try Record.checked(row, info)
    } catch {
      throw .refusedRow(error)
    }
    guard slot < TableInfo.provenRows else { return }
    do throws(GraphError) {
      try Record.prove(row, checked.values)
    } catch {
      throw .refused(error)
    }
  }
}
