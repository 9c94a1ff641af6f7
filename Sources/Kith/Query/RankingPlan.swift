import KithCore

/// The plan for "the rows that most paths reach": who to follow.
///
/// Subtractions and filters at the end of the walk become a mask and a test, so that the last hop
/// is counted in one pass and only the best rows are looked at.
struct RankingPlan {
  private let executor: Executor
  /// The walk with its masks and tests.
  private let node: QueryNode

  /// The longest list for which the best rows are kept in a buffer; a longer one is sorted.
  private static let bufferLimit = 128

  init(_ node: QueryNode, _ graph: Graph) {
    executor = Executor(graph: graph)
    self.node = node
  }

  /// The walk without its masks and tests.
  var walk: QueryNode { node.walk.node }

  /// The queries whose rows are hidden, the outermost first.
  var masks: [QueryNode] {
    node.layers.compactMap {
      if case .combination(.subtracting, _, let hidden) = $0 { hidden } else { nil }
    }
  }

  /// The filters that test a row, the outermost first.
  var filters: [Filter] {
    node.layers.compactMap { if case .filter(_, let filter) = $0 { filter } else { nil } }
  }

  /// How the paths of a walk are counted.
  enum Counting {
    /// Over a hop from rows that are each reached once, by the kernel that keeps the best rows only.
    case lastHop(HopStart, LinkHop)
    /// Hop by hop, for all rows.
    case allHops
    /// Not at all, as one path reaches each row.
    case none
  }

  /// Chooses how to count the paths of the walk.
  ///
  /// - Parameter limit: How many rows are asked for.
  func counting(_ walk: QueryNode, limit: Int) -> Counting {
    guard let (sources, hop) = walk.lastHop else {
      if case .combination(.union, _, _) = walk { return .allHops }
      return .none
    }
    if limit > RankingPlan.bufferLimit { return .allHops }
    if let one = sources.oneHop {
      return .lastHop(.targets(of: one.source, executor.graph.runs(one.hop)), hop)
    }
    return reachedOnce(sources).map { .lastHop(.rows($0), hop) } ?? .allHops
  }

  /// The rows with the most paths, best first; equal numbers by primary key.
  func best(_ limit: Int) -> [PathCounts.Entry] {
    if limit <= 0 { return [] }
    let (walk, hasTests) = node.walk
    let ties = executor.graph.keyOrder(walk.table)
    var accept: ((UInt32) -> Bool)? { hasTests ? test(limit) : nil }
    switch counting(walk, limit: limit) {
    case .lastHop(let start, let hop):
      return executor.withRuns(hop) { runs in
        TopPaths.best(
          limit, from: start, runs, rowCount: executor.rowCount(hop.target), ties: ties,
          accept: accept
        ) { hideMasks($0) }
      }
    case .allHops, .none:
      if node.isReachedOnce { return ordered(multiplicities(node), ties, limit) }
      return ordered(unmasked(multiplicities(walk), accept), ties, limit)
    }
  }

  /// Zeroes the counters of all rows that the masks hide.
  private func hideMasks(_ counters: ScratchWords<UInt32>) {
    var rest: QueryNode? = node
    while let layer = rest, layer.isLayer {
      if case .combination(.subtracting, _, let hidden) = layer { hide(hidden, counters) }
      rest = layer.source
    }
  }

  /// Zeroes the counters of the rows of a query. A run is masked where it lies.
  private func hide(_ rows: QueryNode, _ counters: ScratchWords<UInt32>) {
    if case .rows(_, .one(let slot)) = rows { return TopPaths.mask(slot, counters) }
    if let one = rows.oneHop {
      return executor.withRuns(one.hop) { runs in
        runs.forEachTarget(of: one.source) { TopPaths.mask($0, counters) }
      }
    }
    for slot in executor.set(rows) { TopPaths.mask(slot, counters) }
  }

  /// The rows of a query, ascending, if it is plain that one path reaches each; or else nil.
  private func reachedOnce(_ node: QueryNode) -> [UInt32]? {
    if node.isReachedOnce { return executor.set(node) }
    switch node {
    case .all, .rows, .run, .reach, .slice: return nil
    case .sorted(let rows, _): return reachedOnce(rows)
    case .filter(let rows, let filter):
      return reachedOnce(rows).map { $0.filter(filter.bind(executor.graph, $0.count)) }
    case .hop(let sources, let hop):
      guard let slots = reachedOnce(sources), slots.count <= 1 else { return nil }
      return executor.slots(.hop(.row(table: sources.table, slots.first), hop))
    case .combination(.subtracting, let rows, let others):
      return reachedOnce(rows).map { Intersection.subtract(executor.set(others), from: $0) }
    case .combination(.intersection, let rows, let others):
      return reachedOnce(rows).map { Intersection.rows($0, executor.set(others)) }
    case .combination: return nil
    }
  }

