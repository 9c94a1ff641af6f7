/// The rows that two sorted runs share.
///
/// When one is much longer, each row of the shorter is sought in the longer by doubling steps
/// ("galloping", Bentley and Yao 1976); otherwise both are merged.
package enum Intersection {
  /// The ratio of lengths past which galloping pays, as measured.
  static let gallopRatio = 32

  /// How the shared rows are found.
  package enum Variant: Sendable, CaseIterable {
    case merge
    case gallop
  }

  /// The rows that stand in both runs, ascending.
  ///
  /// - Parameter variant: Forces a variant; nil picks by the lengths.
  /// - Complexity: O(*n* + *m*), or O(*n* log *m*) when one is more than 32 times as long.
  package static func rows(
    _ first: [UInt32], _ second: [UInt32], variant: Variant? = nil
  ) -> [UInt32] {
    let (short, long) = first.count <= second.count ? (first, second) : (second, first)
    let gallops = variant.map { $0 == .gallop } ?? (long.count > short.count * gallopRatio)
    return gallops ? gallop(short, long) : merge(short, long)
  }

  private static func merge(_ first: [UInt32], _ second: [UInt32]) -> [UInt32] {
    var shared: [UInt32] = []
    var (left, right) = (0, 0)
    while left < first.count, right < second.count {
      let (a, b) = (first[left], second[right])
      if a == b { shared.append(a) }
      left += a <= b ? 1 : 0
      right += b <= a ? 1 : 0
    }
    return shared
  }

  private static func gallop(_ short: [UInt32], _ long: [UInt32]) -> [UInt32] {
    var shared: [UInt32] = []
    var low = 0
    for row in short {
      var step = 1
      while low + step < long.count, long[low + step] < row { step *= 2 }
      var high = min(low + step + 1, long.count)
      low += step / 2
      while low < high {
        let middle = (low + high) / 2
        if long[middle] < row { low = middle + 1 } else { high = middle }
      }
      if low == long.count { break }
      if long[low] == row { shared.append(row) }
    }
    return shared
  }

  /// The rows of the first run that are not in the second, ascending. O(*n* + *m*).
  package static func subtract(_ second: [UInt32], from first: [UInt32]) -> [UInt32] {
    var kept: [UInt32] = []
    var right = 0
    for row in first {
      while right < second.count, second[right] < row { right += 1 }
      if right == second.count || second[right] != row { kept.append(row) }
    }
    return kept
  }

  /// The rows of either run, ascending. O(*n* + *m*).
  package static func union(_ first: [UInt32], _ second: [UInt32]) -> [UInt32] {
    var all: [UInt32] = []
    all.reserveCapacity(max(first.count, second.count))
    var (left, right) = (0, 0)
    while left < first.count || right < second.count {
      if right == second.count || (left < first.count && first[left] <= second[right]) {
        if right < second.count, first[left] == second[right] { right += 1 }
        all.append(first[left])
        left += 1
      } else {
        all.append(second[right])
        right += 1
      }
    }
    return all
  }
}
