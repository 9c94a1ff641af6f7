/// The rows of a table in the order of a column that no number stands for: text, UUIDs, bytes.
///
/// One run of row slots. The column's values stay in the rows; whoever changes or searches the
/// index says how two rows compare.
package struct ComparedIndex: Sendable {
  private var runs: Runs

  /// Makes an empty index.
  package init(geometry: RunGeometry = .standard) {
    runs = Runs(geometry: geometry)
  }

  /// Adds rows that are in order already to an index that is empty.
  ///
  /// - Complexity: O(rows).
  package mutating func build(inOrder slots: [UInt32]) {
    let offsets = [0, UInt32(slots.count)]
    runs = Runs(offsets: offsets.span, targets: slots.span, geometry: runs.geometry)
  }

  /// The number of rows.
  package var count: Int { runs.count(of: 0) }

  /// Adds a row.
  ///
  /// - Parameter precedes: Whether one row comes before another in the order of the column; rows
  ///   that are equal stand in the order of their slots.
  /// - Complexity: O(log *n*) comparisons.
  package mutating func insert(_ slot: UInt32, by precedes: @escaping (UInt32, UInt32) -> Bool) {
    runs.insert(slot, into: 0, order: ComparedOrder(less: precedes))
  }

  /// Takes a row away.
  ///
  /// - Parameter precedes: As for `insert`; the row still has the value under which it was added.
  /// - Complexity: O(log *n*) comparisons.
  package mutating func remove(_ slot: UInt32, by precedes: @escaping (UInt32, UInt32) -> Bool) {
    runs.remove(slot, from: 0, order: ComparedOrder(less: precedes))
  }

  /// The number of rows at the start for which a test holds that holds for no later one.
  ///
  /// - Complexity: O(log *n*) tests.
  package func count(while isBefore: (UInt32) -> Bool) -> Int {
    withoutActuallyEscaping(isBefore) { isBefore in
      runs.withView { $0.count(before: TestedBound(isBefore: isBefore), in: 0) }
    }
  }

  /// The rows at some ranks, which must be less than the count.
  package func slots(in ranks: Range<Int>) -> [UInt32] {
    runs.withView { $0.targets(of: 0, in: ranks) }
  }

  /// Pages and nodes that writes had to copy because a snapshot shared them.
  package var copies: Int { runs.copies }

  /// The bytes of the run.
  package var byteCount: Int { runs.byteCount }
}

/// Rows in the order of their values, and of their slots where those are equal.
private struct ComparedOrder: RunOrder {
  let less: (UInt32, UInt32) -> Bool

  func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
    if less(first, second) { return true }
    return first < second && !less(second, first)
  }
}

/// The place before the first row for which a test does not hold.
private struct TestedBound: RunBound {
  let isBefore: (UInt32) -> Bool

  func follows(_ row: UInt32) -> Bool { isBefore(row) }
}
