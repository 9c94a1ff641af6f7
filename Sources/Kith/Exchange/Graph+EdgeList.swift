import KithCore

extension Graph {
  /// Loads an edge list into an association table of a table with itself, and makes the rows that
  /// are missing.
  ///
  /// New rows are inserted by ascending id. If a line can't be read, or a row is refused, nothing
  /// is loaded.
  ///
  /// - Parameters:
  ///   - association: The association table.
  ///   - source: The links as text, one a line.
  ///   - undirected: Whether each line stands for a link in both directions.
  ///   - progress: Called now and then while reading, as by `TextSource.forEachLink`. If it throws,
  ///     nothing is loaded.
  ///   - makeRow: Makes the row of an id that the table does not have yet.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found,
  ///   `.unreadableFile`, what `insert` throws, or what `progress` throws.
  /// - Complexity: O(lines + links + rows · log rows).
  @discardableResult
  public mutating func load<Record: Row>(
    _ association: Association<Record, Record>, edgeList source: TextSource,
    undirected: Bool = false,
    progress: (((bytesRead: Int, bytesInAll: Int?, links: Int)) throws -> Void)? = nil,
    makeRow: (Int) throws -> Record
  ) throws -> LoadReport where Record.ID == Int {
    let number = try layout.listedLink(association.identity)
    let info = layout.links[number]
    var numbering = IDNumbering()
    var lines = LinkBatch()
    // Lines of one source mostly follow each other, so it is looked up once for all of them.
    var last: (id: Int, number: UInt32)?
    try source.forEachLink(progress: progress) { source, target in
      let known = last.flatMap { $0.id == source ? $0.number : nil }
      let number = known ?? numbering.number(source)
      last = (source, number)
      lines.append(number, numbering.number(target))
    }
    var loaded = self
    var report = LoadReport(lines: lines.count)
    let slots = try loaded.slots(of: numbering.ids, &report.rowsInserted, makeRow)
    var links = LinkBatch()
    var selfLinks = LinkBatch()
    links.reserveCapacity(undirected ? lines.count * 2 : lines.count)
    lines.forEach { first, second in
      let (source, target) = (slots[Int(first)], slots[Int(second)])
      if source == target { return selfLinks.append(source, target) }
      if association.direction == .forward || undirected { links.append(source, target) }
      if association.direction == .backward || undirected { links.append(target, source) }
    }
    let inserted = loaded.insertLinks(links, number)
    report.duplicates = (links.count - inserted) / (undirected ? 2 : 1)
    report.inserted = inserted
    if info.allowsSelfLinks {
      let selfLinksInserted = loaded.insertLinks(selfLinks, number)
      report.duplicates += selfLinks.count - selfLinksInserted
      report.inserted += selfLinksInserted
    } else {
      report.selfLinks = selfLinks.count
    }
    self = loaded
    return report
  }

  /// The slots of the rows with some distinct ids. Those that the table does not have are made, by
  /// ascending id, and counted.
  private mutating func slots<Record: Row>(
    of ids: [Int], _ inserted: inout Int, _ makeRow: (Int) throws -> Record
  ) throws -> [UInt32] where Record.ID == Int {
    let number = layout.table(of: Record.self)
    var slots = [UInt32](repeating: 0, count: ids.count)
    for index in ids.indices.sorted(by: { ids[$0] < ids[$1] }) {
      let id = ids[index]
      if let slot = table(number).slot(ofKey: id.stored) {
        slots[index] = slot
        continue
      }
      let row = try makeRow(id)
      precondition(row.id == id, "the row of an id has that id")
      slots[index] = table(number).slotEnd
      try insert(row)
      inserted += 1
    }
    return slots
  }
}
