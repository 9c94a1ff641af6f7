/// Which operations run on which graphs.
enum Catalogue {
  static func plans(_ options: Options) -> [Plan] {
    let all: [Plan] =
      if let path = options.graph {
        graphPlans(on: .file(path))
      } else if options.isShort {
        short
      } else {
        full
      }
    if options.filters.isEmpty { return all }
    return all.filter { plan in options.filters.contains { plan.name.contains($0) } }
  }

  private static var short: [Plan] {
    let graph = GraphSpec.rmat(scale: 14, draws: 200_000)
    return OneHop.plans(on: graph) + MutualFriends.plans(on: graph)
      + TwoHops.plans(on: graph, sources: 24, classes: [.byFollow], withTop: false)
      + WholeGraph.plans(on: .rmat(scale: 12, draws: 30_000), withSlowPeers: true)
      + CelebrityPages.plans(
        on: .social(users: 60_000, medianFollows: 4, celebrityShare: 0.4))
  }

  private static var full: [Plan] {
    let social = GraphSpec.social(users: 100_000, medianFollows: 16, celebrityShare: 0.2)
    return graphPlans(on: .rmat(scale: 14, draws: 200_000))
      + graphPlans(on: .rmat(scale: 17, draws: 2_200_000))
      + TwoHops.plans(on: .uniform(scale: 17, links: 2_033_853), sources: 256)
      + graphPlans(on: social) + CelebrityPages.plans(on: social)
      + CelebrityPages.plans(on: .celebrity)
      + graphPlans(on: .rmat(scale: 20, draws: 32_000_000))
  }

  /// All that can be asked of follows alone.
  private static func graphPlans(on graph: GraphSpec) -> [Plan] {
    OneHop.plans(on: graph) + MutualFriends.plans(on: graph)
      + TwoHops.plans(on: graph, sources: 256)
      + WholeGraph.plans(on: graph, withSlowPeers: graph.name == "R-MAT 2^14")
  }
}
