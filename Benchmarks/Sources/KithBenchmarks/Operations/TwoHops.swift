import Kith

/// The join of two hops from one user, in the forms in which it is asked for.
enum TwoHops {
  static let limit = 10

  /// - Parameters:
  ///   - classes: The sources of all forms but the last, who to follow, which takes every class.
  ///   - withTop: Whether to ask for those who follow most, which takes long.
  static func plans(
    on graph: GraphSpec, sources count: Int,
    classes: [SourceClass] = [.uniform, .byFollow, .top], withTop: Bool = true
  ) -> [Plan] {
    var plans: [Plan] = []
    for sourceClass in classes {
      let name = sourceClass.rawValue
      plans += [
        Plan("two hops, paths counted", name, on: graph) {
          try paths($0, $0.sources(sourceClass, count))
        },
        Plan("two hops, distinct ids", name, on: graph) {
          try distinct($0, $0.sources(sourceClass, count))
        },
        Plan("two hops, all ranked", name, on: graph) {
          try ranked($0, $0.sources(sourceClass, count))
        },
      ]
    }
    plans += SourceClass.allCases.filter { withTop || $0 != .top }.map { sourceClass in
      Plan("who to follow", sourceClass.rawValue, on: graph) {
        try whoToFollow($0, $0.sources(sourceClass, count))
      }
    }
    return plans
  }

  static func whoToFollow(_ world: World, _ users: [Int]) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) { Checksum.of(User.whoToFollow($0, graph, limit: limit)) },
        .calls(.csr, over: users) { Checksum.of(csr.whoToFollow($0, limit: limit)) },
        .calls(.dictionary, over: users) { Checksum.of(dictionary.whoToFollow($0, limit: limit)) },
        .calls(.sqlite, over: users) { Checksum.of(try sqlite.whoToFollow($0, limit: limit)) },
      ], joinedEdges: world.joinedEdges(from: users))
  }

  private static func distinct(_ world: World, _ users: [Int]) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) { Checksum.of(graph[User.self, $0].following.following.ids) },
        .calls(.csr, over: users) { Checksum.of(csr.distinctTwoHop(from: $0)) },
        .calls(.dictionary, over: users) { Checksum.of(dictionary.distinctTwoHop(from: $0)) },
        .calls(.sqlite, over: users) { Checksum.of(try sqlite.distinctTwoHop(from: $0)) },
      ], joinedEdges: world.joinedEdges(from: users))
  }

  private static func ranked(_ world: World, _ users: [Int]) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) {
          var checksum = Checksum()
          for entry in graph[User.self, $0].following.following.ranked() {
            checksum.add(entry.id)
            checksum.add(entry.paths)
          }
          return checksum.value
        },
        .calls(.csr, over: users) { Checksum.of(csr.rankedTwoHop(from: $0)) },
        .calls(.dictionary, over: users) { Checksum.of(dictionary.rankedTwoHop(from: $0)) },
        .calls(.sqlite, over: users) { Checksum.of(try sqlite.rankedTwoHop(from: $0)) },
      ], joinedEdges: world.joinedEdges(from: users))
  }

  private static func paths(_ world: World, _ users: [Int]) throws -> Case {
    let graph = try world.graph()
    let (csr, dictionary, sqlite) = (world.csr(), world.dictionary(), try world.sqlite())
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) { user in
          Checksum.of(graph.join(User.following.following).counts(from: CollectionOfOne(user)))
        },
        .calls(.csr, over: users) { Checksum.of(CollectionOfOne(csr.pathCount(from: $0))) },
        .calls(.dictionary, over: users) {
          Checksum.of(CollectionOfOne(dictionary.pathCount(from: $0)))
        },
        .calls(.sqlite, over: users) {
          Checksum.of(CollectionOfOne(try sqlite.pathCount(from: $0)))
        },
      ], countedEdges: world.joinedEdges(from: users))
  }
}
