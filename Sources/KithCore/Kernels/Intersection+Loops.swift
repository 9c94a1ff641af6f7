/// The loops of an intersection, each over one stretch of either run.
extension Intersection {
  /// The places in a stretch of the rows that lie between the first and the last of another.
  @inline(__always)
  static func overlap(_ rows: Span<UInt32>, _ other: Span<UInt32>) -> Range<Int> {
    if rows.isEmpty || other.isEmpty { return 0..<0 }
    let (first, last) = (other[0], other[other.count - 1])
    if first <= rows[0], rows[rows.count - 1] <= last { return rows.indices }
    let from = bound(rows, of: first, from: 0, below: rows.count)
    return from..<max(from, end(rows, of: last))
  }

  /// Lists shared rows: always write, and advance by 0 or 1.
  static func merge(
    _ first: Span<UInt32>, _ second: Span<UInt32>, _ list: ScratchWords<UInt32>,
    _ count: inout Int
  ) {
    var (left, right, end) = (0, 0, count)
    while left < first.count, right < second.count {
      let (a, b) = (first[left], second[right])
      list[end] = a
      end &+= a == b ? 1 : 0
      left &+= a <= b ? 1 : 0
      right &+= b <= a ? 1 : 0
    }
    count = end
  }

  static func gallop(
    _ short: Span<UInt32>, _ long: Span<UInt32>, _ list: ScratchWords<UInt32>,
    _ count: inout Int
  ) {
    var (low, end) = (0, count)
    for index in short.indices {
      let row = short[index]
      var step = 1
      while low + step < long.count, long[low + step] < row { step *= 2 }
      low = bound(long, of: row, from: low + step / 2, below: min(low + step + 1, long.count))
      if low == long.count { break }
      list[end] = row
      end &+= long[low] == row ? 1 : 0
    }
    count = end
  }

  /// The place behind the rows of a stretch that are not greater than another.
  static func end(_ run: Span<UInt32>, of row: UInt32) -> Int {
    row == .max ? run.count : bound(run, of: row + 1, from: 0, below: run.count)
  }

  /// The place of the first row of a stretch, within bounds, that is not less than another.
  static func bound(_ run: Span<UInt32>, of row: UInt32, from: Int, below: Int) -> Int {
    (from..<below).partitioningIndex { run[$0] >= row }
  }

  static func mark(_ run: Span<UInt32>, _ bits: ScratchWords<UInt64>) {
    for index in run.indices { bits.mark(run[index]) }
  }

  static func unmark(_ run: Span<UInt32>, _ bits: ScratchWords<UInt64>) {
    for index in run.indices { bits[RowBit(run[index]).word] = 0 }
  }

  /// Lists the rows that are marked: always write, and advance by 0 or 1.
  static func probe(
    _ run: Span<UInt32>, _ bits: ScratchWords<UInt64>, _ list: ScratchWords<UInt32>,
    _ count: inout Int
  ) {
    var end = count
    for index in run.indices {
      let row = run[index]
      list[end] = row
      end &+= Int(truncatingIfNeeded: bits.bit(of: row))
    }
    count = end
  }
}
