import Foundation
import Kith
import KithFixtures
import Synchronization
import Testing

/// A page must not cost more than what it shows and passes over, wherever it begins.
@Suite struct `A page of a long table` {
  private struct Entry: Row {
    var id: Int
    var rank: Int
    var flag: Bool
    var tag: Int

    static let table = Table(
      "entries", Self.init, Column("id", \.id), Column("rank", \.rank).indexed(),
      Column("flag", \.flag).indexed(), Column("tag", \.tag).indexed())
    static let likes = Association("likes", from: Entry.self, "a", to: Entry.self, "b")
    static let liked = hasMany(through: likes)
  }

  private static let count = 4_000

  /// Rows with gaps where some were deleted; their keys ascend or don't.
  private static func graph(ascending: Bool = true) throws -> Graph {
    var random = SplitMix64(seed: 17)
    var graph = Graph(
      try Schema {
        Entry.self
        Entry.likes
      })
    let ids = (1...count).map { $0 * 2 }
    try graph.insert(
      contentsOf: (ascending ? ids : ids.shuffled(using: &random)).map { id in
        Entry(id: id, rank: random.number(below: 300), flag: id % 200 == 0, tag: id < 800 ? 1 : 0)
      })
    for _ in 0..<count / 4 {
      let id = 2 * (1 + random.number(below: count))
      if id != 6_666 { try graph.delete(Entry.self, id) }
    }
    try graph.delete(graph[Entry.self].filter(\.id > 2_000 && \.id < 3_000))
    try graph.load(Entry.likes, (1...40).map { (6_666, $0 * 160) })
    return graph
  }

  /// Counts the rows that a query looks at.
  private final class Counter: Sendable {
    private let asked = Atomic(0)
    var count: Int { asked.exchange(0, ordering: .relaxed) }
    func ask() -> Bool {
      asked.add(1, ordering: .relaxed)
      return true
    }
  }

