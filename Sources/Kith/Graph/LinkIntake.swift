import KithCore

/// Looks up the ends of links that come from outside.
struct LinkIntake {
  private let info: Frozen<LinkInfo>
  private let sources: TableState
  private let targets: TableState

  /// Takes links of the association table with a number.
  init(_ graph: Graph, _ number: Int) {
    info = graph.layout.links[number]
    sources = graph.table(info.source)
    targets = graph.table(info.target)
  }

  /// The rows that a link's two keys name.
  ///
  /// - Throws: `GraphError.missingReference`.
  func slots(
    of source: StoredValue, _ target: StoredValue
  ) throws(GraphError) -> (source: UInt32, target: UInt32) {
    guard let from = sources.slot(ofKey: source) else {
      throw info.value.missing(source, isSource: true)
    }
    guard let to = targets.slot(ofKey: target) else {
      throw info.value.missing(target)
    }
    return (from, to)
  }

  /// Adds links to a batch by the ranks of their keys, source and target in turn, and returns where
  /// those start that it does not take.
  ///
  /// - Precondition: The keys of both tables have ranks.
  func append(
    _ ranks: Span<UInt64>, to batch: inout LinkBatch, _ slots: inout MutableSpan<UInt32>
  ) -> [Int] {
    defer { withExtendedLifetime(self) {} }
    return batch.append(
      ranks, sources: sources.rankedKeys, targets: targets.rankedKeys,
      takesLoops: info.allowsLoops, &slots)
  }

  /// Whether the association table takes a link: it may refuse one from a row to itself.
  func allows(_ link: (source: UInt32, target: UInt32)) -> Bool {
    info.allowsLoops || link.source != link.target
  }

  /// The refusal of a link from a row to itself.
  func selfLinkFault(_ key: StoredValue) -> GraphError { info.value.selfLinkFault(key) }
}
