import KithCore

/// The plan for rows of a whole table, of one parent, or with one value in another column, in the order of
/// an indexed column: the index is read from one end, and no further than the rows that are asked for.
///
/// So it does for many rows that one row is linked to, as posts are to a hashtag: the rows of the whole
/// table are read, and each is looked up among the links.
final class IndexScan {
  /// The index, with the rows in their order.
  let rows: IndexedRows

  private let graph: Graph
  /// The part of the index that comparisons of its column leave.
  private let range: RankRange
  private let direction: SortDirection
  /// The tests that say more than the range and the value that all rows of the index have.
  private let filter: Filter?
  /// The row that is linked to those that are wanted, if these are looked up.
  let link: OneHop?
  /// How many rows are tested at most: as many as another index would find for the tests, if one serves
  /// them, or a part of those that are linked.
  private let most: Int?
  /// The whole order.
  private let sorting: Sorting
  /// Where the rows are that are asked for, seen from a place: those before it come from the last one on.
  private let side: Side
  /// Whether rows of equal value are wanted in their order of insertion, in which the index has them.
  private let keepsTies: Bool

  /// The rows that another index may find for the tests and that are sorted in any case.
  private static let fewRows = 64

  /// How many linked rows are sorted at the cost of looking one row up.
  private static let lookUpCost = 4

  /// Recognizes `table.filter(…).sorted(by: column, …)` and `row.others.filter(…).sorted(by: column, …)`,
  /// perhaps without some rows, or returns nil. It does so too if another index finds few rows, or no more
  /// than are asked for, which are then sorted.
  ///
  /// - Parameters:
  ///   - limit: How many rows are asked for.
  ///   - side: Where they are, seen from a place; nil for the first rows.
  init?(_ node: QueryNode, _ graph: Graph, limit: Int, _ side: Side?) {
    guard case .sorted(let unsorted, let terms) = node, let column = terms[0].column,
      terms[0].precedes == nil
    else { return nil }
    let (base, tests) = unsorted.withoutTests(graph)
    let table = graph.table(node.table)
    let (range, others) = RankRange.split(tests, by: column, table.info.columns[column])
    let inOrder = IndexedRows.find(base, others, by: column, graph)
    link = inOrder == nil ? base.oneHop : nil
    let source = link == nil ? base : QueryNode.all(table: node.table)
    let inTable = link.flatMap { _ in IndexedRows.find(source, others, by: column, graph) }
    guard let rows = inOrder ?? inTable,
      // Ranks tell a missing value from all others only where numbers leave room for it.
      !rows.index.isRanked || terms[0].ranksExactly
    else { return nil }
    self.rows = rows
    self.range = range
    var rest = rows.index.leading == nil ? others : others.filter { !rows.keep($0.shape) }
    var most = Int?.none
    if case .all(let table) = source {
      most = Filter(all: others).flatMap { IndexAccess($0.shape, graph, table: table) }?.count
    }
    if let link {
      guard let lookUps = IndexScan.lookUps(link, graph, limit: limit) else { return nil }
      most = min(most ?? .max, lookUps)
      rest.append(Filter(linked: link))
    }
    if let most, most <= max(IndexScan.fewRows, limit) { return nil }
    self.most = most
    filter = Filter(all: rest)
    self.graph = graph
    self.side = side ?? .after
    direction = side == .before ? terms[0].direction.reversed : terms[0].direction
    sorting = Sorting(graph, table: node.table, terms)
    keepsTies = terms.count == 1 && table.keysAscend && side != .before
  }

  /// How many rows are looked up among linked ones before these are sorted instead; nil if that would not
  /// do for as many as are asked for, were the linked ones as good as any others.
  private static func lookUps(_ link: OneHop, _ graph: Graph, limit: Int) -> Int? {
    let linked = graph.linkCount(of: link.source, link.hop.link, link.hop.direction)
    let rowCount = graph.table(link.hop.target).count
    let (product, overflow) = limit.multipliedReportingOverflow(by: rowCount)
    let most = linked / lookUpCost
    return overflow || product / max(linked, 1) > most ? nil : most
  }

  /// The first rows in order, or those next to a place.
  ///
  /// - Returns: Nil if it has turned out better to sort what another index finds.
  /// - Complexity: O(log rows + rows passed over + limit); and the rows that are equal to the last, if
  ///   their order is not that of insertion.
  func run(limit: Int, from place: Position? = nil) -> [UInt32]? {
    var walk = IndexWalk(rows, rows.places(of: range), direction, expecting: limit)
    walk.precedes = keepsTies ? nil : precedes
    if let place { walk.skip(to: place, of: keepsTies ? sorting.table : nil) }
    var found = TestedRows(filter, graph, limit: limit, most: most, of: walk.count)
    // Only the first rows can be equal to those of the page before.
    var rest = keepsTies ? nil : place
    while found.isOpen, var rows = walk.next() {
      if let place = rest { rows.removeAll { !sorting.lies($0, side, of: place) } }
      rest = nil
      for slot in rows where !found.take(slot) { break }
    }
    return found.rows
  }

