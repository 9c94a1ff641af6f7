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
    var sources: [Int] = []
    var targets: [Int] = []
    try source.forEachLink(progress: progress) { source, target in
      sources.append(source)
      targets.append(target)
    }
    var loaded = self
    var report = LoadReport(lines: sources.count)
    report.rowsInserted = try loaded.insertMissing(sources, targets, makeRow)
    let number = layout.link(association.identity)
    let info = layout.links[number]
    let table = loaded.table(info.source)
    var links = LinkBatch()
    var selfLinks = LinkBatch()
    links.reserveCapacity(undirected ? sources.count * 2 : sources.count)
    // Lines of one source mostly follow each other, so it is looked up once for all of them.
    var last: (id: Int, slot: UInt32)?
    for line in sources.indices {
      let known = last.flatMap { $0.id == sources[line] ? $0.slot : nil }
      guard let source = known ?? table.slot(ofKey: sources[line].stored),
        let target = table.slot(ofKey: targets[line].stored)
      else {
        preconditionFailure("every id of the list has a row by now")
      }
      last = (sources[line], source)
      if source == target {
        selfLinks.append(source, target)
        continue
      }
      if association.direction == .forward || undirected { links.append(source, target) }
      if association.direction == .backward || undirected { links.append(target, source) }
    }
    report.selfLinks = selfLinks.count
    let inserted = loaded.insertLinks(links, number)
    report.duplicates = (links.count - inserted) / (undirected ? 2 : 1)
    report.inserted = inserted
    if info.allowsSelfLinks {
      let selfLinksInserted = loaded.insertLinks(selfLinks, number)
      report.duplicates += selfLinks.count - selfLinksInserted
      report.inserted += selfLinksInserted
    }
    self = loaded
    return report
  }

  /// Makes the rows of ids that the table does not have, by ascending id, and returns how many.
  private mutating func insertMissing<Record: Row>(
    _ sources: [Int], _ targets: [Int], _ makeRow: (Int) throws -> Record
  ) throws -> Int where Record.ID == Int {
    let number = layout.table(of: Record.self)
    let ids = Set(sources).union(targets).sorted()
    var inserted = 0
    for id in ids {
      if table(number).slot(ofKey: id.stored) == nil {
        let row = try makeRow(id)
        precondition(row.id == id, "the row of an id has that id")
        try insert(row)
        inserted += 1
      }
    }
    return inserted
  }
}
