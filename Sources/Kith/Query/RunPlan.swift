import KithCore

/// The plan for rows that lie in a run, or that a kernel makes of two runs. These are asked for most, so
/// that the plan is seen in the query alone, and needs no memory.
enum RunPlan {
  /// A run as it lies.
  case run(OneHop)
  /// A part of a run as it lies.
  case part(of: OneHop, dropping: Int, limit: Int)
  /// The distinct rows that two hops from one row reach.
  case twoHops(OneHop, LinkHop)
  /// The rows that are in both of two runs.
  case twoRuns(OneHop, OneHop)

  /// Recognizes `row.rows`, a part of it, `row.rows.rows` and `row.rows.intersection(other.rows)`, or
  /// returns nil.
  @inline(__always)
  init?(_ node: QueryNode) {
    switch node {
    case .run(let one): self = .run(one)
    case .hop(.run(let one), let hop): self = .twoHops(one, hop)
    case .combination(.intersection, .run(let one), .run(let other)): self = .twoRuns(one, other)
    case .slice(.run(let one), let dropped, let limit):
      self = .part(of: one, dropping: dropped, limit: limit ?? .max)
    case .slice(let rows, let dropped, let limit):
      guard let part = RunPlan.part(of: rows, dropping: dropped, limit ?? .max) else { return nil }
      self = part
    case .all, .rows, .hop, .reach, .filter, .combination, .sorted: return nil
    }
  }

  /// A part of a part of a run.
  private static func part(of rows: QueryNode, dropping dropped: Int, _ limit: Int) -> RunPlan? {
    guard case .slice = rows, case .part(let one, let before, let most) = RunPlan(rows) else {
      return nil
    }
    let (start, overflow) = before.addingReportingOverflow(dropped)
    return .part(
      of: one, dropping: overflow ? .max : start, limit: min(max(most - dropped, 0), limit))
  }
}

extension Executor {
  /// The first rows of a plan.
  func slots(_ plan: RunPlan, limit: Int) -> [UInt32] {
    switch plan {
    case .run(let one): run(one, from: 0, limit: limit)
    case .part(let one, let dropped, let most): run(one, from: dropped, limit: min(most, limit))
    case .twoHops(let one, let hop):
      truncated(
        withRuns(one.hop, hop) {
          Expansion.distinctTargets(
            from: .targets(of: one.source, $0), $1, rowCount: rowCount(hop.target))
        }, limit)
    case .twoRuns(let one, let other):
      truncated(
        withRuns(one.hop, other.hop) {
          Intersection.rows(
            of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target))
        }, limit)
    }
  }

  /// Lends the rows of a plan, which are not copied.
  @inline(__always)
  func withSlots(_ plan: RunPlan, _ body: (Span<UInt32>) -> Void) {
    switch plan {
    case .run(let one):
      withRuns(one.hop) { $0.withTargets(of: one.source, body) }
    case .part(let one, let dropped, let most):
      withRuns(one.hop) { runs in
        let ranks = ranks(of: one, runs, from: dropped, limit: most)
        runs.withTargets(of: one.source, in: ranks, body)
      }
    case .twoHops(let one, let hop):
      withRuns(one.hop, hop) {
        Expansion.withDistinctTargets(
          from: .targets(of: one.source, $0), $1, rowCount: rowCount(hop.target), body)
      }
    case .twoRuns(let one, let other):
      withRuns(one.hop, other.hop) {
        Intersection.withRows(
          of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target), body)
      }
    }
  }

  /// The number of rows of a plan. O(1) for a run and a part of it.
  @inline(__always)
  func count(_ plan: RunPlan) -> Int {
    switch plan {
    case .run(let one): graph.linkCount(of: one.source, one.hop.link, one.hop.direction)
    case .part(let one, let dropped, let most):
      withRuns(one.hop) { ranks(of: one, $0, from: dropped, limit: most).count }
    case .twoHops(let one, let hop):
      withRuns(one.hop, hop) {
        Expansion.distinctCount(
          from: .targets(of: one.source, $0), $1, rowCount: rowCount(hop.target))
      }
    case .twoRuns(let one, let other):
      withRuns(one.hop, other.hop) {
        Intersection.count(
          of: one.source, $0, and: other.source, $1, rowCount: rowCount(one.hop.target))
      }
    }
  }

  /// Rows of a run from a rank on.
  private func run(_ one: OneHop, from rank: Int, limit: Int) -> [UInt32] {
    withRuns(one.hop) { runs in
      runs.targets(of: one.source, in: ranks(of: one, runs, from: rank, limit: limit))
    }
  }

  /// The ranks that a run has from one on, at most `limit` of them.
  private func ranks(
    of one: OneHop, _ runs: RunsView, from rank: Int, limit: Int
  ) -> Range<Int> {
    let count = runs.count(of: one.source)
    let first = min(rank, count)
    return first..<(first + min(limit, count - first))
  }

  /// The rows of a run on a side of a slot, at most `limit` of them, those next to it.
  ///
  /// - Complexity: O(log *n* + limit).
  func run(_ one: OneHop, _ side: Side, of slot: UInt32, limit: Int) -> [UInt32] {
    let rank = withRuns(one.hop) { $0.rank(of: slot, in: one.source, SlotOrder()) }
    return side == .after
      ? run(one, from: rank.isPresent ? rank.index + 1 : rank.index, limit: limit)
      : run(one, from: max(rank.index - limit, 0), limit: min(limit, rank.index))
  }
}
