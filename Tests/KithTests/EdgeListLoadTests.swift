import Kith
import KithFixtures
import Testing

@Suite struct `Loading an edge list` {
  private func load(
    _ text: String, undirected: Bool = false, into graph: inout Graph
  ) throws -> LoadReport {
    try graph.load(
      User.follows, edgeList: TextSource(text: text, name: "follows.tsv"), undirected: undirected
    ) { Feed.user($0) }
  }

  @Test func `makes the rows by ascending id and counts what it left out`() throws {
    var graph = Graph(try Feed.schema())
    let report = try load("9\t3\n3\t9\r\n9 3\n# done\n7\t7\n\n3\t7", into: &graph)
    #expect([report.lines, report.rowsInserted, report.inserted] == [5, 3, 3])
    #expect([report.duplicates, report.selfLinks] == [1, 1])
    #expect(graph[User.self].ids == [3, 7, 9])
    #expect(graph[User.self, 3].following.ids == [7, 9])
    let again = try load("3\t7\n3\t11\n", into: &graph)
    #expect([again.lines, again.rowsInserted, again.inserted] == [2, 1, 1])
    #expect([again.duplicates, again.selfLinks] == [1, 0])
  }

  @Test func `takes an undirected line as two follows`() throws {
    var graph = Graph(try Feed.schema())
    let report = try load("1 2\n2 1\n2 3\n", undirected: true, into: &graph)
    #expect([report.lines, report.rowsInserted, report.inserted] == [3, 3, 4])
    #expect([report.duplicates, report.selfLinks] == [1, 0])
    #expect(graph[User.self, 2].following.ids == graph[User.self, 2].followers.ids)
  }

  @Test(arguments: [false, true])
  func `keeps self links where they are allowed`(undirected: Bool) throws {
    var graph = Graph(
      try Schema {
        Site.self
        Site.links
      })
    let list = TextSource(bytes: Array("1 1\n1 2\n1 1\n2 2\n1 2\n".utf8), name: "links.tsv")
    let report = try graph.load(Site.links, edgeList: list, undirected: undirected) { Site(id: $0) }
    #expect([report.lines, report.selfLinks, report.duplicates] == [5, 0, 2])
    #expect(report.inserted == (undirected ? 4 : 3))
    #expect(graph[Site.self, 1].linked.ids == [1, 2])
    #expect(graph[Site.self, 2].linked.ids == (undirected ? [1, 2] : [2]))
    let again = try graph.load(Site.links, edgeList: list, undirected: undirected) { Site(id: $0) }
    #expect([again.rowsInserted, again.inserted, again.duplicates] == [0, 0, 5])
  }

