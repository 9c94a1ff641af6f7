import Kith
import KithTestSupport
import Testing

/// Rows that refer to each other, of which few have few keys: a write moves keys from row to row.
@Suite struct `Keys that go from row to row in one write` {
  @Test(arguments: 0..<UInt64(effort(release: 200, debug: 60)))
  func `lead to the same rows when the log is read`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let disk = SimulatedDisk()
    let schema = try Schema {
      Crate.self
      Crate.near
    }
    let store = try GraphStore(schema, on: disk, durability: .none)
    for turn in 0..<20 {
      // A refused step changes nothing, and the others go on.
      try store.write { graph in
        for _ in 0...random.number(below: 16) { try? step(&graph, &random) }
      }
      try expectSound(store.snapshot, "seed \(seed), write \(turn)")
      if turn % 2 == 1 {
        let copy = SimulatedDisk()
        for name in disk.names { copy[name] = disk[name] }
        let opened = try GraphStore(schema, on: copy).snapshot
        try expectSound(opened, "seed \(seed), write \(turn), opened")
        #expect(opened.encoded() == store.snapshot.encoded(), "seed \(seed), write \(turn)")
        if random.chance(30) { try store.checkpoint() }
      }
    }
  }

  @Test func `lead where the log says nothing of a row that refers to one`() throws {
    let disk = SimulatedDisk()
    let schema = try Schema { Crate.self }
    var store: GraphStore? = try GraphStore(schema, on: disk)
    try store?.write { graph in
      try graph.insert(contentsOf: [
        Crate(id: 1, below: nil, weight: 0), Crate(id: 3, below: 1, weight: 0),
      ])
    }
    // The row 3 refers to 1 before and after, but to another row: it is in no page that differs.
    try store?.write { graph in
      try graph.update(Crate.self, 1) { $0.id = 2 }
      try graph.insert(Crate(id: 1, below: nil, weight: 0))
      try graph.update(Crate.self, 3) { $0.below = 1 }
    }
    store = nil
    store = try GraphStore(schema, on: disk)
    let graph = try #require(store?.snapshot)
    try graph.validate()
    #expect(graph[Crate.self, 1].above.ids == [3])
    #expect(graph[Crate.self, 2].above.ids == [])
  }

  private func step(_ graph: inout Graph, _ random: inout SplitMix64) throws {
    let (one, other) = (random.number(below: 5), random.number(below: 5))
    let below = random.chance(25) ? nil : random.number(below: 5)
    switch random.number(below: 12) {
    case 0, 1, 8:
      try graph.insert(Crate(id: one, below: below, weight: random.number(below: 3)))
    case 2, 9: try graph.update(Crate.self, one) { $0.below = below }
    case 3, 10, 11: try graph.update(Crate.self, one) { $0.id = other }
    case 4:
      try graph.update(graph[Crate.self, [one, other]]) { $0.id = $0.id == one ? other : one }
    case 5: try graph.update(Crate.self, one) { $0.weight = random.number(below: 3) }
    case 6: try graph.append(one, to: Crate.nearby, of: other)
    default: try graph.delete(Crate.self, one)
    }
  }

  /// The rows above each are those that refer to it, by all ways to ask.
  private func expectSound(_ graph: Graph, _ place: String) throws {
    #expect(throws: Never.self, "\(place)") { try graph.validate() }
    let all = graph[Crate.self].map { $0 }
    for crate in all {
      let above = all.filter { $0.below == crate.id }
      #expect(graph[Crate.self, crate.id].above.ids == above.map(\.id), "\(place)")
      let sorted = above.sorted { ($0.weight, $0.id) < ($1.weight, $1.id) }.map(\.id)
      #expect(graph[Crate.self, crate.id].above.sorted(by: \.weight).ids == sorted, "\(place)")
    }
  }
}

private struct Crate: Row {
  var id: Int
  var below: Int?
  var weight: Int

  static let table = Table(
    "crates", Self.init, Column("id", \.id),
    Column("below", \.below, references: Crate.self, onDelete: .setNull),
    Column("weight", \.weight)
  ).index(\.below, orderedBy: \.weight)

  static let above = hasMany(\Crate.below)
  static let near = Association("near", from: Crate.self, "one", to: Crate.self, "other")
  static let nearby = hasMany(through: near)
}
