/// Sorts numbered rows by rank: a radix sort, a stable pass a digit from the least up (H. H. Seward,
/// 1954), without the digits that all ranks share.
package enum RankSort {
  private static let digitBits = 11

  /// Fewer ranks are sorted by comparing them, which takes no table of digits.
  private static let fewest = 512

  /// Some ranks, ascending.
  ///
  /// - Complexity: O(ranks).
  package static func sorted(_ ranks: [UInt64]) -> [UInt64] {
    ranks.count < fewest ? ranks.sorted() : order(of: ranks).map { ranks[Int($0)] }
  }

  /// The rows from 0 on by rank, and then by number.
  ///
  /// - Complexity: O(rows).
  static func order(of ranks: [UInt64]) -> [UInt32] {
    var order = [UInt32](0..<UInt32(ranks.count))
    if zip(ranks, ranks.dropFirst()).allSatisfy({ $0 <= $1 }) { return order }
    let differing = ranks.reduce(0) { $0 | ($1 ^ ranks[0]) }
    var other = order
    for shift in stride(from: 0, to: UInt64.bitWidth, by: digitBits)
    where differing >> shift & mask != 0 {
      pass(order.span, &other, ranks.span, UInt64(shift))
      swap(&order, &other)
    }
    return order
  }

  private static var mask: UInt64 { 1 << UInt64(digitBits) - 1 }

  private static func pass(
    _ order: Span<UInt32>, _ sorted: inout [UInt32], _ ranks: Span<UInt64>, _ shift: UInt64
  ) {
    let mask = mask
    var places = [Int](repeating: 0, count: 1 << digitBits)
    for index in ranks.indices { places[Int(ranks[index] &>> shift & mask)] += 1 }
    var sum = 0
    for digit in places.indices { (places[digit], sum) = (sum, sum + places[digit]) }
    for index in order.indices {
      let row = order[index]
      let digit = Int(ranks[Int(row)] &>> shift & mask)
      sorted[places[digit]] = row
      places[digit] += 1
    }
  }
}
