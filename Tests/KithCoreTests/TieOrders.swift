import KithCore
import KithTestSupport

/// An order of keys together with its simplest form: the rows' places.
struct TieOrder: CustomStringConvertible {
  let description: String
  let order: KeyOrder
  /// The place of each row in the order.
  let places: [Int]

  /// All three kinds of orders over some rows: that of the slots, and two that are shuffled.
  static func all(rows: Int, _ random: inout SplitMix64) -> [TieOrder] {
    let shuffled = Array(0..<rows).shuffled(using: &random)
    var ranks = PagedColumn<UInt64>(repeating: 0)
    for row in 0..<rows { ranks[UInt32(row)] = UInt64(shuffled[row]) * 3 }
    return [
      TieOrder(description: "slots", order: .slots, places: Array(0..<rows)),
      TieOrder(description: "ranks", order: .ranks(ranks), places: shuffled),
      TieOrder(
        description: "compare", order: .compare { shuffled[Int($0)] < shuffled[Int($1)] },
        places: shuffled),
    ]
  }
}
