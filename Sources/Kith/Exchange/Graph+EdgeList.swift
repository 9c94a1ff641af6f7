public import Foundation
import KithCore

extension Graph {
  /// Loads an edge list into an association table of a table with itself, and makes the rows that
  /// are missing.
  ///
  /// New rows are inserted by ascending id. If a line can't be read, or a row is refused, nothing
  /// is loaded. Keys are integers of any type, such as `Int`, `UInt32` or `Key<User, Int>`:
  ///
  /// ```swift
  /// try graph.load(User.follows, edgeList: TextSource(path: "follows.txt")) { id in
  ///   User(id: id, handle: "user\(id)")
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - association: The association table. The first id of a line is the row that its links start
  ///     from; with an inverse it is the other one.
  ///   - source: The links as text, one a line, as `TextSource.forEachLink` describes it.
  ///   - undirected: Whether each line stands for a link in both directions.
  ///   - progress: Called now and then while reading, as by `TextSource.forEachLink`. If it throws,
  ///     nothing is loaded.
  ///   - makeRow: Makes the row of a key that the table does not have yet.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found, also for an
  ///   id that does not fit in the type of the keys; `.unreadableFile`, what `insert` throws, or what
  ///   `progress` or `makeRow` throws; `CancellationError` if the task is cancelled. Then nothing has
  ///   changed.
  /// - Complexity: O(lines + links + rows · log rows).
  /// - Precondition: The primary key is an integer.
  @discardableResult
  public mutating func load<Record: Row>(
    _ association: Association<Record, Record>, edgeList source: TextSource,
    undirected: Bool = false,
    progress: (((bytesRead: Int, bytesInAll: Int?, links: Int)) throws -> Void)? = nil,
    makeRow: (Record.ID) throws -> Record
  ) throws -> LoadReport {
    let link = try layout.listedLink(association.identity)
    let keys = EdgeListKeys(of: Record.self)
    var numbering = IDNumbering()
    var lines = LinkBatch()
    // Lines of one source mostly follow each other, so it is looked up once for all of them.
    var last: (id: Int, number: UInt32)?
    try source.forEachLink(progress: progress) { source, target in
      let count = numbering.ids.count
      let known = last.flatMap { $0.id == source ? $0.number : nil }
      let first = known ?? numbering.number(source)
      let second = numbering.number(target)
      last = (source, first)
      lines.append(first, second)
      guard numbering.ids.count > count else { return }
      if first >= count { _ = try keys.key(of: source, field: 0) }
      if second >= count { _ = try keys.key(of: target, field: 1) }
    }
    var loaded = self
    var report = LoadReport()
    let slots = try loaded.slots(of: numbering.ids, keys, &report.rowsInserted, makeRow)
    loaded.insert(
      lines, into: link, association.direction, undirected: undirected, &report
    ) { slots[Int($0)] }
    self = loaded
    return report
  }

