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

  /// The rows with the most paths, best first; equal numbers by primary key.
  func best(_ limit: Int) -> [PathCounts.Entry] {
    if limit <= 0 { return [] }
    let (walk, hasTests) = node.walk
    let ties = executor.graph.keyOrder(walk.table)
    let accept = hasTests ? test(limit) : nil
    guard let (sources, hop) = walk.lastHop else {
      return ordered(multiplicities(walk), ties, limit, accept)
    }
    if limit <= RankingPlan.bufferLimit {
      let rowCount = executor.rowCount(hop.target)
      if let one = sources.oneHop {
        return executor.withRuns(one.hop, hop) { near, runs in
          TopPaths.best(
            limit, ofTargetsOf: one.source, near, runs, rowCount: rowCount, ties: ties,
            accept: accept
          ) { hideMasks(of: node, $0) }
        }
      }
      if let middles = reachedOnce(sources) {
        return executor.withRuns(hop) { runs in
          TopPaths.best(
            limit, from: middles, runs, rowCount: rowCount, ties: ties, accept: accept
          ) { hideMasks(of: node, $0) }
        }
      }
    }
    return ordered(extend(multiplicities(sources), hop), ties, limit, accept)
  }

  /// Zeroes the counters of all rows that the masks of a query hide.
  private func hideMasks(of node: QueryNode, _ counters: ScratchWords<UInt32>) {
    switch node {
    case .combination(.subtracting, let rows, let hidden):
      hide(hidden, counters)
      hideMasks(of: rows, counters)
    case .combination(.intersection, let rows, _), .filter(let rows, _), .sorted(let rows, _):
      hideMasks(of: rows, counters)
    default: break
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
    switch node {
    case .all, .rows, .run, .reach, .slice: return executor.set(node)
    case .sorted(let rows, _): return reachedOnce(rows)
    case .filter(let rows, let filter):
      return reachedOnce(rows).map { $0.filter(filter.bind(executor.graph, $0.count)) }
    case .hop(let sources, let hop):
      guard let slots = reachedOnce(sources), slots.count <= 1 else { return nil }
      return executor.expand(.row(table: sources.table, slots.first), hop)
    case .combination: return nil
    }
  }

  /// The rows of a query, ascending, each with the number of paths that reach it.
  private func multiplicities(_ node: QueryNode) -> [PathCounts.Entry] {
    switch node {
    case .run(let one): return extend(multiplicities(one.sources), one.hop)
    case .hop(let sources, let hop): return extend(multiplicities(sources), hop)
    case .filter(let rows, let filter):
      let entries = multiplicities(rows)
      let accepts = filter.bind(executor.graph, entries.count)
      return entries.filter { accepts($0.slot) }
    case .combination(.subtracting, let rows, let hidden):
      let hidden = Set(executor.set(hidden))
      return multiplicities(rows).filter { !hidden.contains($0.slot) }
    case .combination(.intersection, let rows, let others):
      let others = Set(executor.set(others))
      return multiplicities(rows).filter { others.contains($0.slot) }
    case .combination(.union, let left, let right):
      return merged(multiplicities(left), multiplicities(right))
    case .sorted(let rows, _): return multiplicities(rows)
    case .all, .rows, .reach, .slice, .combination(.symmetricDifference, _, _):
      return executor.set(node).map { PathCounts.Entry(slot: $0, paths: 1) }
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

  private func merged(
    _ left: [PathCounts.Entry], _ right: [PathCounts.Entry]
  ) -> [PathCounts.Entry] {
    var paths: [UInt32: Int] = [:]
    for entry in left + right { paths[entry.slot, default: 0] += entry.paths }
    return paths.map { .init(slot: $0.key, paths: $0.value) }.sorted { $0.slot < $1.slot }
  }

  /// Sorts what is left of entries when masks and tests have been applied.
  private func ordered(
    _ entries: [PathCounts.Entry], _ ties: KeyOrder, _ limit: Int, _ accept: ((UInt32) -> Bool)?
  ) -> [PathCounts.Entry] {
    var hidden: Set<UInt32> = []
    for mask in masks { hidden.formUnion(executor.set(mask)) }
    let kept = entries.filter { !hidden.contains($0.slot) && accept?($0.slot) ?? true }
    let best = kept.sorted { left, right in
      left.paths == right.paths
        ? ties.precedes(left.slot, right.slot) : left.paths > right.paths
    }
    return best.count > limit ? Array(best.prefix(limit)) : best
  }

  /// The test that filters and restrictions make of a row.
  private func test(_ limit: Int) -> (UInt32) -> Bool {
    let tests = filters.map { $0.bind(executor.graph, limit) }
    let allowed = node.layers.compactMap { layer -> Set<UInt32>? in
      guard case .combination(.intersection, _, let others) = layer else { return nil }
      return Set(executor.set(others))
    }
    return { slot in tests.allSatisfy { $0(slot) } && allowed.allSatisfy { $0.contains(slot) } }
  }
}

extension QueryNode {
  /// What is left without the masks, tests and orders on top, and whether there are tests.
  fileprivate var walk: (node: QueryNode, hasTests: Bool) {
    switch self {
    case .combination(.subtracting, let rows, _), .sorted(let rows, _): rows.walk
    case .combination(.intersection, let rows, _), .filter(let rows, _): (rows.walk.node, true)
    default: (self, false)
    }
  }

  /// The masks, tests and orders on top, the outermost first.
  fileprivate var layers: [QueryNode] {
    switch self {
    case .combination(.subtracting, let rows, _), .combination(.intersection, let rows, _),
      .filter(let rows, _), .sorted(let rows, _):
      [self] + rows.layers
    default: []
    }
  }
}
