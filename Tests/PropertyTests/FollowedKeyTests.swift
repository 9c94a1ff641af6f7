import Kith
import KithTestSupport
import Testing

/// Rows that get other keys, among which some exchange theirs, with all that refers to them, and the same
/// in arrays.
@Suite struct `Foreign keys that follow new keys` {
  @Test(arguments: 0..<UInt64(effort(release: 1_000, debug: 250)))
  func `are told from those that take others' values`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var model = Crew.some(&random)
    var graph = try model.graph()
    for step in 0..<6 {
      let plan = model.plan(&random)
      let (before, expected) = (graph, model.replaced(plan))
      var isAllowed = true
      do {
        try graph.update(graph[Sailor.self, plan.keys]) { $0 = plan[$0.id] ?? $0 }
      } catch is GraphError {
        isAllowed = false
      }
      #expect(isAllowed == (expected != nil), "seed \(seed), step \(step)")
      model = expected ?? model
      if !isAllowed { #expect(Change(from: before, to: graph).isEmpty, "seed \(seed)") }
      #expect(graph[Sailor.self].map { $0 } == model.sailors, "seed \(seed), step \(step)")
      #expect(graph[Bunk.self].map { $0 } == model.bunks, "seed \(seed), step \(step)")
      #expect(graph[Chest.self].map { $0 } == model.chests, "seed \(seed), step \(step)")
      #expect(throws: Never.self, "seed \(seed), step \(step)") { try graph.validate() }
    }
  }

  @Test func `may get what a row of the same table loses that changes by itself`() throws {
    var graph = try Crew(
      sailors: [
        Sailor(id: 0, mate: nil, watch: 0), Sailor(id: 1, mate: nil, watch: 1),
        Sailor(id: 2, mate: 0, watch: 8),
      ], bunks: [], chests: []
    ).graph()
    // The row 2 refers to the row that is 3 from now on, so (0, 8) is free for the row 1.
    try graph.update(graph[Sailor.self, [0, 1]]) { sailor in
      sailor =
        sailor.id == 0 ? Sailor(id: 3, mate: nil, watch: 0) : Sailor(id: 0, mate: 0, watch: 8)
    }
    #expect(graph[Sailor.self].map(\.id) == [3, 0, 2])
    #expect(graph[Sailor.self].map(\.mate) == [nil, 0, 3])
    try graph.validate()
  }
}

private struct Sailor: Row, Equatable {
  var id: Int
  var mate: Int?
  var watch: Int
  static let table = Table(
    "sailors", Self.init, Column("id", \.id),
    Column("mate", \.mate, references: Sailor.self), Column("watch", \.watch)
  ).unique(\.mate, \.watch)
}

/// The bunk of a sailor, whose key is that of the sailor.
private struct Bunk: Row, Equatable {
  var id: Int
  static let table = Table(
    "bunks", Self.init, Column("id", \.id, references: Sailor.self))
}

/// A chest in a bunk, no two of which have one place there.
private struct Chest: Row, Equatable {
  var bunk: Int
  var place: Int
  var id: Pair<Int, Int> { Pair(bunk, place) }
  static let table = Table(
    "chests", Self.init, Column("bunk", \.bunk, references: Bunk.self), Column("place", \.place)
  ).primaryKey(\.bunk, \.place)
}

private struct Crew {
  var sailors: [Sailor]
  var bunks: [Bunk]
  var chests: [Chest]

  static func some(_ random: inout SplitMix64) -> Crew {
    let count = 1 + random.number(below: 8)
    var crew = Crew(sailors: [], bunks: [], chests: [])
    for key in random.permutation(count) {
      let sailor = Sailor(
        id: key, mate: crew.sailors.isEmpty ? nil : crew.sailors[0].id, watch: crew.sailors.count)
      crew.sailors.append(sailor)
      if random.chance(70) {
        crew.bunks.append(Bunk(id: key))
        for place in 0..<random.number(below: 3) {
          crew.chests.append(Chest(bunk: key, place: place))
        }
      }
    }
    return crew
  }

  func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Sailor.self
        Bunk.self
        Chest.self
      })
    try graph.insert(contentsOf: sailors)
    try graph.insert(contentsOf: bunks)
    try graph.insert(contentsOf: chests)
    return graph
  }

  /// What some sailors are changed to, by their keys.
  func plan(_ random: inout SplitMix64) -> [Int: Sailor] {
    let keys = sailors.map(\.id)
    var plan: [Int: Sailor] = [:]
    for (sailor, other) in zip(sailors, random.permutation(sailors.count)) where random.chance(60) {
      var new = sailor
      if random.chance(60) { new.id = random.chance(80) ? keys[other] : 20 + other }
      if random.chance(40) { new.mate = random.chance(20) ? nil : keys[other] }
      if random.chance(30) { new.watch = random.number(below: 9) }
      plan[sailor.id] = new
    }
    return plan
  }

  /// The rows after a change of sailors in one step; nil if a rule refuses it.
  func replaced(_ plan: [Int: Sailor]) -> Crew? {
    let planned = sailors.map { plan[$0.id] ?? $0 }
    let names = Dictionary(uniqueKeysWithValues: zip(sailors.map(\.id), planned.map(\.id)))
    var crew = self
    crew.sailors = zip(sailors, planned).map { old, new in
      // Who the mate is stays, unless the sailor says itself that it is another.
      var new = new
      if new.mate == old.mate { new.mate = old.mate.flatMap { names[$0] } }
      return new
    }
    crew.bunks = bunks.map { Bunk(id: names[$0.id] ?? $0.id) }
    crew.chests = chests.map { Chest(bunk: names[$0.bunk] ?? $0.bunk, place: $0.place) }
    let (keys, pairs) = (Set(planned.map(\.id)), crew.sailors.filter { $0.mate != nil })
    guard keys.count == planned.count,
      Set(pairs.map { [$0.mate ?? 0, $0.watch] }).count == pairs.count,
      pairs.allSatisfy({ keys.contains($0.mate ?? 0) })
    else { return nil }
    return crew
  }
}
