import KithCore

/// The rows of a table, or those below one parent or with one value in another column, in the order of a
/// column, as an index keeps them: by number, or compared.
struct IndexedRows {
  let index: IndexInfo
  private let state: TableState
  private let number: Int
  private let parent: UInt32
  /// The column by which the index is ordered first, and the value that all rows have in it; nil if it is
  /// ordered by one column.
  private let leading: (column: Int, value: StoredValue)?

  /// - Parameters:
  ///   - number: The number of the index among those of the table.
  ///   - leading: The value that rows have in the column by which the index is ordered first.
  init(
    _ state: TableState, _ number: Int, below parent: UInt32 = 0, with leading: StoredValue? = nil
  ) {
    let index = state.info.indexes[number]
    self.index = index
    self.state = state
    self.number = number
    self.parent = parent
    self.leading = leading.flatMap { value in index.leading.map { ($0, value) } }
  }

  /// The index that has the rows of a table or of a parent in the order of a column, and these in it; nil
  /// if there is none.
  ///
  /// - Parameter tests: The tests of the rows, one of which may say that all have one value.
  static func find(
    _ rows: QueryNode, _ tests: [Filter], by column: Int, _ graph: Graph
  ) -> IndexedRows? {
    let state = graph.table(rows.table)
    let indexes = state.info.indexes
    func together(_ leading: Int, _ value: StoredValue) -> IndexedRows? {
      indexes.firstIndex { $0.leading == leading && $0.column == column }
        .map { IndexedRows(state, $0, with: value) }
    }
    switch rows {
    case .all:
      // The rows with one value are in the same order as all rows, and fewer.
      for test in tests {
        guard case .comparison(let other, _, .equal, let value) = test.shape else { continue }
        if let found = together(other, value) { return found }
      }
      return indexes.firstIndex { $0.isSequence(of: column) }.map { IndexedRows(state, $0) }
    case .run(let one) where one.hop.direction == .backward:
      let number = indexes.firstIndex { $0.parentLink == one.hop.link && $0.column == column }
      if let number { return IndexedRows(state, number, below: one.source) }
      let link = graph.layout.links[one.hop.link]
      // A row that waits for its parent has the parent's key, and is not linked to it.
      guard let key = link.column, !link.isDeferred || graph.pending.isEmpty else { return nil }
      return together(key, graph.table(link.target).key(at: one.source))
    default: return nil
    }
  }

  /// Whether all rows pass a test because of the value by which the index is ordered first.
  func keep(_ test: PredicateShape) -> Bool {
    guard case .comparison(let column, _, .equal, let value) = test else { return false }
    return column == leading?.column && value == leading?.value && !value.isNotANumber
  }

  // MARK: Places

  /// The places of the rows whose ranks are in a range.
  ///
  /// - Complexity: O(log *n*).
  func places(of range: RankRange = RankRange()) -> Range<Int> {
    if range.isEmpty { return 0..<0 }
    let start =
      range.least == 0
      ? self.start : place(of: range.least, orBehind: false) { $0.rank < range.least }
    let end =
      range.greatest == .max
      ? self.end : place(of: range.greatest, orBehind: true) { $0.rank <= range.greatest }
    return start..<end
  }

  /// The place of the first row.
  private var start: Int {
    leading.map { leading in
      state.comparedIndexes[number].count {
        state.value(of: leading.column, at: $0) < leading.value
      }
    } ?? 0
  }

  /// The place behind the last row.
  var end: Int {
    if index.isRanked {
      return state.orderedIndexes[number].withView { $0.runs.count(of: parent) }
    }
    guard let leading else { return state.comparedIndexes[number].count }
    return state.comparedIndexes[number].count {
      !(leading.value < state.value(of: leading.column, at: $0))
    }
  }

  /// The places of the rows that have a value.
  func places(equalTo value: StoredValue) -> Range<Int> {
    place(before: value)..<place(behind: value)
  }

  /// The place of the first row whose value does not come before another.
  func place(before value: StoredValue) -> Int {
    place(of: value.rank, orBehind: false) { $0 < value }
  }

  /// The place behind the rows whose value comes before another or is equal to it.
  func place(behind value: StoredValue) -> Int {
    place(of: value.rank, orBehind: true) { !(value < $0) }
  }

  /// The place of a rank, or where values are compared, behind those that pass a test.
  private func place(
    of rank: UInt64, orBehind: Bool, comparing isBefore: (StoredValue) -> Bool
  ) -> Int {
    index.isRanked
      ? state.orderedIndexes[number].withView {
        $0.rowCount(below: rank, orEqual: orBehind, of: parent)
      } : place(behind: isBefore)
  }

  /// The place behind the rows whose value passes a test that no later one passes, where values are compared.
  func place(behind isBefore: (StoredValue) -> Bool) -> Int {
    state.comparedIndexes[number].count { slot in
      if let leading {
        let value = state.value(of: leading.column, at: slot)
        if value != leading.value { return value < leading.value }
      }
      return isBefore(state.value(of: index.column, at: slot))
    }
  }

  // MARK: Rows

  /// Whether each of some rows has another value than the one before it in the list.
  func changes(in slots: [UInt32]) -> [Bool] {
    guard index.isRanked else { return IndexedRows.changes(in: slots, value) }
    return state.orderedIndexes[number].withView { index in
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

  /// The rows at some places.
  func slots(in places: Range<Int>) -> [UInt32] {
    index.isRanked
      ? state.orderedIndexes[number].withView { $0.runs.targets(of: parent, in: places) }
      : state.comparedIndexes[number].slots(in: places)
  }

  /// The row at a place.
  func slot(at place: Int) -> UInt32 {
    index.isRanked
      ? state.orderedIndexes[number].withView { $0.runs.target(of: parent, at: place) }
      : state.comparedIndexes[number].slots(in: place..<place + 1)[0]
  }

  /// The value by which the index has the row at a slot.
  func value(at slot: UInt32) -> StoredValue { state.value(of: index.column, at: slot) }
}
