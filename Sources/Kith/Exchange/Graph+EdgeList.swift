import KithCore

/// What loading an edge list did.
public struct EdgeListReport: Sendable, Hashable {
  /// The lines that hold a link.
  public var lines = 0
  /// The rows that the list mentions and that were made.
  public var rowsInserted = 0
  /// The links that are new; an undirected line gives two.
  public var linksInserted = 0
  /// The lines whose links were all there already, or stand in the list more than once.
  public var duplicates = 0
  /// The lines that link a row to itself, which are left out if the association table does not
  /// allow them.
  public var selfLinks = 0
}

extension Graph {
  /// Loads an edge list into an association table of a table with itself, and makes the rows that
  /// are missing.
  ///
  /// New rows are inserted by ascending id. If a line can't be read, or a row is refused, nothing
  /// is loaded.
  ///
  /// - Parameters:
  ///   - list: The links as text.
  ///   - association: The association table.
  ///   - undirected: Whether each line stands for a link in both directions.
  ///   - progress: Called now and then while reading. If it throws, nothing is loaded.
  ///   - makeRow: Makes the row of an id that the table does not have yet.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found,
  ///   `.unreadableFile`, what `insert` throws, or what `progress` throws.
  /// - Complexity: O(lines + links + rows · log rows).
  @discardableResult
  public mutating func load<Record: Row>(
    _ list: EdgeList, into association: Association<Record, Record>, undirected: Bool = false,
    progress: ((EdgeList.Progress) throws -> Void)? = nil, makeRow: (Int) throws -> Record
  ) throws -> EdgeListReport where Record.ID == Int {
    var sources: [Int] = []
    var targets: [Int] = []
    try list.forEachLink(progress: progress) { source, target in
      sources.append(source)
      targets.append(target)
    }
    var loaded = self
    var report = EdgeListReport(lines: sources.count)
    report.rowsInserted = try loaded.insertMissing(sources, targets, makeRow)
    let number = layout.link(association.identity)
    let info = layout.links[number]
    let table = loaded.table(info.source)
    var batch = LinkBatch()
    batch.reserveCapacity(undirected ? sources.count * 2 : sources.count)
    var lines = sources.count
    var selfLinksInBatch = 0
    for line in sources.indices {
      guard let source = table.slot(ofKey: sources[line].stored),
        let target = table.slot(ofKey: targets[line].stored)
      else {
        throw GraphError.missingReference(
          constraint: info.sourceConstraint, table: info.tableName, key: "\(sources[line])")
      }
      if source == target {
        report.selfLinks += 1
        if !info.allowsSelfLinks {
          lines -= 1
          continue
        }
        selfLinksInBatch += 1
        batch.append(source, target)
        continue
      }
      if association.direction == .forward || undirected { batch.append(source, target) }
      if association.direction == .backward || undirected { batch.append(target, source) }
    }
    let selfLinksBefore = loaded.selfLinkCount(number, among: batch, selfLinksInBatch)
    report.linksInserted = loaded.insertLinks(batch, number)
    let selfLinksInserted =
      loaded.selfLinkCount(number, among: batch, selfLinksInBatch) - selfLinksBefore
    report.duplicates =
      undirected
      ? lines - (report.linksInserted + selfLinksInserted) / 2 : lines - report.linksInserted
    self = loaded
    return report
  }

  /// Makes the rows of ids that the table does not have, by ascending id, and returns how many.
  private mutating func insertMissing<Record: Row>(
    _ sources: [Int], _ targets: [Int], _ makeRow: (Int) throws -> Record
  ) throws -> Int where Record.ID == Int {
    let number = layout.table(of: Record.self)
    var ids = sources + targets
    ids.sort()
    var inserted = 0
    var last: Int?
    for id in ids where id != last {
      last = id
      if table(number).slot(ofKey: id.stored) == nil {
        let row = try makeRow(id)
        precondition(row.id == id, "the row of an id has that id")
        try insert(row)
        inserted += 1
      }
    }
    return inserted
  }

  /// How many rows of a batch are linked to themselves.
  private func selfLinkCount(_ number: Int, among batch: LinkBatch, _ expected: Int) -> Int {
    if expected == 0 { return 0 }
    var rows: Set<UInt32> = []
    batch.forEach { source, target in if source == target { rows.insert(source) } }
    return withLinks(number) { links in
      rows.reduce(0) { $0 + (links.forward.contains($1, in: $1) ? 1 : 0) }
    }
  }
}
