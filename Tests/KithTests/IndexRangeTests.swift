import Foundation
import Kith
import Testing

@Suite struct `Rows that an index has between two values` {
  /// A comparison, and what it says.
  private struct Comparison {
    let name: String
    let predicate: Kith.Predicate<Reading>
    let accepts: (Reading) -> Bool
  }

  /// An order of readings, and what it says, but for the key that breaks ties.
  private struct Order {
    let name: String
    let sort: (Query<Reading>) -> Query<Reading>
    let precedes: (Reading, Reading) -> Bool
  }

  private typealias Path<Value> = any KeyPath<Reading, Value> & Sendable

  private static func comparisons<Value: ColumnValue & Comparable>(
    _ column: Path<Value>, _ constants: [Value]
  ) -> [Comparison] {
    constants.flatMap { value in
      [
        Comparison(
          name: "in \(value.stored) and more", predicate: .isIn(column, [value, constants[0]])
        ) {
          $0[keyPath: column] == value || $0[keyPath: column] == constants[0]
        },
        Comparison(name: "== \(value.stored)", predicate: column == value) {
          $0[keyPath: column] == value
        },
        Comparison(name: "!= \(value.stored)", predicate: column != value) {
          $0[keyPath: column] != value
        },
        Comparison(name: "< \(value.stored)", predicate: column < value) {
          $0[keyPath: column] < value
        },
        Comparison(name: "<= \(value.stored)", predicate: column <= value) {
          $0[keyPath: column] < value || $0[keyPath: column] == value
        },
        Comparison(name: "> \(value.stored)", predicate: column > value) {
          $0[keyPath: column] > value
        },
        Comparison(name: ">= \(value.stored)", predicate: column >= value) {
          $0[keyPath: column] > value || $0[keyPath: column] == value
        },
      ]
    }
  }

  /// A missing value is passed by no comparison but that with nothing.
  private static func comparisons<Value: ColumnValue & Comparable>(
    _ column: Path<Value?>, _ constants: [Value]
  ) -> [Comparison] {
    func accepts(_ reading: Reading, _ test: (Value) -> Bool) -> Bool {
      reading[keyPath: column].map(test) ?? false
    }
    return constants.flatMap { value in
      [
        Comparison(name: "== \(value.stored)", predicate: column == value) {
          $0[keyPath: column] == value
        },
        Comparison(name: "< \(value.stored)", predicate: column < value) {
          accepts($0) { $0 < value }
        },
        Comparison(name: "<= \(value.stored)", predicate: column <= value) {
          accepts($0) { $0 < value || $0 == value }
        },
        Comparison(name: "> \(value.stored)", predicate: column > value) {
          accepts($0) { $0 > value }
        },
        Comparison(name: ">= \(value.stored)", predicate: column >= value) {
          accepts($0) { $0 > value || $0 == value }
        },
      ]
    } + [Comparison(name: "== nil", predicate: column == nil) { $0[keyPath: column] == nil }]
  }

  /// Ascending and descending: what is missing is least, and what is no number greatest.
  private static func orders<Value: ColumnValue & Comparable>(_ column: Path<Value>) -> [Order] {
    func isLess(_ left: Value, _ right: Value) -> Bool {
      left == left && (right != right || left < right)
    }
    return [
      Order(name: "ascending", sort: { $0.sorted(by: column) }) {
        isLess($0[keyPath: column], $1[keyPath: column])
      },
      Order(name: "descending", sort: { $0.sorted(by: column, .descending) }) {
        isLess($1[keyPath: column], $0[keyPath: column])
      },
    ]
  }

  private static func orders<Value: ColumnValue & Comparable>(_ column: Path<Value?>) -> [Order] {
    func isLess(_ left: Value?, _ right: Value?) -> Bool {
      guard let right else { return false }
      guard let left else { return true }
      return left == left && (right != right || left < right)
    }
    return [
      Order(name: "ascending", sort: { $0.sorted(by: column) }) {
        isLess($0[keyPath: column], $1[keyPath: column])
      },
      Order(name: "descending", sort: { $0.sorted(by: column, .descending) }) {
        isLess($1[keyPath: column], $0[keyPath: column])
      },
    ]
  }

  private static let dates = [-1e9, 0, 5, 7.5, .infinity, -.infinity, .nan].map {
    Date(timeIntervalSinceReferenceDate: $0)
  }
  private static let heights: [Double] = [0, -0.0, 1, -2.5, .infinity, -.infinity, .nan]
  private static let wholes = [Int.min, -7, 0, 3, .max]
  private static let counts = [UInt.min, 1, 70, .max]
  private static let names = ["", "a", "b", "é", "한국"]

