import KithCore

/// Runs what a query describes: picks a kernel for each part, and hands slots from one to the next.
struct Executor {
  let graph: Graph

  /// The rows of a query in its order, at most `limit` of them.
  func slots(_ node: QueryNode, limit: Int = .max) -> [UInt32] {
    if limit <= 0 { return [] }
    switch node {
    case .all(let table):
      return graph.table(table).allSlots(limit: limit)
    case .rows(_, let slots):
      return slots.count > limit ? Array(slots.prefix(limit)) : slots
    case .hop(let sources, let hop):
      return truncated(expand(set(sources), hop), limit)
    case .filter(let rows, let filter):
      return filtered(rows, filter, limit: limit)
    case .combination(let operation, let left, let right):
      return truncated(combined(operation, left, right), limit)
    case .sorted(let rows, let terms):
      if let plan = FeedPlan(node, graph) { return plan.run(limit: limit).slots }
      return Sorting(graph, table: node.table, terms).sorted(slots(rows), limit: limit)
    case .slice(let rows, let dropped, let most):
      let end = most.map { min($0, limit) } ?? limit
      let reach = end > .max - dropped ? .max : dropped + end
      return Array(slots(rows, limit: reach).dropFirst(dropped))
    }
  }

  /// The rows of a query by ascending slot, which is their order of insertion.
  func set(_ node: QueryNode) -> [UInt32] {
    switch node {
    case .sorted(let rows, _): set(rows)
    case .slice(let rows, _, _) where isOrdered(rows): slots(node).sorted()
    case .combination(_, let left, _) where isOrdered(left): slots(node).sorted()
    case .filter(let rows, _) where isOrdered(rows): slots(node).sorted()
    default: slots(node)
    }
  }

  /// The number of rows of a query. O(1) for a table, and for one hop from one row.
  func count(_ node: QueryNode) -> Int {
    switch node {
    case .all(let table): return graph.table(table).count
    case .rows(_, let slots): return slots.count
    case .sorted(let rows, _): return count(rows)
    case .hop(let sources, let hop):
      let sources = set(sources)
      return graph.withLinks(hop.link) { links in
        links.withView(hop.direction) { runs in
          sources.count == 1
            ? runs.count(of: sources[0])
            : Expansion.distinctCount(from: sources, runs, rowCount: rowCount(hop.target))
        }
      }
    case .filter, .combination, .slice: return slots(node).count
    }
  }

  /// The test that a filter makes of the rows of a table.
  func bind(_ filter: Filter, table: Int) -> (UInt32) -> Bool {
    filter.bind(graph.table(table).rows)
  }

  /// One more than the largest slot of a table.
  func rowCount(_ table: Int) -> Int { Int(graph.table(table).slotEnd) }

  // MARK: Parts

  /// One hop from a set of rows.
  func expand(_ sources: [UInt32], _ hop: LinkHop) -> [UInt32] {
    graph.withLinks(hop.link) { links in
      links.withView(hop.direction) { runs in
        Expansion.distinctTargets(from: sources, runs, rowCount: rowCount(hop.target))
      }
    }
  }

  private func filtered(_ rows: QueryNode, _ filter: Filter, limit: Int) -> [UInt32] {
    if case .all(let table) = rows, let access = IndexAccess(filter.shape, graph, table: table) {
      let accepts = bind(filter, table: table)
      return truncated(access.slots.filter(accepts), limit)
    }
    let accepts = bind(filter, table: rows.table)
    var kept: [UInt32] = []
    if case .all(let table) = rows {
      graph.table(table).rows.forEachSlot(below: graph.table(table).slotEnd) { slot in
        if accepts(slot) { kept.append(slot) }
        return kept.count < limit
      }
      return kept
    }
    for slot in slots(rows) where accepts(slot) {
      kept.append(slot)
      if kept.count == limit { break }
    }
    return kept
  }

  private func combined(
    _ operation: SetOperation, _ left: QueryNode, _ right: QueryNode
  ) -> [UInt32] {
    switch operation {
    case .subtracting where isOrdered(left), .intersection where isOrdered(left):
      let others = Set(set(right))
      return slots(left).filter { others.contains($0) == (operation == .intersection) }
    case .union: return Intersection.union(set(left), set(right))
    case .intersection: return Intersection.rows(set(left), set(right))
    case .subtracting: return Intersection.subtract(set(right), from: set(left))
    case .symmetricDifference:
      let (first, second) = (set(left), set(right))
      return Intersection.union(
        Intersection.subtract(second, from: first), Intersection.subtract(first, from: second))
    }
  }

  /// Whether a query's rows may stand in another order than that of insertion.
  func isOrdered(_ node: QueryNode) -> Bool {
    switch node {
    case .all, .rows, .hop: false
    case .sorted: true
    case .slice(let rows, _, _), .filter(let rows, _): isOrdered(rows)
    case .combination(let operation, let left, _):
      (operation == .subtracting || operation == .intersection) && isOrdered(left)
    }
  }

  private func truncated(_ slots: [UInt32], _ limit: Int) -> [UInt32] {
    slots.count > limit ? Array(slots.prefix(limit)) : slots
  }
}

/// The rows of a whole table that an index finds for a predicate, or a few more.
struct IndexAccess {
  /// The name of the index or constraint.
  let name: String
  /// Rows by ascending slot, among them all that the predicate accepts.
  let slots: [UInt32]

  /// Finds the part of a predicate that an index serves best, or nil if none does.
  init?(_ shape: PredicateShape, _ graph: Graph, table: Int) {
    let info = graph.layout.tables[table]
    switch shape {
    case .both(let left, let right):
      let found = [left, right].compactMap { IndexAccess($0, graph, table: table) }
      guard let best = found.min(by: { $0.slots.count < $1.slots.count }) else { return nil }
      self = best
    case .comparison(let column, let columnName, let comparison, let value):
      if comparison == .equal, !value.isNull, graph.table(table).isUnique(column) {
        name = "uq_\(info.name)_\(columnName)"
        slots = graph.table(table).slot(ofUnique: value, in: column).map { [$0] } ?? []
        return
      }
      let place = info.indexes.firstIndex { $0.parentLink == nil && $0.column == column }
      guard let place, comparison != .notEqual, info.columns[column].kind.ranksExactly else {
        return nil
      }
      name = info.indexes[place].name
      slots = graph.table(table).orderedIndexes[place].withView { index in
        let rank = value.rank
        let end = index.runs.count(of: 0)
        let from = index.rowCount(below: rank, orEqual: comparison == .greater, of: 0)
        let range: Range<Int> =
          switch comparison {
          case .less: 0..<index.rowCount(below: rank, orEqual: false, of: 0)
          case .lessOrEqual: 0..<index.rowCount(below: rank, orEqual: true, of: 0)
          case .greater, .greaterOrEqual: from..<end
          case .equal, .notEqual: from..<index.rowCount(below: rank, orEqual: true, of: 0)
          }
        return index.runs.targets(of: 0, in: range).sorted()
      }
    case .other: return nil
    }
  }
}
