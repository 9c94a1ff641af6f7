import KithCore

/// The rows of a table, or those below one parent, in the order of a column, as an index keeps them:
/// by number, or compared.
struct IndexedRows {
  private let state: TableState
  private let place: Int
  private let info: IndexInfo
  private let parent: UInt32

  init(_ state: TableState, _ place: Int, _ info: IndexInfo, below parent: UInt32 = 0) {
    self.state = state
    self.place = place
    self.info = info
    self.parent = parent
  }

  /// The number of rows.
  var count: Int {
    info.isRanked
      ? state.orderedIndexes[place].withView { $0.runs.count(of: parent) }
      : state.comparedIndexes[place].count
  }

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
    state.comparedIndexes[place].count { isBefore(state.value(of: info.column, at: $0)) }
  }

  /// The places of the rows whose ranks are in a range: all places of an index that compares rows.
  func places(of range: RankRange) -> Range<Int> {
    guard info.isRanked else { return 0..<count }
    if range.isEmpty { return 0..<0 }
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
    var (low, high) = (places.lowerBound, places.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if passes(slot(at: middle)) { high = middle } else { low = middle + 1 }
    }
    return low
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
      : state.comparedIndexes[place].slots(in: range)
  }

  /// The row at a place of the order.
  func slot(at place: Int) -> UInt32 {
    info.isRanked
      ? state.orderedIndexes[self.place].withView { $0.runs.target(of: parent, at: place) }
      : state.comparedIndexes[self.place].slots(in: place..<place + 1)[0]
  }

  /// The value by which the index has the row at a slot.
  func value(at slot: UInt32) -> StoredValue { state.value(of: info.column, at: slot) }
}
