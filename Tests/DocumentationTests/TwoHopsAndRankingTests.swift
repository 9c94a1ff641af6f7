import Kith
import Testing

@Suite struct `The article on two hops` {
  // 1 → 2, 3, 4; 2 → 3, 6, 7; 3 → 4, 5; 4 → 7; 7 → 1
  private let follows = [
    (1, 2), (1, 3), (1, 4), (2, 3), (2, 6), (2, 7), (3, 4), (3, 5), (4, 7), (7, 1),
  ]

  @Test func `tells a set from paths`() throws {
    let graph = try Network.graph(users: 7, follows: follows)
    let set = graph[User.self, 1].following.following.ids  // [3, 4, 5, 6, 7]
    let paths = graph[User.self, 1].following.following.ranked().map { ($0.id, $0.paths) }
    // [(7, 2), (3, 1), (4, 1), (5, 1), (6, 1)]
    #expect(set == [3, 4, 5, 6, 7])
    #expect(paths.map { [$0, $1] } == [[7, 2], [3, 1], [4, 1], [5, 1], [6, 1]])
  }

  @Test func `suggests whom to follow, with reasons and the plan`() throws {
    let graph = try Network.graph(users: 7, follows: follows)
    let me = graph[User.self, 1]
    let suggestions = me.following.following
      .subtracting(me.following).excluding(1)
      .ranked().prefix(10)
    #expect(suggestions.map(\.id) == [7, 5, 6])
    var lines: [String] = []
    for suggestion in suggestions {
      let between = me.following.intersection(graph[User.self, suggestion.id].followers)
      let (shown, others) = between.summary(showing: 1)
      lines.append("\(suggestion.id): \(shown.map(\.handle)) and \(others) others")
    }
    // 7: ["user2"] and 1 others
    // 5: ["user3"] and 0 others
    // 6: ["user2"] and 0 others
    #expect(
      lines == [
        #"7: ["user2"] and 1 others"#, #"5: ["user3"] and 0 others"#, #"6: ["user2"] and 0 others"#,
      ])
    let plan = me.following.following.subtracting(me.following).excluding(1).ranked().explain()
    #expect(plan == (try Catalogue.outputs("TwoHopsAndRanking")[1]))
  }

  @Test func `finds mutual friends`() throws {
    let graph = try Network.graph(users: 7, follows: follows + [(1, 7)])
    let mutual = graph[User.self, 7].following.intersection(graph[User.self, 7].followers)
    let common = graph[User.self, 1].following.intersection(graph[User.self, 2].following)
    let either = graph[User.self, 1].following.union(graph[User.self, 2].following)
    #expect(mutual.ids == [1])
    #expect(common.ids == [3, 7])
    #expect(either.ids == [2, 3, 4, 6, 7])
    let without = try Network.graph(users: 7, follows: follows)
    #expect(
      without[User.self, 1].following.intersection(without[User.self, 2].following).ids == [3])
  }

  @Test func `walks any number of hops`() throws {
    let graph = try Network.graph(users: 7, follows: follows)
    let near = graph[User.self, 4].reachable(through: User.following, within: 1...3).ids
    let all = graph[User.self, 4].reachable(through: User.following).count
    let steps = graph.distance(from: 4, to: 5, through: User.following)
    let route = graph.shortestPath(from: 4, to: 5, through: User.following)
    #expect(near == [1, 2, 3, 7])
    #expect(all == 6)
    #expect(steps == 4)
    #expect(route == [4, 7, 1, 3, 5])
    #expect(graph.distance(from: 5, to: 1, through: User.following) == nil)
    #expect(graph.shortestPath(from: 5, to: 1, through: User.following) == nil)
  }

  @Test func `joins over the whole graph`() throws {
    let graph = try Network.graph(users: 7, follows: follows)
    let join = graph.join(User.following.following)
    let pathCount = join.count  // 14
    let pairCount = join.distinctCount  // 13
    let fromSome = join.counts(from: [1, 4, 5])  // [6, 1, 0]
    #expect(pathCount == 14 && pairCount == 13)
    #expect(fromSome == [6, 1, 0])
    let closed = join.closed(by: User.following).count  // 2: 1 → 2 → 3 and 1 → 3 → 4
    let open = join.open(by: User.following).count  // 12
    let cycles = join.closed(by: User.followers).count  // 6: two triangles, from each corner
    let returning = join.count - join.withoutReturns.count  // 0: nobody follows each other
    #expect(closed == 2 && open == 12 && cycles == 6 && returning == 0)
  }

  @Test func `puts rows into the order of walks`() throws {
    let graph = try Network.graph(users: 7, follows: follows)
    var compacted = graph
    try compacted.compact(along: User.following)
    let order = compacted[User.self].ids  // [3, 4, 5, 7, 1, 2, 6]
    #expect(order == [3, 4, 5, 7, 1, 2, 6])
    #expect(
      compacted[User.self, 1].following.following.ranked().map(\.id)
        == graph[User.self, 1].following.following.ranked().map(\.id))
  }
}
