/// An order of the rows of a table in which those lie together that walks along its links visit
/// together.
///
/// Breadth-first from the row to which most links lead; then from the next such row that was not
/// reached, and so on. What one row leads to comes in the same order, by the links that lead there:
///
/// ```
///  order   │ 7 │ 3 5 9 │ 1 2 4 8 6 … │ 12 │ 10 …
///            ▲  those 7   those 3, 5    ▲ the next root
///         root  leads to  and 9 lead to
/// ```
///
/// So the rows that many walks meet share few cache lines and pages, and so do the targets of one
/// row. Cuthill and McKee order the rows of sparse matrices like this (*Reducing the Bandwidth of
/// Sparse Symmetric Matrices*, ACM 1969), from a row of least degree and for another purpose. Faldu,
/// Diamond and Grot compare orders that put the rows of high degree together (*A Closer Look at
/// Lightweight Graph Reordering*, IISWC 2019).
package struct BreadthFirstOrder {
  /// The slots in the order.
  private var slots: [UInt32] = []
  private var isPlaced: [Bool]
  /// By slot, how many links lead to a row.
  private var degrees: [Int]

  /// Orders rows.
  ///
  /// - Parameters:
  ///   - rows: The slots of the rows, ascending: at least those that have links.
  ///   - links: From each row to those that come after it.
  ///   - inverse: The same links from the other end.
  /// - Returns: The slots in the order.
  /// - Complexity: O(links + *n* log *n*) for *n* rows.
  package static func order(of rows: [UInt32], along links: Runs, _ inverse: Runs) -> [UInt32] {
    var order = BreadthFirstOrder(rows, inverse)
    links.withView { links in
      for root in order.sorted(rows[...]) { order.walk(from: root, along: links) }
    }
    return order.slots
  }

  private init(_ rows: [UInt32], _ inverse: Runs) {
    let end = rows.last.map { Int($0) + 1 } ?? 0
    isPlaced = Array(repeating: false, count: end)
    degrees = Array(repeating: 0, count: end)
    slots.reserveCapacity(rows.count)
    inverse.withView { inverse in
      for row in rows { degrees[Int(row)] = inverse.count(of: row) }
    }
  }

  /// Rows by the links that lead to them, most first; equals as they stand in the table.
  private func sorted(_ rows: ArraySlice<UInt32>) -> [UInt32] {
    rows.sorted { one, other in
      let (first, second) = (degrees[Int(one)], degrees[Int(other)])
      return first == second ? one < other : first > second
    }
  }

  /// Adds a row and what can be reached from it, and is not there yet.
  private mutating func walk(from root: UInt32, along links: RunsView) {
    var next = slots.count
    place(root)
    while next < slots.count {
      let first = slots.count
      links.forEachTarget(of: slots[next]) { place($0) }
      if slots.count - first > 1 {
        slots.replaceSubrange(first..., with: sorted(slots[first...]))
      }
      next += 1
    }
  }

  private mutating func place(_ slot: UInt32) {
    if isPlaced[Int(slot)] { return }
    isPlaced[Int(slot)] = true
    slots.append(slot)
  }
}
