import KithCore

extension Graph {
  /// Inserts the rows that a text holds.
  mutating func load<Record: Row>(
    _ type: Record.Type, from source: TextSource, _ decoder: some RecordDecoder,
    allOrNothing: Bool
  ) throws(GraphError) -> LoadReport {
    let table = Record.table
    var loaded = self
    var inserted = 0
    var reading = TextImport(source, decoder, allOrNothing: allOrNothing)
    try reading.read { values throws(GraphError) in
      guard let row = table.make(values) else {
        preconditionFailure("\(table.name) can't be built from values that its columns accept")
      }
      try loaded.insert(row)
      inserted += 1
    }
    self = loaded
    reading.report.inserted = inserted
    reading.report.rowsInserted = inserted
    return reading.report
  }

  /// Inserts the links that a text holds.
  mutating func load(
    linksOf identity: LinkIdentity, from source: TextSource, _ decoder: some RecordDecoder,
    allOrNothing: Bool
  ) throws(GraphError) -> LoadReport {
    let number = layout.link(identity)
    let intake = LinkIntake(self, number)
    var batch = LinkBatch()
    var selfLinks = 0
    var reading = TextImport(source, decoder, allOrNothing: allOrNothing)
    try reading.read { values throws(GraphError) in
      let link = try intake.slots(of: values)
      if intake.allows(link) {
        batch.append(link.source, link.target)
      } else if allOrNothing {
        throw intake.selfLinkFault(values[0])
      } else {
        selfLinks += 1
      }
    }
    reading.report.selfLinks = selfLinks
    reading.report.inserted = insertLinks(batch, number)
    reading.report.duplicates = batch.count - reading.report.inserted
    return reading.report
  }
}

/// Looks up the ends of links that come from outside.
private struct LinkIntake {
  let info: LinkInfo
  let sources: TableState
  let targets: TableState

  /// Takes links of the association table with a number.
  init(_ graph: Graph, _ number: Int) {
    info = graph.layout.links[number]
    sources = graph.table(info.source)
    targets = graph.table(info.target)
  }

  /// The rows that a link's two keys name.
  func slots(
    of keys: [StoredValue]
  ) throws(GraphError) -> (source: UInt32, target: UInt32) {
    guard let source = sources.slot(ofKey: keys[0]) else {
      throw missing(info.sourceConstraint, keys[0])
    }
    guard let target = targets.slot(ofKey: keys[1]) else {
      throw missing(info.targetConstraint, keys[1])
    }
    return (source, target)
  }

  /// Whether the association table takes a link: it may refuse one from a row to itself.
  func allows(_ link: (source: UInt32, target: UInt32)) -> Bool {
    info.allowsSelfLinks || info.source != info.target || link.source != link.target
  }

  /// The refusal of a link from a row to itself.
  func selfLinkFault(_ key: StoredValue) -> GraphError {
    .failedCheck(
      constraint: "ck_\(info.tableName)_no_self_links", table: info.tableName, key: "\(key)")
  }

  private func missing(_ constraint: String, _ key: StoredValue) -> GraphError {
    .missingReference(constraint: constraint, table: info.tableName, key: "\(key)")
  }
}
