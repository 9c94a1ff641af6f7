import KithCore

/// The plan for "the rows that most paths reach": who to follow.
///
/// Subtractions and filters at the end of the walk become a mask and a test, so that the last hop
/// is counted in one pass and only the best rows are looked at.
struct RankingPlan {
  private let executor: Executor
  /// The walk without its masks and tests.
  let walk: QueryNode
  /// The queries whose rows are hidden.
  private(set) var masks: [QueryNode] = []
  private(set) var filters: [Filter] = []
  private(set) var restrictions: [QueryNode] = []

  /// The longest list for which the best rows are kept in a buffer; a longer one is sorted.
  private static let bufferLimit = 128

  init(_ node: QueryNode, _ graph: Graph) {
    executor = Executor(graph: graph)
    var walk = node
    peeling: while true {
      switch walk {
      case .combination(.subtracting, let rows, let hidden):
        masks.append(hidden)
        walk = rows
      case .combination(.intersection, let rows, let others):
        restrictions.append(others)
        walk = rows
      case .filter(let rows, let filter):
        filters.append(filter)
        walk = rows
      case .sorted(let rows, _): walk = rows
      default: break peeling
      }
    }
    self.walk = walk
  }

  /// The rows with the most paths, best first; equal numbers by primary key.
  func best(_ limit: Int) -> [PathCounts.Entry] {
    if limit <= 0 { return [] }
    let ties = executor.graph.table(walk.table).keyOrder
    guard case .hop(let sources, let hop) = walk else {
      return ordered(multiplicities(walk), ties, limit)
    }
    guard limit <= RankingPlan.bufferLimit, let middles = reachedOnce(sources) else {
      return ordered(extend(multiplicities(sources), hop), ties, limit)
    }
    let hidden = masks.map { executor.set($0) }
    let accepts = test(limit)
    return executor.graph.withLinks(hop.link) { links in
      links.withView(hop.direction) { runs in
        PathCounts.withCounts(
          from: middles, runs, rowCount: executor.rowCount(hop.target)
        ) { counters, touched, count in
          for rows in hidden { TopPaths.mask(rows, counters) }
          return TopPaths.best(limit, of: touched, count, counters, ties: ties, accept: accepts)
        }
      }
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
      guard let sources = reachedOnce(sources), sources.count <= 1 else { return nil }
      return executor.expand(sources, hop)
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
    executor.graph.withLinks(hop.link) { links in
      links.withView(hop.direction) { runs in
        if entries.count == 1, entries[0].paths == 1 {
          return Expansion.targets(of: entries[0].slot, runs).map { .init(slot: $0, paths: 1) }
        }
        return PathCounts.extend(entries, runs, rowCount: executor.rowCount(hop.target))
      }
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
    let hidden = masks.reduce(into: Set<UInt32>()) { $0.formUnion(executor.set($1)) }
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
    let tests = filters.map { $0.bind(executor.graph, limit) }
    let allowed = restrictions.map { Set(executor.set($0)) }
    if tests.isEmpty, allowed.isEmpty { return nil }
    return { slot in
      tests.allSatisfy { $0(slot) } && allowed.allSatisfy { $0.contains(slot) }
    }
  }
}