  /// Loads an edge list into an association table between rows that exist.
  ///
  /// If a line can't be read, or names a row that does not exist, nothing is loaded.
  ///
  /// - Parameters:
  ///   - association: The association table. The first id of a line is the row that its links start
  ///     from; with an inverse it is the other one.
  ///   - source: The links as text, one a line, as `TextSource.forEachLink` describes it.
  ///   - undirected: Whether each line stands for a link in both directions.
  /// - Throws: `GraphError.unreadableInput` with file, line, column and the text found, also for an
  ///   id that does not fit in the type of the keys; `.refusedInput` with the same place and a
  ///   `.missingReference` for an id that no row has; `.unreadableFile`; `CancellationError` if the task
  ///   is cancelled. Then nothing has changed.
  /// - Complexity: O(lines + links + rows).
  /// - Precondition: Both primary keys are integers. An undirected list links a table with itself.
  @discardableResult
  public mutating func load<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, edgeList source: TextSource,
    undirected: Bool = false
  ) throws -> LoadReport {
    let link = try layout.listedLink(association.identity)
    let keys = (EdgeListKeys(of: Source.self), EdgeListKeys(of: Target.self))
    precondition(
      !undirected || Source.self == Target.self,
      "an undirected edge list links the rows of one table")
    var lines = LinkBatch()
    try source.forEachLink { source, target in
      lines.append(
        try slot(of: source, keys.0, link, association.direction, field: 0),
        try slot(of: target, keys.1, link, association.direction.reversed, field: 1))
    }
    var report = LoadReport()
    insert(lines, into: link, association.direction, undirected: undirected, &report) { $0 }
    return report
  }

  /// The links of an association table as an edge list, in the format of the SNAP collection.
  ///
  /// ```
  /// # Directed graph: follows
  /// # Nodes: 3 Edges: 2
  /// # FromNodeId	ToNodeId
  /// 1	2
  /// 1	3
  /// ```
  ///
  /// Links come in the order in which the rows where they start were inserted, and then in that of
  /// the rows where they end. The association table is walked as it is given: an inverse writes
  /// each link the other way round. Rows without links are counted as nodes, and are on no line:
  /// write rows as CSV or JSON lines to keep them.
  ///
  /// `load(_:edgeList:)` reads the same links back, if no key lies past the largest `Int`.
  ///
  /// - Complexity: O(rows + links).
  /// - Precondition: Both primary keys are integers.
  public func edgeList<Source: Row, Target: Row>(
    _ association: Association<Source, Target>
  ) -> String {
    LinkRecords(self, association, association.direction).text(EdgeListFormat(self, association))
  }

  /// Writes the links of an association table to a file as an edge list, in place of what is in it.
  ///
  /// The text is that of `edgeList(_:)`. It goes to a new file beside it, in pieces of 1 MiB, which
  /// takes its name when it is whole.
  ///
  /// - Throws: `GraphError.unwritableFile`; then the file is as it was.
  /// - Complexity: O(rows + links).
  /// - Precondition: Both primary keys are integers.
  public func write<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, edgeList url: URL
  ) throws(GraphError) {
    try LinkRecords(self, association, association.direction).write(
      EdgeListFormat(self, association), to: url)
  }

  /// The slot of the row at one end of a link that an edge list names.
  ///
  /// - Parameters:
  ///   - direction: The way of the link from this end.
  ///   - field: Which id of its line it is: 0 for the source, 1 for the target.
  /// - Throws: What is wrong with an id that is no key, or not that of a row.
  private func slot(
    of id: Int, _ keys: EdgeListKeys, _ link: Int, _ direction: Direction, field: Int
  ) throws(EdgeListRefusal) -> UInt32 {
    let key = try keys.key(of: id, field: field)
    let number = layout.tables(of: link, direction).from
    if let slot = table(number).slot(ofKey: key) { return slot }
    let fault = layout.links[link].value.missing(key, isSource: direction == .forward)
    throw EdgeListRefusal(field: field, reason: .refused(fault))
  }

  /// Inserts the links of an edge list's lines, and counts what became of them.
  ///
  /// - Parameters:
  ///   - lines: The ends of each line, by numbers.
  ///   - slot: The slot of a number.
  @inline(__always)
  private mutating func insert(
    _ lines: LinkBatch, into link: Int, _ direction: Direction, undirected: Bool,
    _ report: inout LoadReport, slot: (UInt32) -> UInt32
  ) {
    let info = layout.links[link]
    var links = LinkBatch()
    var selfLinks = LinkBatch()
    links.reserveCapacity(undirected ? lines.count * 2 : lines.count)
    lines.forEach { first, second in
      let (source, target) = (slot(first), slot(second))
      if source == target, info.source == info.target { return selfLinks.append(source, target) }
      if direction == .forward || undirected { links.append(source, target) }
      if direction == .backward || undirected { links.append(target, source) }
    }
    report.lines = lines.count
    report.inserted = insertLinks(links, link)
    report.duplicates = (links.count - report.inserted) / (undirected ? 2 : 1)
    if info.allowsSelfLinks {
      let inserted = insertLinks(selfLinks, link)
      report.duplicates += selfLinks.count - inserted
      report.inserted += inserted
    } else {
      report.selfLinks = selfLinks.count
    }
  }

  /// The slots of the rows with some distinct ids. Those that the table does not have are made, by
  /// ascending id, and counted.
  private mutating func slots<Record: Row>(
    of ids: [Int], _ keys: EdgeListKeys, _ inserted: inout Int,
    _ makeRow: (Record.ID) throws -> Record
  ) throws -> [UInt32] {
    let number = layout.table(of: Record.self)
    var slots = [UInt32](repeating: 0, count: ids.count)
    for index in ids.indices.sorted(by: { ids[$0] < ids[$1] }) {
      let stored = try keys.key(of: ids[index], field: 0)
      if let slot = table(number).slot(ofKey: stored) {
        slots[index] = slot
        continue
      }
      guard let key = Record.ID(stored) else {
        preconditionFailure("a value is what was stored of it")
      }
      let row = try makeRow(key)
      precondition(row.id == key, "the row of an id has that id")
      slots[index] = table(number).slotEnd
      try insert(row)
      inserted += 1
    }
    return slots
  }
}
