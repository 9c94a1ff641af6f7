import KithCore

/// The plan for rows of a whole table, or of one parent, in the order of an indexed column: the index
/// is read from one end, and no further than the rows that are asked for.
struct IndexScan {
  /// The name of the index.
  let indexName: String

  private let graph: Graph
  private let table: Int
  private let sequence: IndexedRows
  /// The part of the index that comparisons of its column leave.
  private let range: RankRange
  private let direction: SortDirection
  /// The filters that say more than the range.
  private let filter: Filter?

  /// The rows that an index may find for a filter beyond which reading in order is better.
  private static let fewRows = 256

  /// Recognizes `table.filter(…).sorted(by: column)` and `parent.rows.filter(…).sorted(by: column)`,
  /// or returns nil.
  init?(_ node: QueryNode, _ graph: Graph) {
    guard case .sorted(let rows, let terms) = node, terms.count == 1, let column = terms[0].column,
      terms[0].precedes == nil
    else { return nil }
    let (base, filters) = rows.withoutFilters
    let below: (link: Int, parent: UInt32)?
    switch base {
    case .all: below = nil
    case .run(let one) where one.hop.direction == .backward:
      below = (one.hop.link, one.source)
    default: return nil
    }
    table = node.table
    let info = graph.layout.tables[table]
    let found = info.indexes.firstIndex { $0.parentLink == below?.link && $0.column == column }
    // Ranks tell a missing value from all others only where numbers leave room for it.
    guard let found, !info.indexes[found].isRanked || terms[0].ranksExactly else { return nil }
    let (range, others) = RankRange.split(filters, by: column, info.columns[column])
    self.range = range
    filter = Filter(all: others)
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
  /// - Complexity: O(log rows + rows passed over + limit + the rows that are equal to the last).
  func run(limit: Int, after position: Position? = nil) -> [UInt32] {
    let state = graph.table(table)
    let ties = state.keyOrder
    let accepts = filter.map { $0.bind(graph, limit) }
    var places = sequence.places(of: range)
    if let value = position?.values[0] {
      places =
        direction == .ascending
        ? places.clamped(to: sequence.count(below: value, orEqual: false)..<sequence.count)
        : places.clamped(to: 0..<sequence.count(below: value, orEqual: true))
    }
    var walk = IndexWalk(sequence, places, direction, expecting: limit)
    var result: [UInt32] = []
    result.reserveCapacity(min(limit, places.count))
    // Only the first rows can be equal to those of the page before.
    var rest = position
    while result.count < limit, let group = walk.nextGroup() {
      let start = result.count
      for place in group {
        let slot = walk.slots[place]
        if accepts?(slot) ?? true { result.append(slot) }
      }
      if let position = rest {
        rest = nil
        let first = sequence.value(at: walk.slots[group.lowerBound])
        if sequence.areEqual(first, position.values[0]) {
          result.removeAll { !(position.key < state.key(at: $0)) }
        }
      }
      // The index has rows of equal value by ascending slot.
      if group.count > 1, direction == .descending || !ties.isOfSlots {
        result[start...].sort { ties.precedes($0, $1) }
      }
    }
    return result.count > limit ? Array(result.prefix(limit)) : result
  }
}

/// Walks an index from one end, and takes rows of equal value together.
private struct IndexWalk {
  private let sequence: IndexedRows
  private let direction: SortDirection
  /// The places that were not read yet.
  private var places: Range<Int>
  /// Rows that were read, in the direction of the walk, and whether each is the first of equal ones.
  private(set) var slots: [UInt32] = []
  private var isFirst: [Bool] = []
  /// The first row that was not taken.
  private var next = 0
  private var chunk: Int

  init(
    _ sequence: IndexedRows, _ places: Range<Int>, _ direction: SortDirection, expecting limit: Int
  ) {
    self.sequence = sequence
    self.direction = direction
    self.places = places
    chunk = min(max(limit, 15), 255) + 1
  }

  /// Where the next rows of equal value stand in `slots`, until the next ones are asked for.
  ///
  /// - Complexity: O(rows that are read).
  mutating func nextGroup() -> Range<Int>? {
    if next == slots.count, !read() { return nil }
    var count = 1
    while next + count < slots.count || read(), !isFirst[next + count] { count += 1 }
    defer { next += count }
    return next..<(next + count)
  }

  /// Reads some more rows behind those that were not taken, and tells whether there are any.
  private mutating func read() -> Bool {
    if places.isEmpty { return false }
    slots.removeFirst(next)
    isFirst.removeFirst(next)
    next = 0
    let count = min(chunk, places.count)
    chunk = min(chunk * 2, 4096)
    let read: [UInt32]
    if direction == .ascending {
      read = sequence.slots(in: places.prefix(count))
      places = places.dropFirst(count)
    } else {
      read = sequence.slots(in: places.suffix(count)).reversed()
      places = places.dropLast(count)
    }
    isFirst += sequence.changes(in: read, after: slots.last)
    slots += read
    return true
  }
}

extension QueryNode {
  /// The query without the filters at its end, and these, the first first.
  var withoutFilters: (QueryNode, [Filter]) {
    var node = self
    var filters: [Filter] = []
    while case .filter(let rows, let filter) = node {
      filters.append(filter)
      node = rows
    }
    if filters.count > 1 { filters.reverse() }
    return (node, filters)
  }
}
