import KithCore

extension Graph: ReplayedGraph {
  /// - Throws: Damage if the graph is not the one before the write, `FormatFault.otherSchema` if a
  ///   row breaks a rule of its table.
  mutating func apply(_ commit: Commit, readAt offset: Int) throws(FormatFault) {
    var application = CommitApplication(offset: offset)
    try application.apply(commit, to: &self)
    version = commit.version
  }
}

/// A commit on its way into a graph.
///
/// All rows that go or change leave the indexes first, then keys are released, then taken, so that
/// rows may exchange them; foreign keys and indexes follow when all rows are there.
private struct CommitApplication {
  let offset: Int
  private var gone: [RowPlace] = []
  private var changed: [(place: RowPlace, old: RowValues, row: ReplacedRow)] = []
  /// The rows that are no longer indexed as they should be.
  private var touched: [RowPlace] = []
  private var isTouched: Set<RowPlace> = []

  init(offset: Int) {
    self.offset = offset
  }

  /// Changes the graph where it is: nobody else holds it, so that no page of it has to be copied.
  mutating func apply(_ commit: Commit, to graph: inout Graph) throws(FormatFault) {
    for link in commit.unlinked { try unlink(link, &graph) }
    try findRows(of: commit, graph)
    touchRows(graph)
    for place in touched { graph.leaveIndexes(place.table, place.slot) }
    for place in gone { leave(place, &graph) }
    try replaceRows(&graph)
    for row in commit.inserted {
      try insert(row.table, try makeRow(row, graph), &graph)
    }
    for row in commit.largestKeys {
      graph.changeTable(row.table) { $0.raiseLargestKey(to: row.key) }
    }
    let staying = touched.filter { graph.table($0.table).isLive($0.slot) }
    for place in staying { try linkForeignKeys(of: place, &graph) }
    for place in staying {
      let values = graph.table(place.table).values(at: place.slot)
      graph.enterIndexes(place.table, place.slot, values)
    }
    for link in commit.linked { try self.link(link, &graph) }
  }

  private func mismatch(_ found: String) -> FormatFault { .mismatch(found, offset: offset) }

  // MARK: Rows

  private mutating func findRows(of commit: Commit, _ graph: Graph) throws(FormatFault) {
    for row in commit.deleted { gone.append(try place(of: row, graph)) }
    for row in commit.updated {
      let place = try place(of: row, graph)
      let old = graph.table(place.table).rowValues(at: place.slot)
      changed.append((place, old, try makeRow(row, graph)))
    }
  }

  private func place(
    of row: Commit.RowChange, _ graph: Graph
  ) throws(FormatFault) -> RowPlace {
    guard let slot = graph.table(row.table).slot(ofKey: row.key) else {
      throw mismatch("no row \(row.key) in \(graph.layout.tables[row.table].name)")
    }
    return RowPlace(table: row.table, slot: slot)
  }

  private func makeRow(
    _ change: Commit.RowChange, _ graph: Graph
  ) throws(FormatFault) -> ReplacedRow {
    let info = graph.layout.tables[change.table]
    do throws(GraphError) {
      if let row = try graph.table(change.table).rows.makeRow(change.values, info) { return row }
    } catch {
      throw .refusedRow(error)
    }
    throw .otherSchema(["a row of \(info.name) holds what its columns' types do not"])
  }

  /// Touches the rows that go or change, and those that refer to them by keys that go.
  private mutating func touchRows(_ graph: Graph) {
    for place in gone { touch(place) }
    for (place, _, _) in changed { touch(place) }
    for place in gone { touchChildren(of: place, graph) }
    for (place, old, row) in changed where old.key != row.values.key {
      touchChildren(of: place, graph)
    }
  }

  private mutating func touch(_ place: RowPlace) {
    if isTouched.insert(place).inserted { touched.append(place) }
  }

  /// Touches the rows that refer to a row whose key goes: unless they change too, they refer to another
  /// that has it then.
  private mutating func touchChildren(of place: RowPlace, _ graph: Graph) {
    for link in graph.layout.tables[place.table].referrers {
      for child in graph.links(link).targets(of: place.slot, .backward) {
        touch(RowPlace(table: graph.layout.links[link].source, slot: child))
      }
    }
  }

