import Foundation
import Kith
import Testing

/// A thousand rows live at a time; the oldest goes for each that comes.
@Suite struct `A graph whose rows come and go` {
  struct Visitor: Row {
    var id: Int
    var name: String
    static let table = Table(
      "visitors", Self.init, Column("id", \.id), Column("name", \.name).unique())
    static let follows = Association(
      "follows", from: Visitor.self, "follower_id", to: Visitor.self, "followed_id",
      allowsSelfLinks: false)
    static let following = hasMany(through: follows)
  }

  struct Visit: Row {
    var id: UUID
    var visitor: Visitor.ID
    static let table = Table(
      "visits", Self.init, Column("id", \.id),
      Column("visitor_id", \.visitor, references: Visitor.self, onDelete: .cascade))
  }

  @Test func `takes no more room`() throws {
    let store = GraphStore(
      try Schema {
        Visitor.self
        Visit.self
        Visitor.follows
      })
    var bytes: [Int] = []
    for number in 0..<20_000 {
      try store.write { graph in
        try graph.insert(Visitor(id: number, name: "visitor \(number)"))
        try graph.insert(Visit(id: UUID(), visitor: number))
        if number > 0 { try graph.append(number - 1, to: Visitor.following, of: number) }
        if number >= 1_000 { try graph.delete(Visitor.self, number - 1_000) }
      }
      if number % 2_000 == 1_999 { bytes.append(store.snapshot.statistics.bytes) }
    }
    // Hashed keys split and merge their pages at other times.
    #expect(bytes.allSatisfy { $0 < bytes[0] * 5 / 4 }, "\(bytes)")
    let graph = store.snapshot
    #expect(graph[Visitor.self].count == 1_000 && graph[Visit.self].count == 1_000)
    #expect(Array(graph[Visitor.self].ids) == Array(19_000..<20_000))
    #expect(graph.statistics.links == 999)
    try graph.validate()
  }
}
