import KithCore

/// Some of a query's rows, and the cursors from which to go on in both directions.
public struct Page<Record: Row>: Sendable {
  @usableFromInline let outcome: Result<[Record], GraphError>
  /// Where the next page starts; nil if this is the last one.
  ///
  /// It is never nil for a page before a cursor: that there are rows behind it is taken for granted. If
  /// they are gone, the next page is empty.
  public let next: Cursor?
  /// Where the page before ends; nil if this is the first one.
  ///
  /// It is never nil for a page after a cursor. If no rows are in front of it any more, the page before
  /// is empty; later it has the rows that were inserted there.
  public let previous: Cursor?

  /// The rows of the page, in the query's order.
  ///
  /// - Throws: `GraphError.invalidCursor` if the page was asked for with a cursor of another query
  ///   or order.
  @inlinable
  public var rows: [Record] {
    get throws(GraphError) { try outcome.get() }
  }

  /// Reads the rows of a page that was found.
  @inlinable
  init(_ page: PageOfSlots, _ rows: RowsOf<Record>) {
    outcome = page.fault.map { .failure($0) } ?? .success(page.slots.map { rows.row(at: $0) })
    (next, previous) = (page.next, page.previous)
  }
}

/// A page before its rows are read, or why there is none.
@usableFromInline
struct PageOfSlots {
  @usableFromInline var slots: [UInt32] = []
  @usableFromInline var next: Cursor?
  @usableFromInline var previous: Cursor?
  @usableFromInline var fault: GraphError?
}

extension Query {
  /// The rows after a cursor, or the first rows.
  ///
  /// An unsorted query is paged in order of insertion. A cursor of another query shows when the
  /// page's rows are asked for: `try page.rows`.
  ///
  /// - Parameters:
  ///   - size: The most rows of the page, at least one.
  ///   - cursor: The `next` of the page before; nil for the first page.
  /// - Complexity: For a feed over an ordered index, O(parents · log) however many rows there are. O(log
  ///   rows + *size* + rows that are passed over) for a whole table, filtered or not, in order of insertion,
  ///   of a primary key that ascends with it, or of an indexed column. Otherwise that of the whole query.
  @inlinable
  public func page(size: Int, after cursor: Cursor? = nil) -> Page<Record> {
    Page(graph.page(of: node, size: size, .after, of: cursor), rows)
  }

  /// The rows before a cursor, in the query's order.
  ///
  /// - Parameters:
  ///   - size: The most rows of the page, at least one.
  ///   - cursor: The `previous` of the page after.
  /// - Complexity: As forwards, and of the rows of equal value in an indexed column where these are many.
  @inlinable
  public func page(size: Int, before cursor: Cursor) -> Page<Record> {
    Page(graph.page(of: node, size: size, .before, of: cursor), rows)
  }

  /// The place of a row in the order of this query, from which pages go on in both directions: what is
  /// newer than a post that a reader has seen, or older.
  ///
  /// - Parameter id: The row's key. The query need not have the row, only its order must have a place
  ///   for it: a feed goes on at a post whose author is not followed any more.
  /// - Returns: Nil if no row of the table has the key.
  public func cursor(at id: Record.ID) -> Cursor? {
    graph.slot(of: Record.self, id).map { slot in
      var paging = Paging(node, graph)
      return paging.cursor(at: slot)
    }
  }
}

extension Graph {
  /// More rows than any table has; a page of more has no more.
  static let mostRows = 1 << 32

  /// The rows of a query on a side of a cursor, or the first.
  @usableFromInline
  func page(of node: QueryNode, size: Int, _ side: Side, of cursor: Cursor?) -> PageOfSlots {
    let size = max(min(size, Graph.mostRows), 1)
    var paging = Paging(node, self)
    do throws(GraphError) {
      let place = try cursor.map { (cursor) throws(GraphError) in try paging.position(cursor) }
      var slots = paging.slots(size + 1, side, of: place)
      if let cursor, cursor.includesRow, let row = place.flatMap({ paging.row(at: $0) }) {
        slots.insert(row, at: side == .after ? 0 : slots.count)
      }
      let page = Array(side == .after ? slots.prefix(size) : slots.suffix(size))
      let (near, far) = side == .after ? (page.first, page.last) : (page.last, page.first)
      let back = cursor.map { cursor in near.map { paging.cursor(at: $0) } ?? cursor.turned }
      let onward = slots.count > size ? far.map { paging.cursor(at: $0) } : nil
      return side == .after
        ? PageOfSlots(slots: page, next: onward, previous: back)
        : PageOfSlots(slots: page, next: back, previous: onward)
    } catch {
      return PageOfSlots(fault: error)
    }
  }
}

