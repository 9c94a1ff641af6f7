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
    let small = GraphSpec.rmat(scale: 12, draws: 30_000)
    return OneHop.plans(on: graph) + MutualFriends.plans(on: graph)
      + TwoHops.plans(on: graph, sources: 24, classes: [.byFollow], withTop: false)
      + Compacted.plans(on: graph, sources: 24, isSmall: true)
      + Batches.plans(on: graph) + BesideWriter.plans(on: graph, sources: 24)
      + OnDisk.plans(on: graph, commits: 200, sources: 24)
      + Changing.plans(on: graph, follows: 10_000)
      + WholeGraph.plans(on: small) + Sizes.plans(on: small, withChurn: true)
      + Loading.plans(on: small) + LinkBench.plans(on: small)
      + CelebrityPages.plans(
        on: .social(users: 60_000, medianFollows: 4, celebrityShare: 0.4))
      + Changing.celebrityPlans(
        on: .social(users: 60_000, medianFollows: 4, celebrityShare: 0.4))
      + CoEnrolment.plans(School(students: 20_000, courses: 500, perStudent: 5))
      + Feed.plans(authors: 30_000, posts: 100_000)
      + WritingRows.plans(authors: 30_000, posts: 100_000, count: 10_000, commits: 500)
      + ManyKeys.plans(1_000_000, dense: [false])
  }

  private static var full: [Plan] {
    let social = GraphSpec.social(users: 100_000, medianFollows: 16, celebrityShare: 0.2)
    return graphPlans(on: .rmat(scale: 14, draws: 200_000))
      + LinkBench.plans(on: .rmat(scale: 14, draws: 200_000))
      + graphPlans(on: .rmat(scale: 17, draws: 2_200_000))
      + TwoHops.plans(on: .uniform(scale: 17, links: 2_033_853), sources: 256)
      + graphPlans(on: social) + CelebrityPages.plans(on: social)
      + CelebrityPages.plans(on: .celebrity) + Changing.celebrityPlans(on: .celebrity)
      + CoEnrolment.plans(School(students: 20_000, courses: 500, perStudent: 5))
      + Feed.plans(authors: 100_000, posts: 1_000_000)
      + WritingRows.plans(authors: 100_000, posts: 1_000_000, count: 100_000, commits: 5_000)
      + Feed.plans(authors: 100_000, posts: 10_000_000)
      + ManyKeys.plans(1_000_000) + ManyKeys.plans(10_000_000)
      + [12, 16, 18].flatMap { sizePlans(on: .rmat(scale: $0, draws: 17 << $0)) }
      + graphPlans(on: .rmat(scale: 20, draws: 32_000_000), isSmall: false)
  }

  /// What shows how throughput depends on the size of a graph.
  private static func sizePlans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("who to follow", SourceClass.byFollow.rawValue, on: graph) {
        try TwoHops.whoToFollow($0, $0.sources(.byFollow, 128))
      },
      Compacted.whoToFollow(.byFollow, on: graph, sources: 128),
    ]
  }

  /// All that can be asked of follows alone.
  ///
  /// - Parameter isSmall: Whether it is small enough to be loaded again and again.
  private static func graphPlans(on graph: GraphSpec, isSmall: Bool = true) -> [Plan] {
    OneHop.plans(on: graph) + MutualFriends.plans(on: graph)
      + TwoHops.plans(on: graph, sources: isSmall ? 128 : 64)
      + Batches.plans(on: graph) + BesideWriter.plans(on: graph, sources: 256)
      + OnDisk.plans(on: graph, commits: 2_000, sources: 256)
      + Compacted.plans(on: graph, sources: isSmall ? 128 : 64, isSmall: isSmall)
      + Sizes.plans(on: graph, withChurn: isSmall) + (isSmall ? Loading.plans(on: graph) : [])
      + Changing.plans(on: graph, follows: 100_000)
      + (isSmall ? WholeGraph.plans(on: graph) : [WholeGraph.countPlan(on: graph)])
  }
}
