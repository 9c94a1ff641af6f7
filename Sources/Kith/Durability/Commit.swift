import KithCore

/// What one write did, by keys: what a log keeps of it.
///
/// Applied to the graph before the write it gives the graph after it, with all rows in their order
/// of insertion. What follows from the rows is not in it: the links of rows that were deleted, and
/// the links that foreign keys are.
struct Commit {
  /// A row and its table.
  struct RowChange {
    let table: Int
    /// The key by which the row is found, if it was there before.
    var key: StoredValue = .null
    /// The values of all columns, if the row is there afterwards.
    var values: [StoredValue] = []
  }

  /// A link of an association table.
  struct LinkChange {
    /// The number of the table among the association tables.
    let association: Int
    let source: StoredValue
    let target: StoredValue
  }

  /// The version of the store that the write led to.
  var version = 0
  /// The links that went between rows that stayed, by the keys before.
  var unlinked: [LinkChange] = []
  var deleted: [RowChange] = []
  var updated: [RowChange] = []
  /// In order of insertion.
  var inserted: [RowChange] = []
  /// The largest keys that tables remember, where they do not follow from the rows.
  var largestKeys: [RowChange] = []
  /// The links that came, by the keys afterwards.
  var linked: [LinkChange] = []
}

extension Commit {
  /// Finds what a write did.
  ///
  /// - Complexity: O(pages that differ); O(rows + links) if the write put a graph in place of the
  ///   other that was not made from it by changes.
  init(from before: Graph, to after: Graph) {
    version = after.version
    if !after.sharesSlots(with: before) {
      replace(before, with: after)
      return
    }
    for table in after.layout.tables.indices { compareRows(table, before, after) }
    for association in after.layout.associations.indices {
      compareLinks(association, before, after)
    }
  }

  /// Takes all rows of one graph away, and puts all of another in, whose order they then have.
  private mutating func replace(_ before: Graph, with after: Graph) {
    for number in after.layout.tables.indices {
      let (old, new) = (before.table(number), after.table(number))
      deleted += old.allSlots().map { RowChange(table: number, key: old.key(at: $0)) }
      inserted += new.allSlots().map {
        RowChange(table: number, values: new.values(at: $0))
      }
      noteLargestKey(number, after)
    }
    for (association, number) in after.layout.associations.enumerated() {
      let info = after.layout.links[number]
      let (sources, targets) = (after.table(info.source), after.table(info.target))
      after.links(number).forward.forEachSource { source, run in
        for index in run.indices {
          linked.append(
            LinkChange(
              association: association, source: sources.key(at: source),
              target: targets.key(at: run[index])))
        }
      }
    }
  }

  private mutating func noteLargestKey(_ number: Int, _ after: Graph) {
    guard after.layout.tables[number].hasNextKey, let key = after.table(number).largestKey else {
      return
    }
    largestKeys.append(RowChange(table: number, key: key))
  }

  private mutating func compareRows(_ number: Int, _ before: Graph, _ after: Graph) {
    let (old, new) = (before.table(number), after.table(number))
    if old.isSameVersion(as: new) { return }
    var largest = old.largestKey
    new.rows.forEachChangedSlot(since: old.rows) { slot in
      switch (old.isLive(slot), new.isLive(slot)) {
      case (true, true):
        let values = new.values(at: slot)
        if !values.isIdentical(to: old.values(at: slot)) {
          updated.append(
            RowChange(table: number, key: old.key(at: slot), values: values))
          largest = max(largest ?? .null, new.key(at: slot))
        }
      case (true, false):
        deleted.append(RowChange(table: number, key: old.key(at: slot)))
      case (false, true):
        inserted.append(RowChange(table: number, values: new.values(at: slot)))
        largest = max(largest ?? .null, new.key(at: slot))
      case (false, false): break
      }
    }
    // A row that was inserted and deleted again leaves its key behind, and nothing else.
    if new.largestKey != largest { noteLargestKey(number, after) }
  }

  private mutating func compareLinks(_ association: Int, _ before: Graph, _ after: Graph) {
    let number = after.layout.associations[association]
    let info = after.layout.links[number]
    let old = (sources: before.table(info.source), targets: before.table(info.target))
    let new = (sources: after.table(info.source), targets: after.table(info.target))
    after.links(number).forward.forEachChange(since: before.links(number).forward) {
      source, gone, come in
      for target in gone where new.sources.isLive(source) && new.targets.isLive(target) {
        unlinked.append(
          LinkChange(
            association: association, source: old.sources.key(at: source),
            target: old.targets.key(at: target)))
      }
      for target in come {
        linked.append(
          LinkChange(
            association: association, source: new.sources.key(at: source),
            target: new.targets.key(at: target)))
      }
    }
  }
}

// MARK: Bytes

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
      throw .damaged(offset: start, "\(schema.name) can't have the largest key \(row.key)")
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
