import KithCore

extension Validation {
  /// Compares an index with the rows of its table.
  ///
  /// Each run of the index must ascend, so that no row is in it twice, and hold rows of its parent
  /// alone; with as many rows as the parent has, it has all of them.
  ///
  /// - Parameter slots: The slots of all rows.
  mutating func checkIndex(_ number: Int, _ place: Int, _ index: IndexInfo, _ slots: [UInt32]) {
    let state = graph.table(number)
    let parents = parents(of: slots, index, slotEnd: Int(state.slotEnd))
    var expected = [Int](
      repeating: 0, count: parents.reduce(0) { max($0, ($1.map(Int.init) ?? -1) + 1) })
    for case let parent? in parents { expected[Int(parent)] += 1 }
    var found = [Int](repeating: 0, count: expected.count)
    var broken: Set<UInt32> = []
    var last: (parent: UInt32, slot: UInt32)?
    state.forEachRun(of: place, index) { parent, run in
      if Int(parent) >= found.count {
        broken.insert(parent)
      } else {
        found[Int(parent)] += run.count
      }
      for slot in run {
        let belongs = Int(slot) < parents.count && parents[Int(slot)] == parent
        let before = last.flatMap { $0.parent == parent ? $0.slot : nil }
        if !belongs || !(before.map { state.comesBefore($0, slot, index) } ?? true) {
          broken.insert(parent)
        }
        last = belongs ? (parent, slot) : nil
      }
    }
    for parent in expected.indices where expected[parent] != found[parent] {
      broken.insert(UInt32(parent))
    }
    for parent in broken.sorted() {
      let count = Int(parent) < expected.count ? expected[Int(parent)] : 0
      require(false, "\(index.name) does not have its \(count) rows in order")
    }
  }

  /// The parent below which an index must have each row, by slot; nil for a row that must not be in it.
  private func parents(of slots: [UInt32], _ index: IndexInfo, slotEnd: Int) -> [UInt32?] {
    var parents = [UInt32?](repeating: nil, count: slotEnd)
    for slot in slots {
      parents[Int(slot)] = index.parentLink.map { graph.parent($0, of: slot) } ?? 0
    }
    return parents
  }
}

extension TableState {
  /// Calls `body` with every parent that has rows in an index, ascending, and the rows in their order;
  /// with very many rows in several parts.
  fileprivate func forEachRun(
    of place: Int, _ index: IndexInfo, _ body: (_ parent: UInt32, _ slots: [UInt32]) -> Void
  ) {
    if index.isRanked { return orderedIndexes[place].forEachRun(body) }
    let count = comparedIndexes[place].count
    if count > 0 { body(0, comparedIndexes[place].slots(in: 0..<count)) }
  }

  /// Whether a row stands before another in an index.
  fileprivate func comesBefore(_ first: UInt32, _ second: UInt32, _ index: IndexInfo) -> Bool {
    for column in index.ordering {
      let (left, right) = (value(of: column, at: first), value(of: column, at: second))
      if index.isRanked {
        if left.rank != right.rank { return left.rank < right.rank }
      } else if left != right {
        return left < right
      }
    }
    return first < second
  }
}
