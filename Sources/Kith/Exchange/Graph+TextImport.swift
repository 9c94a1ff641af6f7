import KithCore

extension Graph {
  /// Makes a row of its columns' values, and inserts it.
  @usableFromInline
  typealias RowInsertion =
    (_ graph: inout Graph, _ values: [StoredValue]) throws(GraphError) -> Void

  /// What makes and inserts rows of a type. It is compiled into the client, which knows the type.
  @inlinable
  static func insertion<Record: Row>(of type: Record.Type) -> RowInsertion {
    let make = type.table.make
    return { graph, values throws(GraphError) in
      guard let row = make(values) else {
        preconditionFailure("\(type) can't be built from values that its columns accept")
      }
      try graph.insert(row)
    }
  }

  /// Inserts the rows that a text holds.
  mutating func load(
    rowsOf source: TextSource, _ decoder: some RecordDecoder, allOrNothing: Bool,
    _ insert: RowInsertion
  ) throws -> LoadReport {
    var loaded = self
    var inserted = 0
    var reading = TextImport(source, decoder, allOrNothing: allOrNothing)
    try reading.read { values throws(GraphError) in
      try insert(&loaded, values)
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
