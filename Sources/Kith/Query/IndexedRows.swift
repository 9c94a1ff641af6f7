import KithCore

/// The rows of a table, or those below one parent or with one value in another column, in the order of a
/// column, as an index keeps them: by number, or compared.
struct IndexedRows {
  private let state: TableState
  private let place: Int
  private let info: IndexInfo
  private let parent: UInt32
  /// The value that all rows have in the column by which the index is ordered first.
  private let leading: StoredValue?
  /// Where the rows lie in the index.
  private let places: Range<Int>

  init(_ state: TableState, _ place: Int, _ info: IndexInfo, below parent: UInt32 = 0) {
    self.state = state
    self.place = place
    self.info = info
    self.parent = parent
    leading = nil
    let count =
      info.isRanked
      ? state.orderedIndexes[place].withView { $0.runs.count(of: parent) }
      : state.comparedIndexes[place].count
    places = 0..<count
  }

  /// - Parameter value: The value of the column by which the index is ordered first.
  init(_ state: TableState, _ place: Int, _ info: IndexInfo, with value: StoredValue) {
    self.state = state
    self.place = place
    self.info = info
    parent = 0
    leading = value
    func count(while isBefore: (StoredValue) -> Bool) -> Int {
      guard let column = info.leading else { return 0 }
      return state.comparedIndexes[place].count { isBefore(state.value(of: column, at: $0)) }
    }
    places = count { $0 < value }..<count { !(value < $0) }
  }

  /// The index that has the rows of a table or of a parent in the order of a column, and these in it; nil
  /// if there is none.
  ///
  /// - Parameter tests: The filters of the rows, one of which may say that all have one value.
  static func find(
    _ rows: QueryNode, _ tests: [Filter], by column: Int, _ graph: Graph
  ) -> (index: IndexInfo, rows: IndexedRows)? {
    let (state, indexes) = (graph.table(rows.table), graph.layout.tables[rows.table].indexes)
    func together(_ leading: Int, _ value: StoredValue) -> (IndexInfo, IndexedRows)? {
      indexes.firstIndex { $0.leading == leading && $0.column == column }
        .map { (indexes[$0], IndexedRows(state, $0, indexes[$0], with: value)) }
    }
    switch rows {
    case .all:
      // The rows with one value are in the same order as all rows, and fewer.
      for shape in tests.flatMap(\.conjuncts).map(\.shape) {
        guard case .comparison(let other, _, .equal, let value) = shape else { continue }
        if let found = together(other, value) { return found }
      }
      return indexes.firstIndex { $0.isSequence(of: column) }
        .map { (indexes[$0], IndexedRows(state, $0, indexes[$0])) }
    case .run(let one) where one.hop.direction == .backward:
      let place = indexes.firstIndex { $0.parentLink == one.hop.link && $0.column == column }
      if let place {
        return (indexes[place], IndexedRows(state, place, indexes[place], below: one.source))
      }
      let link = graph.layout.links[one.hop.link]
      // A row that waits for its parent has the parent's key, and is not linked to it.
      guard let key = link.column, !link.isDeferred || graph.pending.isEmpty else { return nil }
      return together(key, graph.table(link.target).key(at: one.source))
    default: return nil
    }
  }

  /// The number of rows.
  var count: Int { places.count }

  /// The number of rows whose value comes before another, or is equal to it.
  func count(below value: StoredValue, orEqual: Bool) -> Int {
    if info.isRanked {
      return state.orderedIndexes[place].withView {
        $0.rowCount(below: value.rank, orEqual: orEqual, of: parent)
      }
    }
    return count { orEqual ? !(value < $0) : $0 < value }
  }

  /// The number of rows at the start whose value passes a test that no later one passes.
  func count(while isBefore: (StoredValue) -> Bool) -> Int {
    let end = state.comparedIndexes[place].count { slot in
      if let leading, let column = info.leading {
        let value = state.value(of: column, at: slot)
        if value != leading { return value < leading }
      }
      return isBefore(state.value(of: info.column, at: slot))
    }
    return end - places.lowerBound
  }

  /// The places of the rows whose ranks are in a range.
  func places(of range: RankRange) -> Range<Int> {
    if range.isFull { return 0..<count }
    if range.isEmpty { return 0..<0 }
    guard info.isRanked else {
      return count { $0.rank < range.least }..<count { $0.rank <= range.greatest }
    }
    return state.orderedIndexes[place].withView { index in
      let end =
        range.greatest == .max
        ? index.runs.count(of: parent)
        : index.rowCount(below: range.greatest, orEqual: true, of: parent)
      let start =
        range.least == 0 ? 0 : index.rowCount(below: range.least, orEqual: false, of: parent)
      return start..<end
    }
  }

  /// The places of the rows that have a value.
  func places(equalTo value: StoredValue) -> Range<Int> {
    count(below: value, orEqual: false)..<count(below: value, orEqual: true)
  }

  /// The first of some places whose row passes a test that all behind it pass too, or their end.
  func firstPlace(in places: Range<Int>, where passes: (UInt32) -> Bool) -> Int {
    places.partitioningIndex { passes(slot(at: $0)) }
  }

  /// Whether each of some rows has another value than the one before it in the list.
  func changes(in slots: [UInt32]) -> [Bool] {
    guard info.isRanked else { return IndexedRows.changes(in: slots, value) }
    return state.orderedIndexes[place].withView { index in
      IndexedRows.changes(in: slots) { index.ranks[$0] }
    }
  }

  private static func changes<Value: Equatable>(
    in slots: [UInt32], _ value: (UInt32) -> Value
  ) -> [Bool] {
    var last: Value?
    return slots.map { slot in
      let value = value(slot)
      defer { last = value }
      return value != last
    }
  }

  /// The rows at some places of the order.
  func slots(in range: Range<Int>) -> [UInt32] {
    info.isRanked
      ? state.orderedIndexes[place].withView { $0.runs.targets(of: parent, in: range) }
      : state.comparedIndexes[place].slots(in: shifted(range))
  }

  /// The row at a place of the order.
  func slot(at place: Int) -> UInt32 {
    info.isRanked
      ? state.orderedIndexes[self.place].withView { $0.runs.target(of: parent, at: place) }
      : state.comparedIndexes[self.place].slots(in: shifted(place..<place + 1))[0]
  }

  private func shifted(_ range: Range<Int>) -> Range<Int> {
    range.lowerBound + places.lowerBound..<range.upperBound + places.lowerBound
  }

  /// The value by which the index has the row at a slot.
  func value(at slot: UInt32) -> StoredValue { state.value(of: info.column, at: slot) }
}