  /// The rows of a query, ascending, each with the number of paths that reach it.
  private func multiplicities(_ node: QueryNode) -> [PathCounts.Entry] {
    if node.isReachedOnce { return executor.set(node).map { .init(slot: $0, paths: 1) } }
    switch node {
    case .run(let one): return extend(multiplicities(one.sources), one.hop)
    case .hop(let sources, let hop): return extend(multiplicities(sources), hop)
    case .filter(let rows, let filter):
      let entries = multiplicities(rows)
      let accepts = filter.bind(executor.graph, entries.count)
      return entries.filter { accepts($0.slot) }
    case .combination(.subtracting, let rows, let hidden):
      return entries(multiplicities(rows), areIn: executor.set(hidden), false)
    case .combination(.intersection, let rows, let others):
      return entries(multiplicities(rows), areIn: executor.set(others), true)
    case .combination(.union, let left, let right):
      return merged(multiplicities(left), multiplicities(right))
    case .sorted(let rows, _): return multiplicities(rows)
    case .all, .rows, .reach, .slice, .combination(.symmetricDifference, _, _):
      return executor.set(node).map { .init(slot: $0, paths: 1) }
    }
  }

  private func extend(_ entries: [PathCounts.Entry], _ hop: LinkHop) -> [PathCounts.Entry] {
    executor.withRuns(hop) { runs in
      if entries.count == 1, entries[0].paths == 1 {
        return runs.targets(of: entries[0].slot).map { .init(slot: $0, paths: 1) }
      }
      return PathCounts.extend(entries, runs, rowCount: executor.rowCount(hop.target))
    }
  }

  /// The entries whose rows are among some, or are not; both ascend.
  private func entries(
    _ entries: [PathCounts.Entry], areIn rows: [UInt32], _ areIn: Bool
  ) -> [PathCounts.Entry] {
    var next = 0
    return entries.filter { entry in
      while next < rows.count, rows[next] < entry.slot { next += 1 }
      return (next < rows.count && rows[next] == entry.slot) == areIn
    }
  }

  /// The entries of two lists that ascend, those of one row added, ascending.
  private func merged(
    _ left: [PathCounts.Entry], _ right: [PathCounts.Entry]
  ) -> [PathCounts.Entry] {
    var (rest, merged): (ArraySlice, [PathCounts.Entry]) = (right[...], [])
    for entry in left {
      while let other = rest.first, other.slot < entry.slot { merged.append(rest.removeFirst()) }
      if let other = rest.first, other.slot == entry.slot {
        let paths = entry.paths.plusPaths(rest.removeFirst().paths)
        merged.append(.init(slot: entry.slot, paths: paths))
      } else {
        merged.append(entry)
      }
    }
    return merged + rest
  }

  /// What is left of entries when masks and tests have been applied.
  private func unmasked(
    _ entries: [PathCounts.Entry], _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    let hidden = masks.map { SlotSet(executor.set($0)) }
    return entries.filter { entry in
      !hidden.contains { $0.contains(entry.slot) } && accept?(entry.slot) ?? true
    }
  }

  /// The entries of the rows with the most paths, best first.
  private func ordered(
    _ entries: [PathCounts.Entry], _ ties: KeyOrder, _ limit: Int
  ) -> [PathCounts.Entry] {
    let best = entries.first(limit) { left, right in
      left.paths == right.paths
        ? ties.precedes(left.slot, right.slot) : left.paths > right.paths
    }
    return Array(best)
  }

  /// The test that filters and restrictions make of a row.
  private func test(_ limit: Int) -> (UInt32) -> Bool {
    let tests = filters.map { $0.bind(executor.graph, limit) }
    let allowed = node.layers.compactMap { layer -> SlotSet? in
      guard case .combination(.intersection, _, let others) = layer else { return nil }
      return SlotSet(executor.set(others))
    }
    return { slot in tests.allSatisfy { $0(slot) } && allowed.allSatisfy { $0.contains(slot) } }
  }
}

extension QueryNode {
  /// Whether the query masks, tests or orders the rows of another, and adds none.
  fileprivate var isLayer: Bool {
    switch self {
    case .combination(.subtracting, _, _), .combination(.intersection, _, _), .filter, .sorted: true
    default: false
    }
  }

  /// Whether it is plain that one path reaches each row. The rows are then found like those of any
  /// query, so that an index serves the tests.
  fileprivate var isReachedOnce: Bool {
    var node = self
    while node.isLayer, let source = node.source { node = source }
    return switch node {
    case .all, .rows, .run, .reach, .slice: true
    default: false
    }
  }

  /// What is left without the masks, tests and orders on top, and whether there are tests.
  fileprivate var walk: (node: QueryNode, hasTests: Bool) {
    var (node, hasTests) = (self, false)
    while node.isLayer, let source = node.source {
      switch node {
      case .combination(.intersection, _, _), .filter: hasTests = true
      default: break
      }
      node = source
    }
    return (node, hasTests)
  }

  /// The masks, tests and orders on top, the outermost first.
  fileprivate var layers: [QueryNode] {
    var layers: [QueryNode] = []
    var rest: QueryNode? = self
    while let node = rest, node.isLayer {
      layers.append(node)
      rest = node.source
    }
    return layers
  }
}
