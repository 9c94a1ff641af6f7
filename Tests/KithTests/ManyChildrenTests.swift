import Kith
import Testing

private struct Shop: Row {
  var id: Int
  static let table = Table("shops", Self.init, Column("id", \.id))
}

/// An offer of a shop, and of another one that delivers it.
private struct Offer: Row {
  var id: Int
  var shop: Int?
  var carrier: Int?
  static let table = Table(
    "offers", Self.init, Column("id", \.id),
    Column("shop_id", \.shop, references: Shop.self, onDelete: .setNull),
    Column("carrier_id", \.carrier, references: Shop.self, onDelete: .setNull))
}

/// A card of a shop that can't be without one.
private struct Card: Row {
  var id: Int
  var shop: Int?
  static let table = Table(
    "cards", Self.init, Column("id", \.id),
    Column("shop_id", \.shop, references: Shop.self, onDelete: .setNull)
      .check("has_shop") { $0 != nil })
}

@Suite struct `A row with many children` {
  private static let count = 6_000

  /// Shops 1 to 3, and offers most of which are of shop 1.
  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Shop.self
        Offer.self
        Card.self
      })
    try graph.insert(contentsOf: (1...3).map { Shop(id: $0) })
    try graph.insert(
      contentsOf: (1...count).map {
        Offer(id: $0, shop: $0 % 100 == 0 ? 2 : 1, carrier: $0 % 3 == 0 ? 1 : 3)
      })
    return graph
  }

  /// The pages and nodes that a change copies where a snapshot shares them.
  private static func copies(_ change: (inout Graph) throws -> Void) throws -> Int {
    var graph = try graph()
    let before = graph
    try change(&graph)
    try graph.validate()
    #expect(before[Offer.self].count == count)
    return graph.statistics.pagesCopied - before.statistics.pagesCopied
  }

  @Test func `leaves them empty, and copies each of their pages once`() throws {
    let copies = try Self.copies { graph in
      try graph.delete(Shop.self, 1)
      #expect(graph[Offer.self].filter(\.shop == 1).isEmpty)
      #expect(graph[Offer.self].filter(\.shop == nil).count == Self.count * 99 / 100)
      #expect(graph[Offer.self].filter(\.carrier == nil).count == Self.count / 3)
      #expect(graph[Offer.self].filter(\.shop == 2).count == Self.count / 100)
    }
    #expect(copies < Self.count / 10)
  }

  @Test func `hands them its new key, and copies each of their pages once`() throws {
    let copies = try Self.copies { graph in
      try graph.update(Shop.self, 1) { $0.id = 9 }
      #expect(graph[Offer.self].filter(\.shop == 9).count == Self.count * 99 / 100)
      #expect(graph[Offer.self].filter(\.carrier == 9).count == Self.count / 3)
      #expect(graph[Offer.self].filter(\.shop == 1 || \.carrier == 1).isEmpty)
    }
    #expect(copies < Self.count / 10)
  }

  @Test func `stays, and they with it, where one can't be without it`() throws {
    var graph = try Self.graph()
    try graph.insert(Card(id: 1, shop: 1))
    let before = graph.encoded()
    #expect(throws: GraphError.self) { try graph.delete(Shop.self, 1) }
    #expect(graph.encoded() == before)
    try graph.delete(Shop.self, 2)
    #expect(graph[Offer.self].filter(\.shop == nil).count == Self.count / 100)
  }
}
