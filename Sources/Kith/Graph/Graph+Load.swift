import KithCore

/// What a bulk load did with the links or rows that it was given.
public struct LoadReport: Sendable, Hashable {
  /// The links that are new, or the rows when a table is loaded. An undirected line of an edge list
  /// gives two.
  public var inserted = 0
  /// The links that were there already, or that were given more than once.
  public var duplicates = 0
  /// The links from a row to itself that the association table does not allow.
  public var selfLinks = 0
  /// Why links or rows were refused, in the order given, at most the first hundred. When they come
  /// from a text, each is a `GraphError.unreadableInput` or `.refusedInput` with its place.
  public var refused: [GraphError] = []
  /// How many links or rows were refused.
  public var refusedCount = 0
  /// The lines or records of a text, whatever became of them, without headers, comments and blank
  /// lines.
  public var lines = 0
  /// The rows that were made.
  public var rowsInserted = 0

  /// The most refusals that a report spells out.
  static let refusalLimit = 100
}

extension Graph {
  /// Inserts many links at once.
  ///
  /// - Parameters:
  ///   - association: The association table.
  ///   - pairs: The keys of both rows of each link.
  ///   - allOrNothing: Whether a link that can't be inserted stops the load.
  /// - Throws: With `allOrNothing`, what the first link that is refused would throw; then nothing
  ///   has changed.
  /// - Complexity: O(pairs + links + rows) for a large batch.
  @discardableResult
  @inlinable
  public mutating func load<Source: Row, Target: Row>(
    _ association: Association<Source, Target>, _ pairs: some Sequence<(Source.ID, Target.ID)>,
    allOrNothing: Bool = false
  ) throws(GraphError) -> LoadReport {
    var loading = try LinkLoading(
      self, association, expecting: pairs.underestimatedCount, allOrNothing: allOrNothing)
    if Source.ID.hasRanks, Target.ID.hasRanks {
      try loading.append(contentsOf: pairs)
    } else {
      for (source, target) in pairs { try loading.append(source.stored, target.stored) }
    }
    return loading.finish(in: &self)
  }

  /// Inserts links between slots that exist, and returns how many are new.
  mutating func insertLinks(_ batch: LinkBatch, _ number: Int) -> Int {
    if links(number).containsAll(of: batch) { return 0 }
    let info = layout.links[number]
    let sourceEnd = Int(table(info.source).slotEnd)
    let targetEnd = Int(table(info.target).slotEnd)
    return changeLinks(number) {
      $0.insert(contentsOf: batch, sourceCount: sourceEnd, targetCount: targetEnd)
    }
  }
}

extension LoadReport {
  /// Counts a refusal, or throws it if the load is all or nothing.
  mutating func refuse(
    _ error: GraphError, _ allOrNothing: Bool
  ) throws(GraphError) {
    if allOrNothing { throw error }
    refusedCount += 1
    if refused.count < LoadReport.refusalLimit { refused.append(error) }
  }
}
