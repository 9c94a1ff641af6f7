import KithCore

/// Puts rows in the order of columns, and of the primary key where those are equal.
struct Sorting {
  let table: TableState
  private let ties: KeyOrder
  private let terms: [SortTerm]
  private let readers: [(UInt32) -> StoredValue]

  init(_ graph: Graph, table: Int, _ terms: [SortTerm]) {
    let state = graph.table(table)
    self.table = state
    ties = state.keyOrder
    self.terms = terms
    readers = terms.map { $0.bind(graph) }
  }

  /// The first rows in order.
  ///
  /// - Complexity: O(*n* log *limit*) comparisons when the limit is small, and O(*n* log *n*)
  ///   otherwise.
  func sorted(_ slots: [UInt32], limit: Int = .max) -> [UInt32] {
    if terms.count == 1, terms[0].precedes == nil {
      let read = readers[0]
      if terms[0].ranksExactly { return sorted(slots, limit) { read($0).rank } }
      if terms[0].kind == .text, !terms[0].isNullable {
        return sorted(slots, limit) { slot in
          guard case .text(let text) = read(slot) else { preconditionFailure("a text is stored") }
          return text
        }
      }
      return sorted(slots, limit, by: read)
    }
    if terms.count == 2, terms.allSatisfy(\.ranksExactly) { return sortedByTwoRanks(slots, limit) }
    let decorated = slots.map { slot in (values: readers.map { $0(slot) }, slot: slot) }
    return decorated.first(limit) { left, right in
      comesBefore(left.values, right.values) ?? ties.precedes(left.slot, right.slot)
    }.map(\.slot)
  }

  /// The first rows in the order of two numbers.
  private func sortedByTwoRanks(_ slots: [UInt32], _ limit: Int) -> [UInt32] {
    let (first, second) = (readers[0], readers[1])
    // All bits of a rank are turned round where the greatest comes first.
    let turns: [UInt64] = terms.map { $0.direction == .ascending ? 0 : .max }
    let decorated = slots.map { slot in
      (first: first(slot).rank ^ turns[0], second: second(slot).rank ^ turns[1], slot: slot)
    }
    return decorated.first(limit) { left, right in
      if left.first != right.first { return left.first < right.first }
      if left.second != right.second { return left.second < right.second }
      return ties.precedes(left.slot, right.slot)
    }.map(\.slot)
  }

  /// The first rows in the order of one value.
  private func sorted<Value: Comparable>(
    _ slots: [UInt32], _ limit: Int, by value: (UInt32) -> Value
  ) -> [UInt32] {
    let isAscending = terms[0].direction == .ascending
    let decorated = slots.map { (value: value($0), slot: $0) }
    return decorated.first(limit) { left, right in
      if left.value == right.value { return ties.precedes(left.slot, right.slot) }
      return (left.value < right.value) == isAscending
    }.map(\.slot)
  }

  /// Whether a row comes before another.
  func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
    for (term, read) in zip(terms, readers) {
      if let comesBefore = term.comesBefore(read(left), read(right)) { return comesBefore }
    }
    return ties.precedes(left, right)
  }

  /// Whether a row lies on a side of a place.
  func lies(_ slot: UInt32, _ side: Side, of place: Position) -> Bool {
    let values = readers.map { $0(slot) }
    return side == .after
      ? comesBefore(place.values, values) ?? (place.key < table.key(at: slot))
      : comesBefore(values, place.values) ?? (table.key(at: slot) < place.key)
  }

  /// Whether values come before others, or nil if they are equal.
  private func comesBefore(_ left: [StoredValue], _ right: [StoredValue]) -> Bool? {
    for (index, term) in terms.enumerated() {
      if let comesBefore = term.comesBefore(left[index], right[index]) { return comesBefore }
    }
    return nil
  }
}
