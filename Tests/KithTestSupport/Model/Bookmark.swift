/// A place behind a row of a query, from which its rows go on whatever is changed meanwhile.
package struct Bookmark: Sendable {
  fileprivate enum Place: Sendable {
    /// In order of insertion: behind the row with a serial, which had a key.
    case serial(Int, key: Value)
    /// In an order: behind a row that was sorted by some values, and had a key.
    case sorted(by: [Value], key: Value)
  }

  package let search: Search
  fileprivate let place: Place

  /// Whether the place is one in the order of insertion.
  package var isByInsertion: Bool {
    if case .serial = place { true } else { false }
  }
}

extension NaiveStore {
  /// The place behind a row that a query has.
  package func bookmark(_ search: Search, behind key: Value) -> Bookmark? {
    guard let row = find(search.target, key) else { return nil }
    let values = sortValues(search, row)
    return Bookmark(
      search: search,
      place: values.map { .sorted(by: $0, key: key) } ?? .serial(row.serial, key: key))
  }

  /// The keys of a query's rows behind a place; nil if it can't be told any more.
  ///
  /// - Parameter isRenumbered: Whether rows have other serials than when the place was noted, so that a
  ///   place in the order of insertion is that of the row with the key.
  package func keys(after bookmark: Bookmark, isRenumbered: Bool) -> [Value]? {
    let search = bookmark.search
    var serial = Int.min
    if case .serial(let noted, let key) = bookmark.place {
      guard let found = isRenumbered ? find(search.target, key)?.serial : noted else { return nil }
      serial = found
    }
    return answer(search).keys.filter { key in
      guard let row = find(search.target, key) else { return false }
      switch bookmark.place {
      case .serial: return row.serial > serial
      case .sorted(let others, let other):
        let pairs = zip(search.order.directions, zip(sortValues(search, row) ?? [], others))
        for (isDescending, (value, other)) in pairs where value != other {
          return (other < value) != isDescending
        }
        return other < key
      }
    }
  }

  /// What a query sorts a row by; nil in the order of insertion.
  private func sortValues(_ search: Search, _ row: Row) -> [Value]? {
    switch search.order {
    case .insertion: nil
    case .columns(let terms): terms.map { row.values[$0.column] }
    case .count(let way, _): [.integer(paths(way, from: row.serial).count)]
    }
  }
}

extension Search {
  fileprivate enum Order {
    case insertion
    case columns([Term])
    case count(Way, isDescending: Bool)

    /// Whether each value of the order descends.
    var directions: [Bool] {
      switch self {
      case .insertion: []
      case .columns(let terms): terms.map(\.isDescending)
      case .count(_, let isDescending): [isDescending]
      }
    }
  }

  /// The order that the operations leave the rows in.
  fileprivate var order: Order {
    operations.reduce(.insertion) { order, operation in
      switch operation {
      case .sort(let terms): .columns(terms)
      case .sortByCount(let way, let isDescending): .count(way, isDescending: isDescending)
      case .hop, .reachable, .combine(.union, _), .combine(.symmetricDifference, _): .insertion
      case .filter, .closure, .prefix, .dropFirst, .excluding, .combine: order
      }
    }
  }
}
