import KithCore

extension Graph {
  /// Inserts the rows that a text holds.
  mutating func load<Record: Row>(
    _ type: Record.Type, from source: TextSource, _ decoder: some RecordDecoder,
    allOrNothing: Bool
  ) throws -> LoadReport {
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
  ) throws -> LoadReport {
    let number = try layout.listedLink(identity)
    let intake = LinkIntake(self, number)
    var batch = LinkBatch()
    var selfLinks = 0
    var reading = TextImport(source, decoder, allOrNothing: allOrNothing)
    try reading.read { values throws(GraphError) in
      let link = try intake.slots(of: values[0], values[1])
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