/// Turns rows of one query into cursors and back.
private struct Paging {
  private let node: QueryNode
  private let graph: Graph
  private let terms: [SortTerm]
  /// Made when there is a cursor: most small pages have none.
  private lazy var fingerprint = Fingerprint(node, graph).hash

  init(_ node: QueryNode, _ graph: Graph) {
    self.node = node
    self.graph = graph
    terms = node.sortTerms
  }

  mutating func cursor(at slot: UInt32) -> Cursor {
    let table = graph.table(node.table)
    if terms.isEmpty {
      let place = [StoredValue.unsigned(UInt64(slot)), .unsigned(graph.numbering.id)]
      return Cursor(fingerprint: fingerprint, values: place + [table.key(at: slot)])
    }
    var values = terms.map { term in
      term.column.map { table.value(of: $0, at: slot) } ?? term.bind(graph)(slot)
    }
    values.append(table.key(at: slot))
    return Cursor(fingerprint: fingerprint, values: values)
  }

  mutating func position(_ cursor: Cursor) throws(GraphError) -> Position {
    let count = terms.isEmpty ? 3 : terms.count + 1
    guard cursor.fingerprint == fingerprint, cursor.values.count == count else {
      throw .invalidCursor(reason: "it belongs to another query or order")
    }
    let (values, key) = (Array(cursor.values.dropLast()), cursor.values[count - 1])
    guard zip(terms, values).allSatisfy({ $0.hasPlace(for: $1) }) else {
      throw .invalidCursor(reason: "it has a value that its column can't have")
    }
    if !terms.isEmpty { return Position(values: values, key: key) }
    let slot = try slot(values, key)
    return Position(values: [.unsigned(UInt64(slot))], key: .null)
  }

  /// The place of an unsorted query's cursor: the slot of its row, or where rows have other slots than
  /// when it was made, that of the row with its key.
  private func slot(_ place: [StoredValue], _ key: StoredValue) throws(GraphError) -> UInt32 {
    guard case .unsigned(let slot) = place[0], case .unsigned(let numbering) = place[1] else {
      throw .invalidCursor(reason: "its text is damaged")
    }
    if numbering == graph.numbering.id { return UInt32(clamping: slot) }
    guard graph.numbering.hasOrder(of: numbering) else {
      throw .invalidCursor(reason: "rows have been put in another order since")
    }
    guard let slot = graph.table(node.table).slot(ofKey: key) else {
      throw .invalidCursor(reason: "rows have been numbered anew, and its own has gone")
    }
    return slot
  }

  /// The row of the query that stands at a place, if it is there still.
  func row(at place: Position) -> UInt32? {
    let table = graph.table(node.table)
    let slot = terms.isEmpty ? place.slot : table.slot(ofKey: place.key)
    guard let slot, slot < table.slotEnd, Executor(graph: graph).contains(slot, node) else {
      return nil
    }
    let sorting = Sorting(graph, table: node.table, terms)
    let isElsewhere =
      lies(slot, .after, of: place, sorting) || lies(slot, .before, of: place, sorting)
    return isElsewhere ? nil : slot
  }

  /// The rows on a side of a place, those next to it, or the first of all.
  func slots(_ count: Int, _ side: Side, of place: Position?) -> [UInt32] {
    let executor = Executor(graph: graph)
    guard let place else { return executor.slots(node, limit: count) }
    if let rows = executor.slots(node, limit: count, side, of: place) { return rows }
    let all = executor.slots(node)
    let sorting = Sorting(graph, table: node.table, terms)
    let bound = all.indices.partitioningIndex { index in
      lies(all[index], side, of: place, sorting) == (side == .after)
    }
    return Array(side == .after ? all[bound...].prefix(count) : all[..<bound].suffix(count))
  }

  private func lies(
    _ slot: UInt32, _ side: Side, of place: Position, _ sorting: Sorting
  ) -> Bool {
    if !terms.isEmpty { return sorting.lies(slot, side, of: place) }
    let other = place.values[0].rank
    return side == .after ? other < UInt64(slot) : UInt64(slot) < other
  }
}

extension QueryNode {
  /// The order of the rows; empty for the order of insertion.
  var sortTerms: [SortTerm] {
    var node = self
    while true {
      switch node {
      case .sorted(_, let terms): return terms
      case .filter(let rows, _), .slice(let rows, _, _), .combination(.subtracting, let rows, _),
        .combination(.intersection, let rows, _):
        node = rows
      case .all, .rows, .run, .hop, .reach, .combination: return []
      }
    }
  }
}
