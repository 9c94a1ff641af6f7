import Foundation
import Kith
import KithFixtures
import Synchronization
import Testing

/// `.index(\\.a, orderedBy: \\.b)` where `a` is no foreign key, or `b` no number.
@Suite struct `An index of two columns` {
  private struct Shop: Row {
    var id: String
    static let table = Table("shops", Self.init, Column("id", \.id))
    static let wares = hasMany(\Ware.shop)
  }

  private struct Ware: Row, Equatable {
    var id: Int
    var shop: Shop.ID?
    var kind: String
    var price: Double
    var label: String
    var weight: Int?

    static let table = Table(
      "wares", Self.init, Column("id", \.id),
      Column("shop_id", \.shop, references: Shop.self, onDelete: .setNull),
      Column("kind", \.kind), Column("price", \.price), Column("label", \.label),
      Column("weight", \.weight)
    )
    .index(\.kind, orderedBy: \.price)
    .index(\.shop, orderedBy: \.label)
    .index(\.weight, orderedBy: \.label)
  }

  private static let kinds = ["", "차", "coffee", "tea"]
  private static let labels = ["", "a", "ab", "b", "나", "z"]

  private static func ware(_ id: Int, _ random: inout SplitMix64) -> Ware {
    Ware(
      id: id, shop: [nil, "north", "south"][random.number(below: 3)],
      kind: kinds[random.number(below: 4)], price: Double(random.number(below: 40)) / 4,
      label: labels[random.number(below: 6)],
      weight: random.number(below: 3) == 0 ? nil : random.number(below: 4))
  }

  /// Rows that were inserted, changed and deleted, in a graph and as an array in order of insertion.
  private static func example(
    count: Int, seed: UInt64 = 3
  ) throws -> (graph: Graph, wares: [Ware]) {
    var random = SplitMix64(seed: seed)
    var graph = Graph(
      try Schema {
        Shop.self
        Ware.self
      })
    try graph.insert(contentsOf: [Shop(id: "north"), Shop(id: "south")])
    var wares = random.permutation(count).map { ware($0, &random) }
    try graph.insert(contentsOf: wares)
    for _ in 0..<count / 3 {
      let place = random.number(below: wares.count)
      if random.number(below: 3) == 0 {
        try graph.delete(Ware.self, wares.remove(at: place).id)
      } else {
        wares[place] = ware(wares[place].id, &random)
        try graph.upsert(wares[place])
      }
    }
    try graph.validate()
    return (graph, wares)
  }

  /// The rows as the contract orders them: by a value, and rows of equal value by key.
  private func sorted<Value: Comparable>(
    _ wares: [Ware], by value: (Ware) -> Value, descending: Bool = false
  ) -> [Ware] {
    wares.sorted { left, right in
      if value(left) == value(right) { return left.id < right.id }
      return (value(left) < value(right)) != descending
    }
  }

  @Test func `answers as sorting all rows does`() throws {
    let (graph, wares) = try Self.example(count: 400)
    for kind in Self.kinds + ["none"] {
      let rows = graph[Ware.self].filter(\.kind == kind)
      let expected = wares.filter { $0.kind == kind }
      #expect(Array(rows) == expected)
      #expect(Array(rows.sorted(by: \.price)) == sorted(expected) { $0.price })
      let dear = rows.filter(\.price >= 5).sorted(by: \.price, .descending)
      let expectedDear = sorted(expected.filter { $0.price >= 5 }, by: \.price, descending: true)
      #expect(Array(dear) == expectedDear)
      #expect(Array(dear.prefix(7)) == Array(expectedDear.prefix(7)))
      #expect(rows.filter(\.price < 2.5).count == expected.count { $0.price < 2.5 })
    }
    for weight in [nil, 0, 1, 2, 3, 4] {
      let rows = graph[Ware.self].filter(\.weight == weight).sorted(by: \.label)
      #expect(Array(rows) == sorted(wares.filter { $0.weight == weight }) { $0.label })
    }
    for shop in ["north", "south"] {
      let expected = sorted(wares.filter { $0.shop == shop }) { $0.label }
      let rows = graph[Shop.self, shop].wares.sorted(by: \.label)
      #expect(Array(rows) == expected)
      #expect(Array(rows.prefix(9)) == Array(expected.prefix(9)))
    }
  }

