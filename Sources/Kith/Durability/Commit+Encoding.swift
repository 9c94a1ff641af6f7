import KithCore

extension Commit {
  /// What each operation starts with.
  private enum Mark: UInt8 {
    case unlink = 1
    case delete, update, insert, largestKey, link
  }

  /// Writes the version, then one operation behind the other.
  func write(into writer: inout ByteWriter) {
    writer.appendVarint(UInt64(version))
    func writeRows(_ rows: [RowChange], _ mark: Mark) {
      for row in rows {
        writer.append(mark.rawValue)
        writer.appendVarint(UInt64(row.table))
        if mark != .insert { writer.append(row.key) }
        for value in row.values { writer.append(value) }
      }
    }
    func writeLinks(_ links: [LinkChange], _ mark: Mark) {
      for link in links {
        writer.append(mark.rawValue)
        writer.appendVarint(UInt64(link.association))
        writer.append(link.source)
        writer.append(link.target)
      }
    }
    writeLinks(unlinked, .unlink)
    writeRows(deleted, .delete)
    writeRows(updated, .update)
    writeRows(inserted, .insert)
    writeRows(largestKeys, .largestKey)
    writeLinks(linked, .link)
  }

  /// What must be known of the tables to read a commit.
  struct Tables: Sendable {
    /// The tables that have rows.
    let ofRows: [Schema.Table]
    let associationCount: Int

    init(_ schema: [Schema.Table]) {
      ofRows = schema.filter { !$0.isAssociation }
      associationCount = schema.count - ofRows.count
    }
  }

  /// Reads what `write` wrote.
  init(_ reader: inout ByteReader, _ tables: Tables) throws(FormatFault) {
    let start = reader.offset
    guard let version = Int(exactly: try reader.varint()) else {
      throw .damaged(offset: start, "no version is as large")
    }
    self.version = version
    while reader.count > 0 {
      let start = reader.offset
      guard let mark = Mark(rawValue: try reader.number()) else {
        throw .damaged(offset: start, "no operation starts like this")
      }
      let number = try reader.varint()
      switch mark {
      case .unlink, .link:
        guard number < tables.associationCount else {
          throw .damaged(offset: start, "there is no association table \(number)")
        }
        let change = LinkChange(
          association: Int(number), source: try reader.value(), target: try reader.value())
        if mark == .link { linked.append(change) } else { unlinked.append(change) }
      case .delete, .update, .insert, .largestKey:
        guard number < tables.ofRows.count else {
          throw .damaged(offset: start, "there is no table \(number)")
        }
        try readRow(mark, Int(number), &reader, tables)
      }
    }
  }

  private mutating func readRow(
    _ mark: Mark, _ table: Int, _ reader: inout ByteReader, _ tables: Tables
  ) throws(FormatFault) {
    let (start, schema) = (reader.offset, tables.ofRows[table])
    var row = RowChange(table: table)
    if mark != .insert { row.key = try reader.value() }
    if mark == .insert || mark == .update {
      for column in schema.columns { row.values.append(try reader.value(of: column)) }
    }
    if mark == .largestKey, row.key.isNull || !schema.mayRemember(row.key) {
      throw .damaged(offset: start, schema.fault(ofLargestKey: row.key))
    }
    switch mark {
    case .delete: deleted.append(row)
    case .update: updated.append(row)
    case .insert: inserted.append(row)
    case .largestKey: largestKeys.append(row)
    case .link, .unlink: break
    }
  }
}

extension ByteReader {
  /// A value of a column.
  fileprivate mutating func value(of column: Schema.Column) throws(FormatFault) -> StoredValue {
    let start = offset
    let value = try value()
    guard value.isNull ? column.isNullable : value.kind == column.kind else {
      throw .damaged(offset: start, "\(column.name) can't hold \(value)")
    }
    return value
  }
}
