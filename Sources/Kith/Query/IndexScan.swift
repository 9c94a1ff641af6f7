import KithCore

/// The plan for rows of a whole table, or of one parent, in the order of an indexed column: the index
/// is read from one end, and no further than the rows that are asked for.
struct IndexScan {
  /// The name of the index.
  let indexName: String

  private let graph: Graph
  private let table: Int
  private let sequence: IndexedRows
  private let direction: SortDirection
  private let filter: Filter?

  /// The rows that an index may find for a filter beyond which reading in order is better.
  private static let fewRows = 256

  /// Recognizes `table.filter(…).sorted(by: column)` and `parent.rows.filter(…).sorted(by: column)`,
  /// or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .sorted(let rows, let terms) = node, terms.count == 1, let column = terms[0].column
    else { return nil }
    let (base, filters) = rows.withoutFilters
    let below: (link: Int, parent: UInt32)?
    switch base {
    case .all: below = nil
    case .hop(.rows(_, let parents), let hop)
    where parents.count == 1 && hop.direction == .backward:
      below = (hop.link, parents[0])
    default: return nil
    }
    table = node.table
    let info = graph.layout.tables[table]
    let found = info.indexes.firstIndex { $0.parentLink == below?.link && $0.column == column }
    // Ranks tell a missing value from all others only where numbers leave room for it.
    guard let found, !info.indexes[found].isRanked || terms[0].ranksExactly else { return nil }
    filter = Filter(all: filters)
    if below == nil, let filter, let access = IndexAccess(filter.shape, graph, table: table),
      access.count <= IndexScan.fewRows
    {
      return nil
    }
    indexName = info.indexes[found].name
    self.graph = graph
    sequence = IndexedRows(
      graph.table(table), found, info.indexes[found], below: below?.parent ?? 0)
    direction = terms[0].direction
  }

  /// The first rows in order; equal values by primary key.
  ///
  /// - Complexity: O(rows passed over + limit + the rows that are equal to the last).
  func run(limit: Int, after position: Position? = nil) -> [UInt32] {
    let state = graph.table(table)
    let ties = state.keyOrder
    let accepts = filter.map { $0.bind(graph, limit) }
    var result: [UInt32] = []
    var rest = 0..<sequence.count
    if let value = position?.values[0] {
      rest =
        direction == .ascending
        ? sequence.count(below: value, orEqual: false)..<rest.upperBound
        : 0..<sequence.count(below: value, orEqual: true)
    }
    while result.count < limit, let group = nextGroup(&rest) {
      let passed = group.filter { accepts?($0) ?? true }.sorted { ties.precedes($0, $1) }
      for slot in passed where result.count < limit {
        if let position, sequence.areEqual(sequence.value(at: slot), position.values[0]),
          !(position.key < state.rows.key(at: slot))
        {
          continue
        }
        result.append(slot)
      }
    }
    return result
  }

  /// Takes the next rows of equal value off the range that is left.
  private func nextGroup(_ rest: inout Range<Int>) -> [UInt32]? {
    guard !rest.isEmpty else { return nil }
    let isAscending = direction == .ascending
    let edge = isAscending ? rest.lowerBound : rest.upperBound - 1
    let value = sequence.value(at: sequence.slots(in: edge..<(edge + 1))[0])
    let group: Range<Int>
    if isAscending {
      group = rest.lowerBound..<sequence.count(below: value, orEqual: true)
      rest = group.upperBound..<rest.upperBound
    } else {
      group = sequence.count(below: value, orEqual: false)..<rest.upperBound
      rest = rest.lowerBound..<group.lowerBound
    }
    return sequence.slots(in: group)
  }
}

extension QueryNode {
  /// The query without the filters at its end, and these, the first first.
  var withoutFilters: (QueryNode, [Filter]) {
    guard case .filter(let rows, let filter) = self else { return (self, []) }
    let (node, filters) = rows.withoutFilters
    return (node, filters + [filter])
  }
}