  @Test func `pages forwards and backwards`() throws {
    let (graph, wares) = try Self.example(count: 300)
    let expected = sorted(wares.filter { $0.kind == "차" }) { $0.price }
    let query = graph[Ware.self].filter(\.kind == "차").sorted(by: \.price)
    var (pages, cursor): ([Page<Ware>], Cursor?) = ([], nil)
    repeat {
      pages.append(query.page(size: 7, after: cursor))
      cursor = pages[pages.count - 1].next
    } while cursor != nil
    var found: [Ware] = []
    for page in pages { found += try page.rows }
    #expect(found == expected)
    let previous = try #require(pages[pages.count - 1].previous)
    #expect(try query.page(size: 7, before: previous).rows == pages[pages.count - 2].rows)
  }

  @Test func `is named by the plan, and read no further than asked for`() throws {
    let (graph, wares) = try Self.example(count: 3_000)
    let tested = Atomic(0)
    let rows = graph[Ware.self].filter(\.kind == "tea").sorted(by: \.price)
    #expect(rows.prefix(10).explain().contains("ix_wares_kind_price"))
    #expect(graph[Ware.self].filter(\.kind == "tea").explain().contains("ix_wares_kind_price"))
    let counted = graph[Ware.self].filter { _ in
      tested.add(1, ordering: .relaxed)
      return true
    }
    let first = counted.filter(\.kind == "tea").sorted(by: \.price).prefix(10)
    let expected = sorted(wares.filter { $0.kind == "tea" }) { $0.price }
    #expect(Array(first) == Array(expected.prefix(10)))
    #expect(tested.load(ordering: .relaxed) <= 40)
    let labels = graph[Shop.self, "north"].wares.sorted(by: \.label).prefix(10)
    #expect(labels.explain().contains("ix_wares_shop_id_label"))
  }

  private struct Parcel: Row {
    var id: Int
    var kind: String
    var weight: Int

    static let table = Table(
      "parcels", Self.init, Column("id", \.id), Column("kind", \.kind),
      Column("weight", \.weight).indexed()
    ).index(\.kind, orderedBy: \.weight)
  }

  @Test func `is read rather than the index of the second column alone`() throws {
    var graph = Graph(try Schema { Parcel.self })
    // The letters are the heaviest of all.
    try graph.insert(
      contentsOf: (0..<1_000).map { Parcel(id: $0, kind: $0 < 800 ? "box" : "letter", weight: $0) })
    let tested = Atomic(0)
    let counted = graph[Parcel.self].filter { _ in
      tested.add(1, ordering: .relaxed)
      return true
    }
    let rows = counted.filter(\.kind == "letter").sorted(by: \.weight)
    #expect(rows.prefix(10).ids == Array(800..<810))
    #expect(rows.page(size: 9).next != nil)
    #expect(tested.load(ordering: .relaxed) <= 20)
  }

  @Test func `is there again when a graph is decoded`() throws {
    let (graph, wares) = try Self.example(count: 200)
    let data = graph.encoded()
    let again = try Graph(graph.schema, decoding: data)
    try again.validate()
    #expect(
      Array(again[Ware.self].filter(\.kind == "coffee").sorted(by: \.price))
        == sorted(wares.filter { $0.kind == "coffee" }) { $0.price })
    #expect(again.encoded() == data)
  }

  @Test func `follows the key of a parent, and leaves with it`() throws {
    var (graph, wares) = try Self.example(count: 60)
    try graph.update(Shop.self, "north") { $0.id = "upper" }
    try graph.validate()
    let upper = sorted(wares.filter { $0.shop == "north" }) { $0.label }
    #expect(graph[Shop.self, "upper"].wares.sorted(by: \.label).ids == upper.map(\.id))
    try graph.delete(Shop.self, "upper")
    try graph.validate()
    #expect(graph[Ware.self].filter(\.shop == nil).count == wares.count { $0.shop != "south" })
  }
}
