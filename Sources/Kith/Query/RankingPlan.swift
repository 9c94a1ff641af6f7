import KithCore

/// The plan for "the rows that most paths reach": who to follow.
///
/// Subtractions and filters at the end of the walk become a mask and a test, so that the last hop
/// is counted in one pass and only the best rows are looked at.
struct RankingPlan {
  private let executor: Executor
  /// The walk with its masks and tests.
  private let node: QueryNode
  /// The walk without its masks and tests.
  let walk: QueryNode
  /// Whether rows are tested, and not only hidden.
  private let hasTests: Bool

  /// The longest list for which the best rows are kept in a buffer; a longer one is sorted.
  private static let bufferLimit = 128

  init(_ node: QueryNode, _ graph: Graph) {
    executor = Executor(graph: graph)
    self.node = node
    var walk = node
    var hasTests = false
    while let rows = walk.withoutMask {
      hasTests = hasTests || walk.isTest
      walk = rows
    }
    self.walk = walk
    self.hasTests = hasTests
  }

  /// Calls `body` with each mask and test around the walk, the outermost first.
  private func forEachLayer(_ body: (QueryNode) -> Void) {
    var layer = node
    while let rows = layer.withoutMask {
      body(layer)
      layer = rows
    }
  }

  /// Calls `body` with the queries whose rows are hidden.
  private func forEachMask(_ body: (QueryNode) -> Void) {
    forEachLayer { if case .combination(.subtracting, _, let hidden) = $0 { body(hidden) } }
  }

  /// The queries whose rows are hidden.
  var masks: [QueryNode] {
    var masks: [QueryNode] = []
    forEachMask { masks.append($0) }
    return masks
  }

  /// The filters that test a row.
  var filters: [Filter] {
    var filters: [Filter] = []
    forEachLayer { if case .filter(_, let filter) = $0 { filters.append(filter) } }
    return filters
  }

  /// The rows with the most paths, best first; equal numbers by primary key.
  func best(_ limit: Int) -> [PathCounts.Entry] {
    if limit <= 0 { return [] }
    let ties = executor.graph.table(walk.table).keyOrder
    guard case .hop(let sources, let hop) = walk else {
      return ordered(multiplicities(walk), ties, limit)
    }
    if limit <= RankingPlan.bufferLimit {
      let rowCount = executor.rowCount(hop.target)
      if let one = sources.oneHop {
        return executor.withRuns(one.hop, hop) { near, runs in
          TopPaths.best(
            limit, ofTargetsOf: one.source, near, runs, rowCount: rowCount, ties: ties,
            accept: test(limit), hiding: hide)
        }
      }
      if let middles = reachedOnce(sources) {
        return executor.withRuns(hop) { runs in
          TopPaths.best(
            limit, from: middles, runs, rowCount: rowCount, ties: ties, accept: test(limit),
            hiding: hide)
        }
      }
    }
    return ordered(extend(multiplicities(sources), hop), ties, limit)
  }

  /// Zeroes the counters of all rows that are hidden.
  private func hide(_ counters: ScratchWords<UInt32>) {
    forEachMask { hide($0, counters) }
  }

  /// Zeroes the counters of the rows of a query. A run is masked where it lies.
  private func hide(_ rows: QueryNode, _ counters: ScratchWords<UInt32>) {
    switch rows {
    case .rows(_, let slots): for slot in slots { TopPaths.mask(slot, counters) }
    default:
      if let one = rows.oneHop {
        return executor.withRuns(one.hop) { runs in
          runs.forEachTarget(of: one.source) { TopPaths.mask($0, counters) }
        }
      }
      for slot in executor.set(rows) { TopPaths.mask(slot, counters) }
    }
  }

  /// The rows of a query, ascending, if it is plain that one path reaches each; or else nil.
  private func reachedOnce(_ node: QueryNode) -> [UInt32]? {
    switch node {
    case .all, .rows, .reach, .slice: return executor.set(node)
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
    _ entries: [PathCounts.Entry], _ ties: KeyOrder, _ limit: Int
  ) -> [PathCounts.Entry] {
    var hidden: Set<UInt32> = []
    forEachMask { hidden.formUnion(executor.set($0)) }
    let accepts = test(limit)
    let kept = entries.filter { !hidden.contains($0.slot) && accepts?($0.slot) ?? true }
    let best = kept.sorted { left, right in
      left.paths == right.paths
        ? ties.precedes(left.slot, right.slot) : left.paths > right.paths
    }
    return best.count > limit ? Array(best.prefix(limit)) : best
  }

  /// The test that filters and restrictions make of a row, or nil when there are none.
  private func test(_ limit: Int) -> ((UInt32) -> Bool)? {
    if !hasTests { return nil }
    var tests: [(UInt32) -> Bool] = []
    var allowed: [Set<UInt32>] = []
    forEachLayer { layer in
      switch layer {
      case .filter(_, let filter): tests.append(filter.bind(executor.graph, limit))
      case .combination(.intersection, _, let others): allowed.append(Set(executor.set(others)))
      default: break
      }
    }
    return { [tests, allowed] slot in
      tests.allSatisfy { $0(slot) } && allowed.allSatisfy { $0.contains(slot) }
    }
  }
}

extension QueryNode {
  /// The rows below a mask, a test or an order; nil if there is none on top.
  fileprivate var withoutMask: QueryNode? {
    switch self {
    case .combination(.subtracting, let rows, _), .combination(.intersection, let rows, _),
      .filter(let rows, _), .sorted(let rows, _):
      rows
    default: nil
    }
  }

  /// Whether the top of a query tests rows.
  fileprivate var isTest: Bool {
    switch self {
    case .combination(.intersection, _, _), .filter: true
    default: false
    }
  }
}