  @Test func `asks first whether the schema lists the association table`() throws {
    var graph = Graph(try Schema { Site.self })
    #expect {
      try graph.load(Site.links, edgeList: TextSource(text: "no numbers", name: "a")) {
        Site(id: $0)
      }
    } throws: {
      if case GraphError.schemaFaults = $0 { true } else { false }
    }
  }

  @Test func `loads nothing when a line is bad`() throws {
    var graph = try Feed.graph(users: 1, follows: [])
    let error = #expect(throws: GraphError.self) {
      try load("1\t2\n2\tthree\n", into: &graph)
    }
    guard case .unreadableInput(let file, let line, let column, let found, _) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(file == "follows.tsv" && line == 2 && column == 3 && found.contains("three"))
    #expect(graph[User.self].ids == [1])
    #expect(graph.statistics["follows"]?.count == 0)
  }

  @Test func `loads nothing when a closure throws, at whichever call`() throws {
    struct Stopped: Error {}
    let before = try Feed.graph(users: 3, follows: [(1, 2)])
    let list = TextSource(bytes: Array("1 3\n7 8\n2 9\n3 1\n".utf8), name: "list", chunkSize: 5)
    for failing in 0..<20 {
      var (graph, calls) = (before, 0)
      func pass() throws {
        calls += 1
        if calls > failing { throw Stopped() }
      }
      do {
        try graph.load(User.follows, edgeList: list, progress: { _ in try pass() }) { id in
          try pass()
          return Feed.user(id)
        }
        #expect(failing == calls && calls > 3, "three rows are made, and chunks are told")
        return
      } catch is Stopped {
        #expect(graph.encoded() == before.encoded(), "call \(failing)")
      }
    }
    Issue.record("the list is never loaded")
  }

  @Test func `makes rows whose keys are integers of any type`() throws {
    var graph = Graph(
      try Schema {
        Small.self
        Small.links
        Typed.self
        Typed.links
      })
    let list = TextSource(text: "7 255\n0\t7\n", name: "list")
    try graph.load(Small.links, edgeList: list) { Small(id: $0) }
    #expect(graph[Small.self].ids == [0, 7, 255])
    #expect(graph[Small.self, 7].linked.ids == [255])
    let report = try graph.load(Typed.links, edgeList: list) { Typed(id: $0) }
    #expect([report.rowsInserted, report.inserted] == [3, 2])
    #expect(graph[Typed.self, 0].linked.ids == [7])
  }

  @Test(arguments: [1, 2, 5, 100])
  func `says where an id does not fit in the type of the keys`(chunkSize: Int) throws {
    let before = Graph(
      try Schema {
        Small.self
        Small.links
      })
    for (text, line, column, found) in [
      ("# a\n1 2\n 3\t256\r\n", 3, 4, "256"), ("1 2\n-1 2", 2, 1, "-1"),
      ("\u{FEFF}300 1\n", 1, 4, "300"), ("1 -99999999999", 1, 3, "-99999999999"),
    ] {
      let error = GraphError.unreadableInput(
        file: "list", line: line, column: column, found: found,
        expected: "an integer that fits in UInt8, the type of the keys of small")
      let list = TextSource(bytes: Array(text.utf8), name: "list", chunkSize: chunkSize)
      var graph = before
      #expect(throws: error) { try graph.load(Small.links, edgeList: list) { Small(id: $0) } }
      #expect(throws: GraphError.self) { try graph.load(Small.links, edgeList: list) }
      #expect(graph.encoded() == before.encoded())
    }
  }

  @Test(arguments: [1, 3, 100])
  func `names the row that is missing when no rows are made`(chunkSize: Int) throws {
    let before = try Feed.graph(users: 3, follows: [(1, 2)])
    for (text, line, column, key, end) in [
      ("1 3\n2  44\r\n", 2, 4, "44", "followed"), ("# a\n\n -5 3", 3, 2, "-5", "follower"),
    ] {
      let reason = GraphError.missingReference(
        constraint: "fk_follows_\(end)_id_users", table: "follows", key: key)
      let error = GraphError.refusedInput(file: "list", line: line, column: column, reason: reason)
      let list = TextSource(bytes: Array(text.utf8), name: "list", chunkSize: chunkSize)
      var graph = before
      #expect(throws: error) { try graph.load(User.follows, edgeList: list) }
      #expect(graph.encoded() == before.encoded())
    }
  }

  @Test func `turns lines round for the inverse, between rows that exist too`() throws {
    let list = TextSource(text: "1 2\n3 3\n2 1\n1 3\n1 2\n", name: "list")
    var (graph, other) = (
      try Feed.graph(users: 3, follows: []), try Feed.graph(users: 3, follows: [])
    )
    let report = try graph.load(User.follows.inverse, edgeList: list)
    #expect([report.lines, report.inserted, report.duplicates, report.selfLinks] == [5, 3, 1, 1])
    #expect(graph[User.self, 1].followers.ids == [2, 3])
    let same = try other.load(User.follows.inverse, edgeList: list) { Feed.user($0) }
    #expect(same == report && other.encoded() == graph.encoded())
    let undirected = try graph.load(User.follows, edgeList: list, undirected: true)
    #expect([undirected.lines, undirected.inserted, undirected.selfLinks] == [5, 1, 1])
    #expect(graph[User.self, 1].following.ids == [2, 3])
  }

  @Test func `gives the karate club's published figures`() throws {
    var graph = Graph(try Feed.schema())
    try graph.load(
      User.follows, edgeList: TextSource(bytes: Fixture.karateClub, name: "karate.tsv"),
      undirected: true
    ) { Feed.user($0) }
    #expect(graph[User.self].count == 34)
    #expect(graph.join(User.following).count == 156)
    #expect(graph.join(User.following.following).count == 1212)
    #expect(graph.join(User.following.following).withoutReturns.distinctCount == 664)
    // 45 triangles, each walked from three corners in two directions.
    #expect(graph.join(User.following.following).closed(by: User.following).count == 270)
    let suggestions = graph[User.self, 34].following.following
      .subtracting(graph[User.self, 34].following).excluding(34).ranked().prefix(10)
    #expect(
      suggestions.map { [$0.id, $0.paths] } == [
        [3, 6], [1, 4], [2, 3], [25, 2], [26, 2], [4, 1],
      ])
  }
}

private struct Site: Row {
  var id: Int
  static let table = Table("sites", Self.init, Column("id", \.id))
  static let links = Association("links", from: Site.self, "source", to: Site.self, "target")
  static let linked = hasMany(through: links)
}

private struct Small: Row {
  var id: UInt8
  static let table = Table("small", Self.init, Column("id", \.id))
  static let links = Association("small_links", from: Small.self, "a", to: Small.self, "b")
  static let linked = hasMany(through: links)
}

private struct Typed: Row {
  var id: Key<Typed, Int32>
  static let table = Table("typed", Self.init, Column("id", \.id))
  static let links = Association("typed_links", from: Typed.self, "a", to: Typed.self, "b")
  static let linked = hasMany(through: links)
}
