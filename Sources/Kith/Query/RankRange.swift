import Foundation

/// The ranks of the values that comparisons of a column with constants accept.
///
/// An index that has its rows in the order of ranks finds those rows between two places, and none of
/// them has to be tested. A missing value has the least rank of all and "not a number" the greatest;
/// no comparison with a value accepts either.
struct RankRange {
  private(set) var least: UInt64 = 0
  private(set) var greatest: UInt64 = .max

  /// All ranks.
  init() {}

  /// The ranks that a comparison of a column accepts, or nil for another test, or if ranks do not tell
  /// what it accepts.
  init?(_ shape: PredicateShape, of column: Int, _ info: Schema.Column) {
    guard case .comparison(column, _, let comparison, let value) = shape, comparison != .notEqual,
      info.kind.ranksExactly(orNull: info.isNullable), !value.isNotANumber
    else { return nil }
    let rank = value.rank
    if value.isNull {
      guard info.isNullable, comparison == .equal else { return nil }
      greatest = rank
      return
    }
    if info.isNullable { least = 1 }
    if info.kind.hasFractions { greatest -= 1 }
    switch comparison {
    case .less: lower(to: rank, isIncluded: false)
    case .lessOrEqual: lower(to: rank, isIncluded: true)
    case .greater: raise(to: rank, isIncluded: false)
    case .greaterOrEqual: raise(to: rank, isIncluded: true)
    case .equal, .notEqual:
      raise(to: rank, isIncluded: true)
      lower(to: rank, isIncluded: true)
    }
  }

  /// The ranks that all of some filters accept, as far as they are comparisons of a column, and the
  /// other filters.
  static func split(
    _ filters: [Filter], by column: Int, _ info: Schema.Column
  ) -> (range: RankRange, others: [Filter]) {
    var range = RankRange()
    var others: [Filter] = []
    for filter in filters.flatMap(\.conjuncts) {
      if let accepted = RankRange(filter.shape, of: column, info) {
        range.formIntersection(accepted)
      } else {
        others.append(filter)
      }
    }
    return (range, others)
  }

  /// Whether all ranks are left.
  var isFull: Bool { least == 0 && greatest == .max }

  /// Whether no rank is left.
  var isEmpty: Bool { least > greatest }

  mutating func formIntersection(_ other: RankRange) {
    least = max(least, other.least)
    greatest = min(greatest, other.greatest)
  }

  private mutating func raise(to rank: UInt64, isIncluded: Bool) {
    if rank == .max, !isIncluded { return clear() }
    least = max(least, isIncluded ? rank : rank + 1)
  }

  private mutating func lower(to rank: UInt64, isIncluded: Bool) {
    if rank == 0, !isIncluded { return clear() }
    greatest = min(greatest, isIncluded ? rank : rank - 1)
  }

  private mutating func clear() { (least, greatest) = (1, 0) }
}

extension StoredValue.Kind {
  /// Whether ranks tell the values of a column apart, and from a missing one.
  func ranksExactly(orNull isNullable: Bool) -> Bool {
    ranksExactly && (!isNullable || hasFractions)
  }

  /// Whether values are numbers with a fraction, of which some are none.
  var hasFractions: Bool { self == .date || self == .real }
}

extension StoredValue {
  /// Whether this is the number that is none, or the date of that number, or has one among its parts.
  var isNotANumber: Bool {
    switch self {
    case .real(let number): number.isNaN
    case .date(let date): date.timeIntervalSinceReferenceDate.isNaN
    case .composite(let parts): parts.contains(where: \.isNotANumber)
    default: false
    }
  }
}
