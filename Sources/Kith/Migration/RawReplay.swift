import KithCore

/// A raw graph to which the commits of a log are done.
///
/// Commits say by keys what a write did in the end, cascades included, so nothing follows from
/// constraints here: rows go, change and come, and links with them.
struct RawReplay: ReplayedGraph {
  private(set) var graph: RawGraph
  /// Whether the graph lacks rows and links that it had: then a change of one that is missing is done
  /// as far as it can be.
  private let keepsWhatFits: Bool
  /// For tables that commits have touched, the row of each key.
  private var rows: [Int: [StoredValue: Int]] = [:]
  private let associations: [Int]

  init(_ graph: RawGraph, keepsWhatFits: Bool = false) {
    self.graph = graph
    self.keepsWhatFits = keepsWhatFits
    associations = graph.tables.indices.filter { graph.tables[$0].schema.isAssociation }
  }

  mutating func apply(_ commit: Commit, readAt offset: Int) throws(FormatFault) {
    for link in commit.unlinked {
      guard let (table, ends) = try ends(of: link, offset) else { continue }
      if !graph.tables[table].links.remove(ends) {
        try refuse("no link from \(link.source) to \(link.target)", offset)
      }
    }
    var gone: [(table: Int, row: Int)] = []
    var changed: [(table: Int, row: Int, values: [StoredValue])] = []
    var inserted: [Commit.RowChange] = []
    for change in commit.deleted {
      if let row = try row(of: change, offset) { gone.append((change.table, row)) }
    }
    for change in commit.updated {
      if let row = try row(of: change, offset) {
        changed.append((change.table, row, change.values))
      } else {
        // A row that was lost is there again with all of its values.
        inserted.append(change)
      }
    }
    for (table, row) in gone {
      release(table, row)
      graph.tables[table].rows.remove(row)
    }
    for (table, row, _) in changed { release(table, row) }
    for (table, row, values) in changed {
      graph.tables[table].rows.replace(row, with: values)
      try take(table, row, offset)
    }
    for change in inserted + commit.inserted {
      graph.tables[change.table].rows.append(change.values)
      try take(change.table, graph.tables[change.table].rows.end - 1, offset)
    }
    for change in commit.largestKeys {
      graph.tables[change.table].largestKey = max(
        graph.tables[change.table].largestKey, change.key)
    }
    for link in commit.linked {
      guard let (table, ends) = try ends(of: link, offset) else { continue }
      if !graph.tables[table].links.insert(ends) {
        try refuse("the link from \(link.source) to \(link.target) already", offset)
      }
    }
  }

  /// Refuses a commit that does not fit, unless what fits of it is kept.
  private func refuse(_ found: String, _ offset: Int) throws(FormatFault) {
    if keepsWhatFits { return }
    throw .mismatch(found, offset: offset)
  }

  private mutating func row(
    of change: Commit.RowChange, _ offset: Int
  ) throws(FormatFault) -> Int? {
    let row = row(change.table, change.key)
    if row == nil {
      try refuse("no row \(change.key) in \(graph.tables[change.table].schema.name)", offset)
    }
    return row
  }

  private mutating func row(_ table: Int, _ key: StoredValue) -> Int? {
    if rows[table] == nil {
      rows[table] = graph.tables[table].rowsByKey
    }
    return rows[table]?[key]
  }

  private mutating func release(_ table: Int, _ row: Int) {
    rows[table]?[graph.tables[table].key(row)] = nil
  }

  private mutating func take(_ table: Int, _ row: Int, _ offset: Int) throws(FormatFault) {
    let key = graph.tables[table].key(row)
    if let other = self.row(table, key), other != row {
      try refuse("a key twice, \(key) in \(graph.tables[table].schema.name)", offset)
    }
    rows[table]?[key] = row
    graph.tables[table].noteKey(of: row)
  }

  private mutating func ends(
    of link: Commit.LinkChange, _ offset: Int
  ) throws(FormatFault) -> (table: Int, RawLink)? {
    let table = associations[link.association]
    let places: (source: Int, target: Int)
    do throws(RefusedStep) {
      places = try graph.ends(of: table)
    } catch {
      throw .damaged(offset: offset, error.reasons.joined(separator: "; "))
    }
    guard let source = row(places.source, link.source), let target = row(places.target, link.target)
    else {
      try refuse(
        "no place in \(graph.tables[table].schema.name) for \(link.source) and \(link.target)",
        offset)
      return nil
    }
    return (table, RawLink(source: UInt32(source), target: UInt32(target)))
  }
}
