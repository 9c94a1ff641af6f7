import Kith

/// What the command found out about a network and one of its users, and what each question took.
struct Findings {
  let users: Int
  let follows: Int
  /// What loading the follows came to.
  let report: LoadReport
  let twoHopPaths: Int
  /// Figures over the whole graph; nil when they were not asked for.
  private(set) var wholeGraph: WholeGraph?
  /// The user whose view this is; nil in an empty network.
  let user: User.ID?
  private(set) var following = 0
  private(set) var followers = 0
  private(set) var someFollowers: [User.ID] = []
  private(set) var suggestions: [Ranked<User>] = []
  private(set) var feed: [Post] = []
  private(set) var times: Times

  struct WholeGraph {
    /// Pairs of different users with at least one path of two follows between them.
    let distinctTwoHopPairs: Int
    /// Pairs of users who follow each other.
    let mutualPairs: Int
  }

  struct Times {
    var load: Duration
    var suggest: Duration = .zero
    var feed: Duration = .zero
    var join: Duration = .zero
  }

  /// Asks the questions.
  ///
  /// - Throws: `UsageError` if the user that the options name is not in the network.
  init(_ network: Network, _ options: Options) throws {
    let graph = network.graph
    if let id = options.user, graph.find(User.self, id) == nil {
      throw UsageError("there is no user \(id)")
    }
    user = options.user ?? network.mostFollowing
    users = graph[User.self].count
    follows = graph.join(User.following).count
    report = network.report
    times = Times(load: network.loadTime)
    let clock = ContinuousClock()
    let joinStart = clock.now
    let twoHops = graph.join(User.following.following)
    twoHopPaths = twoHops.count
    if options.json || options.wholeGraph {
      wholeGraph = WholeGraph(
        distinctTwoHopPairs: twoHops.withoutReturns.distinctCount,
        mutualPairs: graph.join(User.following).closed(by: User.followers).count / 2)
    }
    times.join = clock.now - joinStart
    guard let user else { return }

    let one = graph[User.self, user]
    following = one.following.count
    followers = one.followers.count
    someFollowers = one.followers.prefix(options.limit).ids
    times.suggest = clock.measure {
      suggestions = one.following.following.subtracting(one.following).excluding(user)
        .ranked().prefix(options.limit)
    }
    times.feed = try clock.measure {
      feed = try one.following.posts.sorted(by: \.createdAt, .descending)
        .page(size: options.limit).rows
    }
  }
}
