import Kith
import KithTestSupport
import Testing

/// Rows of a query that are changed in one step, each in its own way, and the same in an array.
@Suite struct `Update of a query` {
  @Test(arguments: 0..<UInt64(effort(release: 600, debug: 150)))
  func `does in one step what the rules allow, or nothing`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var graph = Graph(try Schema { Berth.self })
    var model = Berth.some(&random)
    try graph.insert(contentsOf: model.map { Berth($0, under: nil) })
    for berth in model { try graph.update(Berth.self, berth.id) { $0.under = berth.under } }
    for step in 0..<6 {
      let extent = random.number(below: 5)
      let asked = model.filter { _ in random.chance(70) }
      let planned = asked.map { $0.changed(extent, keys: model.count, &random) }
      let plan = Dictionary(uniqueKeysWithValues: zip(asked.map(\.id), planned))
      let (before, held) = (graph, random.chance(50))
      let query = graph[Berth.self, asked.map(\.id)]
      if !held { graph = graph.encodedAndDecoded() }
      var isAllowed = true
      do {
        let count = try graph.update(query) { $0 = plan[$0.id] ?? $0 }
        #expect(count == asked.count, "seed \(seed), step \(step)")
      } catch is GraphError {
        isAllowed = false
      }
      let expected = Berth.replaced(model, plan)
      #expect(isAllowed == (expected != nil), "seed \(seed), step \(step)")
      if let expected { model = expected }
      #expect(graph[Berth.self].map { $0 } == model, "seed \(seed), step \(step)")
      try expectSound(graph, model, "seed \(seed), step \(step)")
      if expected == nil, held { #expect(Change(from: before, to: graph).isEmpty, "seed \(seed)") }
    }
  }

  /// All ways to ask say what the array does.
  private func expectSound(_ graph: Graph, _ model: [Berth], _ place: String) throws {
    #expect(throws: Never.self, "\(place)") { try graph.validate() }
    let sorted = model.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    #expect(graph[Berth.self].sorted(by: \.rank).ids == sorted.map(\.id), "\(place)")
    for berth in model {
      let above = sorted.filter { $0.under == berth.id }.map(\.id)
      let found = graph[Berth.self, berth.id].above.sorted(by: \.rank)
      #expect(found.ids == above, "\(place), above \(berth.id)")
      if let code = berth.code {
        #expect(graph[Berth.self].filter(\.code == code).ids == [berth.id], "\(place)")
      }
    }
  }
}

extension Graph {
  /// The same graph, which shares nothing with this one.
  fileprivate func encodedAndDecoded() -> Graph {
    (try? Graph(schema, decoding: encoded())) ?? self
  }
}

private struct Berth: Row, Equatable {
  var id: Int
  var code: Int?
  var rank: Int
  var under: Int?
  var weight: Int

  static let table = Table(
    "berths", Self.init, Column("id", \.id), Column("code", \.code).unique(),
    Column("rank", \.rank).indexed(), Column("under", \.under, references: Berth.self),
    Column("weight", \.weight).check("light") { $0 < 40 }
  ).index(\.under, orderedBy: \.rank)

  static let above = hasMany(\Berth.under)
}

extension Berth {
  init(_ other: Berth, under: Int?) {
    self = other
    self.under = under
  }

  static func some(_ random: inout SplitMix64) -> [Berth] {
    let count = 1 + random.number(below: 40)
    return random.permutation(count).map { key in
      Berth(
        id: key, code: random.chance(60) ? key * 3 : nil, rank: random.number(below: 5),
        under: random.chance(50) ? random.number(below: count) : nil, weight: 0)
    }
  }

  /// The row with other values, which are felt as far as `extent` says: by nobody, by indexes, by
  /// links, by unique values and by keys. Keys are of as many as there are rows, and a few more.
  func changed(_ extent: Int, keys: Int, _ random: inout SplitMix64) -> Berth {
    var row = self
    if random.chance(60) { row.weight += random.number(below: 12) }
    if extent > 0, random.chance(50) { row.rank = random.number(below: 5) }
    if extent > 1, random.chance(20) {
      row.under = random.chance(40) ? nil : random.number(below: random.chance(2) ? 200 : keys)
    }
    if extent > 2, random.chance(10) {
      row.code = random.chance(30) ? nil : random.number(below: random.chance(40) ? keys : 999) * 3
    }
    if extent > 3, random.chance(15) { row.id = random.chance(50) ? id + 1 : 100 + id }
    return row
  }

  /// The rows after a change of some of them in one step, by their keys before; nil if a rule refuses it.
  static func replaced(_ rows: [Berth], _ plan: [Int: Berth]) -> [Berth]? {
    let planned = rows.map { plan[$0.id] ?? $0 }
    let (keys, codes) = (planned.map(\.id), planned.compactMap(\.code))
    let names = Dictionary(uniqueKeysWithValues: zip(rows.map(\.id), keys))
    guard Set(keys).count == keys.count, Set(codes).count == codes.count,
      planned.allSatisfy({ $0.weight < 40 })
    else { return nil }
    var result: [Berth] = []
    for (old, new) in zip(rows, planned) {
      // What a row refers to stays the same row, unless it says itself that it refers to another.
      let under = new.under == old.under ? old.under.flatMap { names[$0] } : new.under
      if let under, !keys.contains(under) { return nil }
      result.append(Berth(new, under: under))
    }
    return result
  }
}
