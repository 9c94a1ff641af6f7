import Foundation
import Kith
import Testing

/// Loads of links whose keys are of one kind or another.
@Suite struct `Links loaded at once` {
  struct Place: Row {
    var id: Int
    static let table = Table("places", Self.init, Column("id", \.id))
    static let roads = Association(
      "roads", from: Place.self, "a", to: Place.self, "b", allowsSelfLinks: false)
    static let next = hasMany(through: roads)
  }
  struct Moment: Row {
    var id: Date
    static let table = Table("moments", Self.init, Column("id", \.id))
  }
  struct Label: Row {
    var id: String
    static let table = Table("labels", Self.init, Column("id", \.id))
  }

  static let visits = Association("visits", from: Place.self, "place", to: Moment.self, "moment")
  static let tags = Association("tags", from: Place.self, "place", to: Label.self, "label")
  static let roads = Place.roads

  private func moment(_ number: Int) -> Date {
    Date(timeIntervalSinceReferenceDate: Double(number) * 60)
  }

  @Test func `change nothing if all are there, nor does a row that is put back`() throws {
    let store = try GraphStore(graph(places: [1, 2, 3]))
    try store.write { graph in try graph.load(Self.roads, [(1, 2), (2, 3)]) }
    #expect(store.version == 1)
    let report = try store.write { graph in try graph.load(Self.roads, [(2, 3), (1, 2), (1, 2)]) }
    #expect(report.duplicates == 3 && report.inserted == 0 && store.version == 1)
    try store.write { graph in
      let place = try graph.require(Place.self, 1)
      try graph.upsert(place)
      try graph.replace(Place.next, of: 1, with: [2])
    }
    #expect(store.version == 1)
    // A text that is equal, but not made of the same scalars, is a change, and so is the other zero.
    var graph = Graph(try Schema { Spot.self })
    try graph.insert(Spot(id: 1, name: "\u{AC00}", height: 0))
    let spots = try GraphStore(graph)
    try spots.write { try $0.update(Spot.self, 1) { $0.name = "\u{1100}\u{1161}" } }
    try spots.write { try $0.update(Spot.self, 1) { $0.height = -0.0 } }
    #expect(spots.version == 2)
    let spot = try spots.snapshot.require(Spot.self, 1)
    #expect(spot.name.unicodeScalars.count == 2 && spot.height.sign == .minus)
  }

  struct Spot: Row {
    var id: Int
    var name: String
    var height: Double
    static let table = Table(
      "spots", Self.init, Column("id", \.id), Column("name", \.name), Column("height", \.height))
  }

  private func graph(places: [Int]) throws -> Graph {
    var graph = Graph(
      try Schema {
        Place.self
        Moment.self
        Label.self
        Self.visits
        Self.tags
        Self.roads
      })
    try graph.insert(contentsOf: places.map { Place(id: $0) })
    try graph.insert(contentsOf: (-3...3).map { Moment(id: moment($0)) })
    try graph.insert(contentsOf: ["", "a", "b"].map { Label(id: $0) })
    return graph
  }

  /// More links than are looked up together, among keys in sequence and out of it.
  @Test(arguments: [Array(1...50), (1...50).map { $0 * 37 % 53 * 90 - 600 }])
  func `are the same as those appended one by one`(places: [Int]) throws {
    var (single, bulk) = (try graph(places: places), try graph(places: places))
    var pairs: [(Int, Int)] = []
    for step in 0..<3_333 { pairs.append((places[step * 7 % 50], places[step * step % 50])) }
    var (inserted, selfLinks) = (0, 0)
    for (source, target) in pairs {
      if source == target {
        selfLinks += 1
      } else if try single.append(target, to: Place.next, of: source) {
        inserted += 1
      }
    }
    let report = try bulk.load(Self.roads, pairs)
    #expect(report.inserted == inserted)
    #expect(report.selfLinks == selfLinks)
    #expect(report.duplicates == pairs.count - inserted - selfLinks)
    #expect(report.refused == [])
    let expected = links(of: single)
    #expect(links(of: bulk) == expected)
    var backwards = try graph(places: places)
    try backwards.load(Self.roads.inverse, pairs.map { ($1, $0) })
    #expect(links(of: backwards) == expected)
  }

  private func links(of graph: Graph) -> [[Int]] {
    graph[Self.roads].map { [$0.source, $0.target] }
  }

  @Test func `name the keys that no row has, in order, whichever way they come`() throws {
    var graph = try graph(places: [1, 2, 3])
    let pairs = [
      (1, moment(0)), (-8, moment(1)), (2, moment(77)), (9, moment(88)), (3, moment(-3)),
    ]
    let expected = [
      GraphError.missingReference(constraint: "fk_visits_place_places", table: "visits", key: "-8"),
      .missingReference(
        constraint: "fk_visits_moment_moments", table: "visits",
        key: moment(77).formatted(.iso8601)),
      .missingReference(constraint: "fk_visits_place_places", table: "visits", key: "9"),
    ]
    let report = try graph.load(Self.visits, pairs)
    #expect(report.inserted == 2)
    #expect(report.refusedCount == 3)
    #expect(report.refused == expected)
    let again = try graph.load(Self.visits.inverse, pairs.map { ($1, $0) })
    #expect(again.inserted == 0)
    #expect(again.duplicates == 2)
    #expect(again.refused == expected)
  }

  @Test func `are none when one is refused and all are wanted`() throws {
    var graph = try graph(places: [1, 2, 3])
    #expect(throws: GraphError.self) {
      try graph.load(Self.visits, [(1, moment(0)), (4, moment(0))], allOrNothing: true)
    }
    #expect(
      throws: GraphError.self
    ) {
      try graph.load(Self.roads, [(1, 2), (2, 2), (9, 9)], allOrNothing: true)
    }
    #expect(graph[Self.visits].isEmpty)
    #expect(graph[Self.roads].isEmpty)
  }

  @Test func `may have keys that are compared and not ranked`() throws {
    var graph = try graph(places: [1, 2])
    let report = try graph.load(Self.tags, [(1, "a"), (2, ""), (1, "a"), (2, "c"), (3, "a")])
    #expect(report.inserted == 2)
    #expect(report.duplicates == 1)
    #expect(report.refusedCount == 2)
  }
}