  /// Takes a row away, and all its links.
  private func leave(_ place: RowPlace, _ graph: inout Graph) {
    let info = graph.layout.tables[place.table]
    for link in info.foreignKeys {
      graph.changeLinks(link) { $0.removeAll(of: place.slot, .forward) }
    }
    for link in info.referrers {
      graph.changeLinks(link) { $0.removeAll(of: place.slot, .backward) }
    }
    for (link, direction) in info.associations {
      graph.changeLinks(link) { $0.removeAll(of: place.slot, direction) }
    }
    graph.changeTable(place.table) { $0.leave(place.slot) }
  }

  /// Replaces the rows that change, after all have released their keys.
  private func replaceRows(_ graph: inout Graph) throws(FormatFault) {
    for (place, old, row) in changed {
      graph.changeTable(place.table) { $0.releaseKeys(place.slot, from: old, to: row.values) }
    }
    for (place, old, row) in changed {
      try requireUnique(place.table, row, except: place.slot, graph)
      graph.changeTable(place.table) { table in
        table.replace(place.slot, from: old, to: row.values) { $0.commit(row, at: $1) }
      }
    }
  }

  private mutating func insert(
    _ table: Int, _ row: ReplacedRow, _ graph: inout Graph
  ) throws(FormatFault) {
    try requireUnique(table, row, except: nil, graph)
    if graph.table(table).isFull {
      throw .refused(.tableFull(table: graph.layout.tables[table].name))
    }
    let slot = graph.changeTable(table) { state in
      state.enter(row.values) { rows, slot in rows.commit(row, at: slot) }
    }
    touch(RowPlace(table: table, slot: slot))
  }

  private func requireUnique(
    _ table: Int, _ row: ReplacedRow, except slot: UInt32?, _ graph: Graph
  ) throws(FormatFault) {
    do throws(GraphError) {
      try graph.checkUniqueness(table, row.values, except: slot)
    } catch {
      throw mismatch("a value twice: \(error)")
    }
  }

  // MARK: Links

  private func linkForeignKeys(
    of place: RowPlace, _ graph: inout Graph
  ) throws(FormatFault) {
    for link in graph.layout.tables[place.table].foreignKeys {
      let info = graph.layout.links[link]
      guard let column = info.column else { continue }
      let value = graph.table(place.table).value(of: column, at: place.slot)
      let parent = value.isNull ? nil : graph.table(info.target).slot(ofKey: value)
      if parent == nil, !value.isNull { throw mismatch("no \(value) (\(info.targetConstraint))") }
      let old = graph.parent(link, of: place.slot)
      if old == parent { continue }
      graph.changeLinks(link) { links in
        if let old { links.remove(place.slot, old) }
        if let parent { links.insert(place.slot, parent) }
      }
    }
  }

  private func unlink(_ link: Commit.LinkChange, _ graph: inout Graph) throws(FormatFault) {
    let ends = try ends(of: link, graph)
    let isThere = graph.changeLinks(ends.link) { $0.remove(ends.source, ends.target) }
    if !isThere { throw mismatch("no link from \(link.source) to \(link.target)") }
  }

  private func link(_ link: Commit.LinkChange, _ graph: inout Graph) throws(FormatFault) {
    let ends = try ends(of: link, graph)
    let isNew = graph.changeLinks(ends.link) { $0.insert(ends.source, ends.target) }
    if !isNew { throw mismatch("the link from \(link.source) to \(link.target) already") }
  }

  private func ends(
    of link: Commit.LinkChange, _ graph: Graph
  ) throws(FormatFault) -> (link: Int, source: UInt32, target: UInt32) {
    let number = graph.layout.associations[link.association]
    let info = graph.layout.links[number]
    guard let source = graph.table(info.source).slot(ofKey: link.source),
      let target = graph.table(info.target).slot(ofKey: link.target),
      source != target || graph.layout.allowsLoops(number)
    else {
      throw mismatch("no place in \(info.tableName) for \(link.source) and \(link.target)")
    }
    return (number, source, target)
  }
}
