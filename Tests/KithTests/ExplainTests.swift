import Kith
import Synchronization
import Testing

/// Plans as texts: they say what is done, which depends on how many rows are asked for.
@Suite struct `An explained query` {
  private struct Team: Row {
    var id: Int
    static let table = Table("teams", Self.init, Column("id", \.id))
    static let members = hasMany(\Member.team)
  }

  private struct Member: Row {
    var id: Int
    var team: Team.ID
    var city: String
    var joined: Int
    static let table = Table(
      "members", Self.init,
      Column("id", \.id),
      Column("team_id", \.team, references: Team.self),
      Column("city", \.city).indexed(),
      Column("joined", \.joined).indexed())
    static let side = belongsTo(Team.self, \.team)
  }

  /// One team of 300 members: a third of them lives in Aba, five in Bor and the others in Cis. Who came last
  /// joined first.
  private static func graph() throws -> Graph {
    var graph = Graph(
      try Schema {
        Team.self
        Member.self
      })
    try graph.insert(Team(id: 1))
    for id in 0..<300 {
      let city = id % 3 == 0 ? "Aba" : id % 60 == 1 ? "Bor" : "Cis"
      try graph.insert(Member(id: id, team: 1, city: city, joined: 300 - id))
    }
    return graph
  }

  @Test func `names the index of a filter only if all rows it finds are asked for`() throws {
    let aba = try Self.graph()[Member.self].filter(\.city == "Aba")
    #expect(
      aba.explain() == """
        filter city == "Aba", index ix_members_city (estimated 100, actual 100)
          all of members (estimated 300, actual 300)
        """)
    #expect(
      aba.prefix(3).explain() == """
        rows 0..<3 (estimated 3, actual 3)
          filter city == "Aba" (estimated 100, actual 100)
            all of members (estimated 300, actual 300)
        """)
    #expect(aba.dropFirst(90).prefix(10).explain().contains("index ix_members_city"))
  }

  @Test func `names the index that orders rows only if some of them are asked for`() throws {
    let sorted = try Self.graph()[Member.self].filter(\.city == "Aba").sorted(by: \.joined)
    #expect(
      sorted.explain() == """
        sort by joined ascending (estimated 100, actual 100)
          filter city == "Aba", index ix_members_city (estimated 100, actual 100)
            all of members (estimated 300, actual 300)
        """)
    #expect(
      sorted.prefix(3).explain() == """
        rows 0..<3 (estimated 3, actual 3)
          in order of joined ascending, index ix_members_joined (estimated 100, actual 100)
            filter city == "Aba" (estimated 100, actual 100)
              all of members (estimated 300, actual 300)
        """)
  }

  @Test func `says that rows stand in the order of their keys`() throws {
    let members = try Self.graph()[Member.self]
    #expect(
      members.sorted(by: \.id, .descending).explain() == """
        in order of id descending, as inserted (estimated 300, actual 300)
          all of members (estimated 300, actual 300)
        """)
    #expect(
      members.filter(\.city == "Aba").sorted(by: \.id).explain().hasPrefix("sort by id ascending"))
  }

  @Test func `says that rows are tested while others are read`() throws {
    let graph = try Self.graph()
    let others = graph[Member.self].filter(\.city == "Cis").excluding(2, 4)
    #expect(
      others.prefix(2).explain() == """
        rows 0..<2 (estimated 2, actual 2)
          subtracting: a test of each row (estimated 195, actual 193)
            filter city == "Cis" (estimated 195, actual 195)
              all of members (estimated 300, actual 300)
            2 of members by key (estimated 2, actual 2)
        """)
    #expect(others.explain().hasPrefix("subtracting: kernel merge of sorted runs"))
    let few = graph[Member.self, [1, 2, 3]]
    #expect(
      few.intersection(graph[Team.self, 1].members).explain()
        .hasPrefix("intersection: a look-up of each row (estimated 3, actual 3)"))
  }

  @Test func `estimates what an index finds among linked rows`() throws {
    let graph = try Self.graph()
    #expect(
      graph[Team.self, 1].members.filter(\.city == "Bor").explain() == """
        filter city == "Bor", index ix_members_city (estimated 5, actual 5)
          hop members.team_id (inverse): kernel run, one source (estimated 300, actual 300)
            1 of teams by key (estimated 1, actual 1)
        """)
  }

  @Test func `says how the paths of a ranking are counted`() throws {
    let nodes = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 6), (2, 7), (3, 5), (3, 4)]
    let graph = try Feed.graph(users: 7, follows: nodes)
    let following = graph[User.self, 1].following
    func counting(_ query: Query<User>) -> String {
      query.ranked().explain().prefix { $0 != "," && $0 != "\n" }.description
    }
    #expect(counting(following) == "ranked: kernel top-paths")
    #expect(counting(following.following) == "ranked: kernel top-paths")
    #expect(counting(graph[User.self, [1, 2]].following) == "ranked: kernel top-paths")
    #expect(counting(following.following.following) == "ranked: kernel path-counts")
    let both = following.union(following.following)
    #expect(both.ranked().first?.paths == 2)
    #expect(counting(both) == "ranked: kernel path-counts")
    #expect(counting(graph[User.self].filter(\.id > 3)) == "ranked: one path a row")
    #expect(counting(following.prefix(2)) == "ranked: one path a row")
  }

  @Test func `says that an index finds the rows of which each is ranked once`() throws {
    let bor = try Self.graph()[Member.self].filter(\.city == "Bor")
    #expect(
      bor.ranked().explain() == """
        ranked: one path a row
          filter city == "Bor", index ix_members_city (estimated 5, actual 5)
            all of members (estimated 300, actual 300)
        """)
  }

  @Test func `tests only what an index finds before paths are counted`() throws {
    let members = try Self.graph()[Member.self]
    let tested = Atomic(0)
    let counted = members.filter { _ in
      tested.add(1, ordering: .relaxed)
      return true
    }
    let bor = counted.filter(\.city == "Bor")
    #expect(bor.side.ranked().prefix(3).map(\.paths) == [5])
    #expect(bor.side.ranked().map(\.paths) == [5])
    #expect(bor.side.members.ranked().prefix(1).map(\.paths) == [5])
    #expect(bor.ranked().map(\.id) == [1, 61, 121, 181, 241])
    #expect(bor.excluding(1).ranked().prefix(2).map(\.id) == [61, 121])
    // Five rows for each ranking, and not three hundred.
    #expect(tested.load(ordering: .relaxed) < 60)
  }
}
