import Foundation
import KithFixtures

/// A graph by name: made when it is needed, and let go when the next one is.
struct GraphSpec: Sendable {
  let name: String
  /// How the graph is made, with its seed, for the report.
  let recipe: String
  let make: @Sendable () throws -> Links

  static func rmat(scale: Int, draws: Int) -> GraphSpec {
    GraphSpec(
      name: "R-MAT 2^\(scale)",
      recipe: "R-MAT, 2^\(scale) users, \(draws) draws, .57 .19 .19 .05, seed 1"
    ) {
      var drawn: [UInt64] = []
      drawn.reserveCapacity(draws)
      FollowGraph.forEachRMATDraw(scale: scale, draws: draws, seed: 1) {
        drawn.append(Links.pack($0 - 1, $1 - 1))
      }
      return Links(users: 1 << scale, drawn: drawn)
    }
  }

  /// As many users and about as many links as an R-MAT graph, with ends drawn uniformly.
  static func uniform(scale: Int, links: Int) -> GraphSpec {
    GraphSpec(
      name: "uniform 2^\(scale)",
      recipe: "2^\(scale) users, \(links) draws with uniform ends, seed 2"
    ) {
      var random = SplitMix64(seed: 2)
      var drawn: [UInt64] = []
      while drawn.count < links {
        let (source, target) = (
          random.number(below: 1 << scale), random.number(below: 1 << scale)
        )
        if source != target { drawn.append(Links.pack(source, target)) }
      }
      return Links(users: 1 << scale, drawn: drawn)
    }
  }

  static func social(users: Int, medianFollows: Double, celebrityShare: Double) -> GraphSpec {
    GraphSpec(
      name: "social \(users / 1000)k",
      recipe: """
        social, \(users) users, median \(medianFollows) follows, \
        \(celebrityShare) of the users follow the celebrity, seed 1
        """
    ) {
      Links(
        FollowGraph.social(
          users: users, medianFollows: medianFollows, celebrityShare: celebrityShare, seed: 1
        ).graph)
    }
  }

  /// A celebrity whom a million of 1.2 million users follow; each user follows two others besides.
  static let celebrity = GraphSpec(
    name: "celebrity 1M",
    recipe: "1.2 million users, user 1 followed by 2 to 1,000,001, two uniform follows each, seed 3"
  ) {
    let users = 1_200_000
    var random = SplitMix64(seed: 3)
    var drawn = (1...1_000_000).map { Links.pack($0, 0) }
    for source in 0..<users {
      for _ in 0..<2 {
        let target = random.number(below: users)
        if target != source { drawn.append(Links.pack(source, target)) }
      }
    }
    return Links(users: users, drawn: drawn)
  }

  /// An edge list, by its path.
  static func file(_ path: String) -> GraphSpec {
    GraphSpec(
      name: URL(filePath: path).deletingPathExtension().pathComponents.suffix(2)
        .joined(separator: "/"),
      recipe: "the edge list \(URL(filePath: path).lastPathComponent)"
    ) { try Links(edgeList: path) }
  }
}
