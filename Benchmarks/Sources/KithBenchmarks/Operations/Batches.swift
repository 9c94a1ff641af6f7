import Kith

/// Two-hop paths counted from many sources in one call.
enum Batches {
  /// SQLite walks all paths to count them; larger batches are left out.
  static let mostOfSQLite = 64

  static func plans(on graph: GraphSpec) -> [Plan] {
    [64, 4096].map { size in
      Plan("two hops, paths counted from a batch", "\(size) by follow", on: graph) {
        try batch($0, size)
      }
    }
  }

  private static func batch(_ world: World, _ size: Int) throws -> Case {
    let users = world.sources(.byFollow, size)
    let graph = try world.graph()
    let (csr, dictionary) = (world.csr(), world.dictionary())
    var sides: [Side] = [
      .block(.kith) {
        Checksum.of(graph.join(User.following.following).counts(from: users))
      },
      .block(.csr) { Checksum.of(users.lazy.map { csr.pathCount(from: $0) }) },
      .block(.dictionary) { Checksum.of(users.lazy.map { dictionary.pathCount(from: $0) }) },
    ]
    if size <= mostOfSQLite {
      let sqlite = try world.sqlite()
      sides.append(
        .block(.sqlite) {
          var checksum = Checksum()
          for user in users { checksum.add(try sqlite.pathCount(from: user)) }
          return checksum.value
        })
    }
    return Case(calls: size, sides: sides, countedEdges: world.joinedEdges(from: users))
  }
}