  private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
    side == .after ? sorting.precedes(left, right) : sorting.precedes(right, left)
  }
}

extension SortDirection {
  fileprivate var reversed: SortDirection { self == .ascending ? .descending : .ascending }
}

/// Walks an index from one end, and yields rows some at a time, each in the wanted order.
private struct IndexWalk {
  private let sequence: IndexedRows
  private let direction: SortDirection
  /// How rows of equal value are ordered; nil for the order in which the index has them.
  var precedes: ((UInt32, UInt32) -> Bool)?
  /// The places that were not read yet.
  private var places: Range<Int>
  /// The places of rows of equal value that come before them.
  private var group = 0..<0
  private var chunk: Int

  init(
    _ sequence: IndexedRows, _ places: Range<Int>, _ direction: SortDirection, expecting limit: Int
  ) {
    self.sequence = sequence
    self.direction = direction
    self.places = places
    chunk = min(max(limit, 15), 255) + 1
  }

  /// The number of rows that were not read yet.
  var count: Int { group.count + places.count }

  /// Passes over the rows before a place.
  ///
  /// - Parameter table: The table, if rows of equal value have the order of their keys in the index: then
  ///   they are passed over too. Otherwise all of them are left.
  mutating func skip(to position: Position, of table: TableState?) {
    let equal = sequence.places(equalTo: position.values[0])
    places =
      direction == .ascending
      ? places.clamped(to: equal.lowerBound..<Int.max)
      : places.clamped(to: 0..<equal.upperBound)
    guard let table else { return }
    let rest = equal.partitioningIndex { position.key < table.key(at: sequence.slot(at: $0)) }
    if direction == .ascending {
      places = places.clamped(to: rest..<Int.max)
    } else {
      group = places.clamped(to: rest..<equal.upperBound)
      places = places.clamped(to: 0..<equal.lowerBound)
    }
  }

  /// The next rows; nil at the end.
  mutating func next() -> [UInt32]? {
    defer { chunk = min(chunk * 2, 4096) }
    if !group.isEmpty { return sequence.slots(in: IndexWalk.cut(chunk, from: &group)) }
    if places.isEmpty { return nil }
    if precedes == nil, direction == .ascending {
      return sequence.slots(in: IndexWalk.cut(chunk, from: &places))
    }
    let count = min(chunk, places.count)
    return direction == .ascending ? nextAscending(count) : nextDescending(count)
  }

  /// Takes some places from the front of others.
  private static func cut(_ count: Int, from places: inout Range<Int>) -> Range<Int> {
    let end = places.lowerBound + min(count, places.count)
    defer { places = end..<places.upperBound }
    return places.lowerBound..<end
  }

  /// At least so many rows: whole groups of equal value.
  private mutating func nextAscending(_ count: Int) -> [UInt32] {
    let last = sequence.value(at: sequence.slot(at: places.lowerBound + count - 1))
    let end = min(sequence.place(behind: last), places.upperBound)
    let part = places.lowerBound..<max(end, places.lowerBound + count)
    places = part.upperBound..<places.upperBound
    return inOrder(sequence.slots(in: part))
  }

  /// About so many rows: whole groups of equal value, but for a long one that needs no order.
  private mutating func nextDescending(_ count: Int) -> [UInt32]? {
    let start = places.upperBound - count
    let first = sequence.places(equalTo: sequence.value(at: sequence.slot(at: start)))
    let groupStart = max(first.lowerBound, places.lowerBound)
    var part = min(groupStart, start)..<places.upperBound
    if precedes == nil, start - groupStart > count {
      if first.upperBound >= places.upperBound {
        group = part
        places = places.lowerBound..<groupStart
        return next()
      }
      part = first.upperBound..<places.upperBound
    }
    places = places.lowerBound..<part.lowerBound
    return inOrder(sequence.slots(in: part))
  }

  /// Whole groups of equal value, one after the other, in the wanted order.
  private func inOrder(_ rows: [UInt32]) -> [UInt32] {
    let isFirst = sequence.changes(in: rows)
    var ordered: [UInt32] = []
    ordered.reserveCapacity(rows.count)
    func append(_ group: Range<Int>) {
      let start = ordered.count
      ordered += rows[group]
      if let precedes, group.count > 1 { ordered[start...].sort(by: precedes) }
    }
    if direction == .ascending {
      var start = 0
      for place in rows.indices.dropFirst() where isFirst[place] {
        append(start..<place)
        start = place
      }
      append(start..<rows.count)
    } else {
      var end = rows.count
      for place in rows.indices.reversed() where isFirst[place] || place == 0 {
        append(place..<end)
        end = place
      }
    }
    return ordered
  }
}