  /// Readings with all these values, in an order that is not that of their keys.
  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Station.self
        Reading.self
      })
    try graph.insert(contentsOf: (1...3).map { Station(id: $0) })
    let numbers = Array(0..<70)
    try graph.insert(
      contentsOf: numbers.map { number in
        Reading(
          id: number * 37 % 71, station: number % 4 == 0 ? 2 : 1,
          at: dates[number % dates.count], seen: number % 3 == 0 ? nil : dates[number % 5 + 2],
          height: heights[number % heights.count],
          depth: number % 4 == 1 ? nil : heights[number % 6 + 1],
          whole: wholes[number % wholes.count], level: number % 5 == 2 ? nil : wholes[number % 3],
          count: counts[number % counts.count], name: names[number % names.count])
      })
    return graph
  }

  private func check(_ comparisons: [Comparison], _ orders: [Order]) throws {
    let graph = try Self.graph()
    let bases: [(name: String, rows: Query<Reading>)] = [
      ("all", graph[Reading.self]), ("those of 1", graph[Station.self, 1].readings),
      ("those of all", graph[Station.self].readings),
    ]
    // Every thirteenth pair of two, of which both must pass or either.
    let count = comparisons.count
    let pairs = stride(from: 0, to: count * count, by: 13).map { number in
      let (left, right) = (comparisons[number / count], comparisons[number % count])
      if number.isMultiple(of: 2) {
        return Comparison(
          name: "\(left.name) && \(right.name)", predicate: left.predicate && right.predicate
        ) { left.accepts($0) && right.accepts($0) }
      }
      return Comparison(
        name: "\(left.name) || !(\(right.name))", predicate: left.predicate || !right.predicate
      ) { left.accepts($0) || !right.accepts($0) }
    }
    for (base, rows) in bases {
      let all = Array(rows)
      for comparison in comparisons + pairs {
        let what = "\(base), \(comparison.name)"
        let expected = all.filter(comparison.accepts)
        let found = rows.filter(comparison.predicate)
        #expect(found.ids == expected.map(\.id), "\(what)")
        #expect(found.count == expected.count, "\(what)")
        for order in orders {
          let sorted = expected.sorted { left, right in
            if order.precedes(left, right) { return true }
            return !order.precedes(right, left) && left.id < right.id
          }.map(\.id)
          let query = order.sort(found)
          #expect(query.ids == sorted, "\(what), \(order.name)")
          #expect(query.prefix(3).ids == Array(sorted.prefix(3)), "\(what), \(order.name)")
          let page = query.page(size: 4, after: query.page(size: 3).next)
          let second = sorted.count > 3 ? sorted[3...].prefix(4) : sorted.prefix(4)
          #expect(try page.rows.map(\.id) == Array(second), "\(what), \(order.name)")
        }
      }
    }
  }

  @Test func `are found by dates, of which some are none`() throws {
    try check(Self.comparisons(\.at, Self.dates), Self.orders(\.at))
    try check(Self.comparisons(\.seen, Self.dates), Self.orders(\.seen))
  }

  @Test func `are found by numbers with fractions, of which some are none`() throws {
    try check(Self.comparisons(\.height, Self.heights), Self.orders(\.height))
    try check(Self.comparisons(\.depth, Self.heights), Self.orders(\.depth))
  }

  @Test func `are found by whole numbers, the least and the greatest too`() throws {
    try check(Self.comparisons(\.whole, Self.wholes), Self.orders(\.whole))
    try check(Self.comparisons(\.level, Self.wholes), Self.orders(\.level))
    try check(Self.comparisons(\.count, Self.counts), Self.orders(\.count))
  }

  @Test func `are found by texts`() throws {
    try check(Self.comparisons(\.name, Self.names), Self.orders(\.name))
  }
}

private struct Station: Row {
  var id: Int
  static let table = Table("stations", Self.init, Column("id", \.id))
  static let readings = hasMany(\Reading.station)
}

private struct Reading: Row {
  var id: Int
  var station: Station.ID
  var at: Date
  var seen: Date?
  var height: Double
  var depth: Double?
  var whole: Int
  var level: Int?
  var count: UInt
  var name: String

  static let table = Table(
    "readings", Self.init, Column("id", \.id),
    Column("station_id", \.station, references: Station.self),
    Column("at", \.at).indexed(), Column("seen", \.seen).indexed(),
    Column("height", \.height).indexed(), Column("depth", \.depth).indexed(),
    Column("whole", \.whole).indexed(), Column("level", \.level).indexed(),
    Column("count", \.count).indexed(), Column("name", \.name).indexed()
  )
  .index(\.station, orderedBy: \.at)
  .index(\.station, orderedBy: \.seen)
  .index(\.station, orderedBy: \.height)
  .index(\.station, orderedBy: \.whole)
}
