import KithCore

extension RowsOf {
  /// Makes rows of stored columns, at the slots from 0 on.
  ///
  /// - Throws: `FormatFault.refused` if the declaration of the table does not fit its first rows,
  ///   `.otherSchema` if a row breaks a rule of the table: the rule is not what it was.
  static func decoding(
    _ table: StoredTable, _ info: Frozen<TableInfo>
  ) throws(FormatFault) -> RowsOf<Record> {
    let declaration = Record.table
    let hasRules = !info.checkNames.isEmpty || !info.limits.isEmpty
    var columns = table.columns
    var pages = RowPages<Record>()
    for slot in 0..<UInt32(table.count) {
      let row = try declaration.read(&columns)
      if hasRules || slot < TableInfo.provenRows { try test(row, at: slot, info) }
      pages.set(row, at: slot)
    }
    return RowsOf(pages)
  }

  private static func test(
    _ row: Record, at slot: UInt32, _ info: Frozen<TableInfo>
  ) throws(FormatFault) {
    let checked: ReplacedRow
    do throws(GraphError) {
      checked = try Record.checked(row, info)
    } catch {
      throw .otherSchema(["a row was allowed that the schema refuses: \(error)"])
    }
    guard slot < TableInfo.provenRows else { return }
    do throws(GraphError) {
      try Record.prove(row, checked.values)
    } catch {
      throw .refused(error)
    }
  }
}