  @Test(arguments: [true, false])
  func `is what sorting all rows gives, forwards from any place`(ascending: Bool) throws {
    let graph = try Self.graph(ascending: ascending)
    let (all, rows) = (graph[Entry.self], Array(graph[Entry.self]))
    let liked = Set(graph[Entry.self, 6_666].liked.ids)
    let kept = rows.filter { !liked.contains($0.id) && $0.rank > 40 }
    let query = all.subtracting(graph[Entry.self, 6_666].liked).filter(\.rank > 40)
    func expect(_ query: Query<Entry>, _ rows: [Entry], _ name: String) throws {
      for size in [1, 200] {
        var seen: [Int] = []
        var page = query.page(size: size)
        for _ in 0..<12 {
          seen += try page.rows.map(\.id)
          guard let next = page.next else { break }
          page = query.page(size: size, after: next)
        }
        // And back again.
        let first = try page.rows.first?.id
        let shown = rows.firstIndex { $0.id == first } ?? 0
        var back: [Int] = []
        while let previous = page.previous, back.count < 2 * size {
          page = query.page(size: size, before: previous)
          back = try page.rows.map(\.id) + back
        }
        #expect(back == rows.prefix(shown).suffix(back.count).map(\.id), "\(name)")
        #expect(seen.count >= min(12 * size, rows.count))
        #expect(seen == rows.prefix(seen.count).map(\.id), "\(name), \(size)")
        #expect(query.prefix(size).ids == rows.prefix(size).map(\.id), "\(name), \(size)")
      }
      let (part, rest) = (query.dropFirst(300).prefix(20), rows.dropFirst(300).prefix(20))
      #expect(part.ids == rest.map(\.id), "\(name)")
      #expect(query.first?.id == rows.first?.id && query.isEmpty == rows.isEmpty, "\(name)")
    }
    try expect(all, rows, "all")
    try expect(query, kept, "tests")
    try expect(all.sorted(by: \.id), rows.sorted { $0.id < $1.id }, "by key")
    try expect(query.sorted(by: \.id, .descending), kept.sorted { $0.id > $1.id }, "from the last")
    try expect(
      all.filter(\.id > 7_001 && \.id <= 7_100),
      rows.filter { 7_001 < $0.id && $0.id <= 7_100 }, "keys")
    try expect(all.filter(\.id >= 50_000), [], "no keys")
    try expect(
      all.sorted(by: \.rank, \.id), rows.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }, "two keys")
    try expect(
      query.sorted(by: \.rank, .descending, \.id, .descending),
      kept.sorted { ($0.rank, $0.id) > ($1.rank, $1.id) }, "both descending")
    try expect(
      all.sorted(by: \.flag), rows.sorted { ($0.flag ? 1 : 0, $0.id) < ($1.flag ? 1 : 0, $1.id) },
      "few values")
    try expect(
      all.sorted(by: \.flag, .descending),
      rows.sorted { ($0.flag ? 0 : 1, $0.id) < ($1.flag ? 0 : 1, $1.id) }, "few values, descending")
    try expect(
      all.sorted(by: \.flag, .descending, \.rank, .ascending, \.id, .descending),
      rows.sorted { ($0.flag ? 0 : 1, $0.rank, -$0.id) < ($1.flag ? 0 : 1, $1.rank, -$1.id) },
      "three keys")
    try expect(
      all.filter(\.tag == 1).sorted(by: \.rank, .descending),
      rows.filter { $0.tag == 1 }.sorted { ($1.rank, $0.id) < ($0.rank, $1.id) }, "two indexes")
    // Linked rows that are spread evenly, and those that come last, which are sorted in the end.
    for isLinked in [{ $0.id % 3 > 0 }, { $0.rank > 200 }] as [(Entry) -> Bool] {
      let linked = rows.filter { isLinked($0) || liked.contains($0.id) }
      var graph = graph
      try graph.load(Entry.likes, linked.map { (6_666, $0.id) })
      let query = graph[Entry.self, 6_666].liked
      #expect(
        query.sorted(by: \.rank).prefix(20).explain().contains("index ix_entries_rank: a look-up"))
      try expect(
        query.sorted(by: \.rank), linked.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }, "linked")
      try expect(
        query.filter(\.rank > 40 && \.flag == false).excluding(160)
          .sorted(by: \.rank, .descending, \.id, .descending),
        linked.filter { $0.rank > 40 && !$0.flag && $0.id != 160 }
          .sorted { ($0.rank, $0.id) > ($1.rank, $1.id) }, "linked, with tests")
    }
  }

  @Test func `looks at no more rows than it must`() throws {
    let graph = try Self.graph()
    let counter = Counter()
    let all = graph[Entry.self].filter { _ in counter.ask() }
    let middle = try #require(all.dropFirst(1_200).page(size: 1).rows.last?.id)
    _ = counter.count
    func expect(_ most: Int, _ name: String, _ body: () throws -> Void) rethrows {
      try body()
      let count = counter.count
      #expect(count > 0 && count <= most, "\(name): \(count)")
    }
    try expect(21, "first page") { _ = try all.page(size: 20).rows }
    try expect(21, "last keys") { _ = try all.sorted(by: \.id, .descending).page(size: 20).rows }
    expect(21, "keys from one on") { _ = all.filter(\.id > middle).prefix(20).ids }
    for query in [
      all, all.sorted(by: \.id), all.sorted(by: \.id, .descending), all.sorted(by: \.rank),
    ] {
      // Cursors can be had from a page that ends anywhere.
      var page = query.page(size: 1_200)
      _ = counter.count
      try expect(21, "\(query)") {
        page = query.page(size: 20, after: page.next)
        _ = try page.rows
      }
      try expect(21, "\(query) back") {
        page = query.page(size: 20, before: try #require(page.previous))
        _ = try page.rows
      }
    }
    expect(20, "equal values") { _ = all.sorted(by: \.flag).prefix(20).ids }
    expect(60, "equal values, descending") {
      _ = all.sorted(by: \.flag, .descending).prefix(60).ids
    }
    expect(600, "two keys") {
      _ = all.sorted(by: \.rank, .descending, \.id, .descending).prefix(20).ids
    }
    expect(23, "without some") { _ = all.excluding(2, 4, 6).prefix(20).ids }
    expect(1, "one of many that an index finds") { _ = all.filter(\.flag == false).first }
    // The index finds some four hundred, which are the first in the table and have any rank.
    expect(900, "two indexes") { _ = all.filter(\.tag == 1).sorted(by: \.rank).prefix(20).ids }
  }

  @Test func `looks at no more of many linked rows than it must`() throws {
    var graph = try Self.graph()
    let counter = Counter()
    let rows = Array(graph[Entry.self])
    try graph.load(Entry.likes, rows.filter { $0.id % 4 > 0 }.map { (6_666, $0.id) })
    try graph.load(Entry.likes, rows.filter { $0.rank > 200 }.map { (rows[0].id, $0.id) })
    let even = graph[Entry.self, 6_666].liked.filter { _ in counter.ask() }.sorted(by: \.rank)
    #expect(even.prefix(20).ids.count == 20)
    #expect((20...60).contains(counter.count))
    // After a quarter of those that are linked, these are sorted.
    let last = graph[Entry.self, rows[0].id].liked.filter { _ in counter.ask() }.sorted(by: \.rank)
    #expect(last.first?.rank == 201)
    let most = graph[Entry.self, rows[0].id].liked.count * 5 / 4
    #expect((most / 2...most).contains(counter.count))
  }

  @Test func `walks from the rows that the tests before leave, and from no others`() throws {
    var graph = try Self.graph()
    let counter = Counter()
    let ids = graph[Entry.self].ids
    for step in 1...8 {
      try graph.load(Entry.likes, zip(ids, ids.dropFirst(step) + ids.prefix(step)))
    }
    let likes = Entry.liked.contains { _ in counter.ask() }
    // Every row likes the eight next ones, and 6,666 others besides: these are looked at, and no others.
    let most = graph[Entry.self, 6_666].liked.count
    #expect(graph[Entry.self].filter(Entry.liked.count > 8 && likes).ids == [6_666])
    #expect((1...most).contains(counter.count))
    #expect(graph[Entry.self].filter(\.rank >= 0 && Entry.liked.count > 8 && !likes).ids == [])
    #expect((1...most).contains(counter.count))
    // All rows come to the test, which walks back from all, and looks at each once; but for the first rows.
    #expect(graph[Entry.self].filter(\.rank >= 0 && likes).ids == ids)
    #expect(counter.count <= ids.count + 1_000)
  }
}
