import KithCore

/// A relationship over the whole graph: every path that it has, from every row.
///
/// A *path* is one way to walk; a *pair* is a source and a target that at least one path connects.
/// What takes long is spread over all cores; it stops early when the calling task is cancelled.
public struct Join<Source: Row, Target: Row>: Sendable {
  @usableFromInline let graph: Graph
  private let hops: [LinkHop]
  @usableFromInline let source: Int
  private var restriction: Restriction = .none
  private var returns = true
  /// How large work is spread over cores.
  package var parallel = Parallel()

  private enum Restriction {
    case none
    case closed(LinkHop)
    case open(LinkHop)
  }

  init(graph: Graph, relationship: Relationship<Source, Target>) {
    self.graph = graph
    hops = relationship.path.map { LinkHop($0, graph.layout) }
    source = graph.layout.table(of: Source.self)
  }

  /// The number of paths; `Int.max` if there are more.
  ///
  /// Joins that are restricted or leave out returns are counted on all cores. If the task is
  /// cancelled, that stops early and returns what was counted so far; `try
  /// Task.checkCancellation()` afterwards tells.
  ///
  /// - Complexity: O(rows) over one or two hops, because paths are counted and not enumerated;
  ///   O(rows + links) over more; O(paths) when the join is restricted.
  public var count: Int {
    run { join in
      join.countsAllPaths
        ? join.pathCount() : parallel.sum(over: join) { join.pathCount(from: $0) }
    }
  }

  /// The number of pairs.
  ///
  /// Runs on all cores. If the task is cancelled, stops early and returns what was counted so far;
  /// `try Task.checkCancellation()` afterwards tells.
  ///
  /// - Complexity: O(paths).
  public var distinctCount: Int {
    run { join in parallel.sum(over: join) { join.pairCount(from: $0) } }
  }

  /// The number of paths from each of some rows, in the order asked; 0 for a key that no row has, and
  /// `Int.max` where there are more.
  ///
  /// Many rows are counted on all cores where their paths must be walked. If the task is cancelled,
  /// stops early, and rows that were not yet counted have 0; `try Task.checkCancellation()`
  /// afterwards tells.
  ///
  /// - Complexity: O(links of the rows) over two hops; O(paths) when the join is restricted.
  @inlinable
  public func counts(from ids: some Sequence<Source.ID>) -> [Int] {
    counts(from: ids.map { graph.slot(of: Source.self, $0) })
  }

  @usableFromInline
  func counts(from slots: [UInt32?]) -> [Int] {
    let found = slots.compactMap(\.self)
    let counted = run { parallel.pathCounts($0, from: found) }
    if found.count == slots.count { return counted }
    var rest = counted[...]
    return slots.map { $0 == nil ? 0 : rest.popFirst() ?? 0 }
  }

  /// Only the paths whose source is linked to their target: triangles, when both are `following`.
  public func closed(by link: Link<Source, Target>) -> Join {
    var copy = self
    copy.restriction = .closed(LinkHop(link.relationship.path[0], graph.layout))
    return copy
  }

  /// Only the paths whose source is not linked to their target.
  public func open(by link: Link<Source, Target>) -> Join {
    var copy = self
    copy.restriction = .open(LinkHop(link.relationship.path[0], graph.layout))
    return copy
  }

  // MARK: Opening

  func run<Result>(_ body: (WholeJoin) -> Result) -> Result {
    defer { withExtendedLifetime(graph) {} }
    return body(
      WholeJoin(
        graph.runs(of: hops), sourceCount: Int(graph.table(source).slotEnd),
        restriction: openedRestriction, returns: returns))
  }

  private var openedRestriction: WholeJoin.Restriction {
    switch restriction {
    case .none: .none
    case .closed(let hop): .closed(graph.runs(hop))
    case .open(let hop): .open(graph.runs(hop))
    }
  }
}

extension Join where Source == Target {
  /// Only the paths that do not return to the row where they started.
  public var withoutReturns: Join {
    var copy = self
    copy.returns = false
    return copy
  }
}
