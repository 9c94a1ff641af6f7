import Kith

/// The same graph in the order of insertion and in that of walks along its follows: what the order
/// gains, and what it costs.
///
/// The static CSR has its rows in the order of their keys. Numbered as Kith numbers them it would gain
/// as much; but then somebody has to number it again whenever the graph changes.
enum Compacted {
  /// - Parameter isSmall: Whether the whole graph may be walked, and compacted again and again.
  static func plans(on graph: GraphSpec, sources count: Int, isSmall: Bool) -> [Plan] {
    var plans = [
      plan("primary key", "hit", on: graph, users: { $0.sources(.uniform, 16_384) }) {
        graph, user in
        UInt64(graph.find(User.self, user)?.id ?? 0)
      } csr: { world, csr, user in
        UInt64(csr.slots[user].map { world.links.ids[Int($0)] } ?? 0)
      },
      plan("followers, all ids", "uniform users", on: graph, users: { $0.sources(.uniform, 4096) })
      { graph, user in
        sum(graph[User.self, user].followers.ids)
      } csr: { _, csr, user in
        sum(csr.followers(of: user))
      },
    ]
    for sources in [SourceClass.uniform, .byFollow] {
      plans += [
        plan(
          "two hops, distinct ids", sources.rawValue, on: graph, areJoined: true,
          users: { $0.sources(sources, count) }
        ) { graph, user in
          sum(graph[User.self, user].following.following.ids)
        } csr: {
          _, csr, user in
          sum(csr.distinctTwoHop(from: user))
        },
        whoToFollow(sources, on: graph, sources: count),
      ]
    }
    if isSmall { plans += [distinctPairs(on: graph)] + compactions(on: graph) }
    return plans
  }

  static func whoToFollow(
    _ sources: SourceClass, on graph: GraphSpec, sources count: Int
  ) -> Plan {
    plan(
      "who to follow", sources.rawValue, on: graph, areJoined: true,
      users: { $0.sources(sources, count) }
    ) { graph, user in
      Checksum.of(User.whoToFollow(user, graph, limit: TwoHops.limit))
    } csr: { _, csr, user in
      Checksum.of(csr.whoToFollow(user, limit: TwoHops.limit))
    }
  }

  /// - Parameter areJoined: Whether the calls join two hops.
  private static func plan(
    _ operation: String, _ sources: String, on graph: GraphSpec, areJoined: Bool = false,
    users: @escaping (World) -> [Int],
    kith: @escaping (Graph, Int) -> UInt64, csr: @escaping (World, StaticCSR, Int) -> UInt64
  ) -> Plan {
    Plan("compacted: \(operation)", sources, on: graph) { world in
      let users = users(world)
      let (graph, compacted) = (try world.graph(), try world.compactedGraph())
      let flat = world.csr()
      return Case(
        calls: users.count,
        sides: [
          .calls(.kith, over: users) { kith(compacted, $0) },
          .calls(.kithInOrder, over: users) { kith(graph, $0) },
          .calls(.csr, over: users) { csr(world, flat, $0) },
        ], joinedEdges: areJoined ? world.joinedEdges(from: users) : 0)
    }
  }

  private static func distinctPairs(on graph: GraphSpec) -> Plan {
    Plan("compacted: whole graph, distinct pairs", on: graph) { world in
      let (graph, compacted) = (try world.graph(), try world.compactedGraph())
      let csr = world.csr()
      return Case(
        calls: 1,
        sides: [
          .blockOnOneCore(.kith) {
            UInt64(compacted.join(User.following.following).distinctCount)
          },
          .blockOnOneCore(.kithInOrder) {
            UInt64(graph.join(User.following.following).distinctCount)
          },
          .block(.csr) { UInt64(csr.allDistinctCount) },
        ], joinedEdges: csr.allPathCount)
    }
  }

  /// What it takes to compact a graph.
  private static func compactions(on graph: GraphSpec) -> [Plan] {
    [
      Plan("compact", "in order, per follow", on: graph) { world in
        try compaction(world) { try $0.compact() }
      },
      Plan("compact", "along follows, per follow", on: graph) { world in
        try compaction(world) { try $0.compact(along: User.following) }
      },
    ]
  }

  private static func compaction(
    _ world: World, _ compact: @escaping (inout Graph) throws -> Void
  ) throws -> Case {
    let graph = try world.graph()
    return Case(
      calls: world.links.count,
      sides: [
        .block(.kith) {
          var copy = graph
          try compact(&copy)
          return UInt64(copy.statistics["follows"]?.count ?? 0)
        }
      ])
  }

  /// A checksum that does not depend on the order of ids.
  private static func sum(_ ids: some Sequence<Int>) -> UInt64 {
    ids.reduce(0) { $0 &+ Checksum.of(CollectionOfOne($1)) }
  }
}
