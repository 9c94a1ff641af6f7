/// One assignment of slots to rows, and the earlier ones that keep the same row order.
///
/// A row keeps its slot as long as the graph is only changed. A graph that is compacted, or read
/// from a file, assigns slots anew. Whoever remembers a slot remembers the numbering too, and finds
/// the row by its key if the numbering has changed.
struct Numbering: Sendable {
  /// Tells numberings apart, those of other processes too.
  let id: UInt64
  /// Whether rows were put in another order when they were numbered.
  private let isReordered: Bool
  /// The numberings from which this one was made in the same order; they matter if an earlier one was
  /// put in another order.
  private let earlier: Set<UInt64>

  /// The numbering of a graph that is new, or was read.
  init() {
    (id, isReordered, earlier) = (.random(in: 0 ... .max), false, [])
  }

  /// The numbering of a graph that is made anew of another.
  ///
  /// - Parameter isReordered: Whether rows are in another order then.
  init(after other: Numbering, isReordered: Bool) {
    id = .random(in: 0 ... .max)
    self.isReordered = isReordered || other.isReordered
    earlier = isReordered ? [] : other.earlier.union([other.id])
  }

  /// Whether rows that had some numbering have the same order now, as far as is known: that of a
  /// graph which was written to a file and read again is not known any more.
  func hasOrder(of other: UInt64) -> Bool {
    !isReordered || other == id || earlier.contains(other)
  }
}
