import Kith
import Testing

/// A guest who may follow anybody.
private struct Guest: Row {
  var id: Int

  static let table = Table("guests", Self.init, Column("id", \.id))
  static let follows = Association("follows", from: Guest.self, "a", to: Guest.self, "b")
  static let following = hasMany(through: follows)

  /// Guests who all follow each other, and themselves: *n* to the power of *h* paths of *h* hops lead
  /// from each.
  static func clique(of count: Int) throws -> Graph {
    var graph = Graph(
      try Schema {
        Guest.self
        Guest.follows
      })
    try graph.insert(contentsOf: (1...count).map { Guest(id: $0) })
    try graph.load(
      Guest.follows, (1...count).flatMap { source in (1...count).map { (source, $0) } })
    return graph
  }

  /// Following, a number of times.
  static func hops(_ count: Int) -> Relationship<Guest, Guest> {
    var hops = following.following
    for _ in 2..<count { hops = hops.following }
    return hops
  }

  /// Those whom a guest follows over a number of hops.
  static func query(_ graph: Graph, from id: Int, hops count: Int) -> Query<Guest> {
    (0..<count).reduce(graph[Guest.self, id]) { query, _ in query.following }
  }
}

@Suite struct `Numbers of paths that no integer holds` {
  // Of 16 guests, 2^60 paths of fifteen hops lead from each to each, and 2^64 of seventeen.

  @Test func `are exact as long as they fit`() throws {
    let graph = try Guest.clique(of: 16)
    #expect(graph.join(Guest.hops(14)).count == 1 << 60)
    #expect(graph.join(Guest.hops(15)).counts(from: [1, 2]) == [1 << 60, 1 << 60])
    #expect(graph.join(Guest.hops(14)).withoutReturns.count == 1 << 56 * 15)
    #expect(Guest.query(graph, from: 1, hops: 16).ranked().first?.paths == 1 << 60)
  }

  @Test func `are as many as are handed out, however often one row counts`() throws {
    // Of three guests, 3^11 paths of eleven hops lead from each, 3^9 of them to each row before the last.
    let join = try Guest.clique(of: 3).join(Guest.hops(11))
    for join in [join, join.withoutReturns] {
      var paths: [[Int]: Int] = [:]
      join.forEach { source, target in paths[[source, target], default: 0] += 1 }
      #expect(Set(paths.values) == [59_049])
      #expect(paths.count * 59_049 == join.count)
    }
  }

  @Test(arguments: [16, 17, 18, 40])
  func `are the largest integer in counts of a whole graph`(hops: Int) throws {
    let join = try Guest.clique(of: 16).join(Guest.hops(hops))
    let joins = [
      join, join.withoutReturns, join.closed(by: Guest.following), join.open(by: Guest.following),
    ]
    for (index, join) in joins.enumerated() where index < 3 {
      #expect(join.count == .max)
      var one = join
      one.parallel.workers = 1
      #expect(one.count == .max)
    }
    // Everybody is linked to everybody.
    #expect(joins[3].count == 0)
    #expect(join.distinctCount == 256)
  }

  @Test(arguments: [16, 17, 18, 40])
  func `are the largest integer in counts from some rows`(hops: Int) throws {
    let join = try Guest.clique(of: 16).join(Guest.hops(hops))
    for join in [join, join.withoutReturns, join.closed(by: Guest.following)] {
      #expect(join.counts(from: [1, 99, 3]) == [.max, 0, .max])
    }
  }

  @Test(arguments: [17, 18, 19, 41])
  func `are the largest integer in a ranking, whose ties go by key`(hops: Int) throws {
    let graph = try Guest.clique(of: 16)
    let query = Guest.query(graph, from: 3, hops: hops)
    for ranking in [query.ranked(), query.union(query).ranked(), query.excluding(16).ranked()] {
      let best = ranking.prefix(3)
      #expect(best.map(\.paths) == [.max, .max, .max])
      #expect(best.map(\.id) == [1, 2, 3])
    }
    #expect(query.explain().contains("hop follows"))
  }
}
