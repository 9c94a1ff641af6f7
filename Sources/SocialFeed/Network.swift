import Kith
import KithFixtures

/// A loaded network, and what loading it took.
struct Network {
  let graph: Graph
  let report: LoadReport
  /// From text to queryable, without the generated posts.
  let loadTime: Duration

  /// Loads the follows that the options name, and generates posts.
  init(_ options: Options) throws {
    let store = GraphStore(
      try Schema {
        User.self
        Post.self
        User.follows
      })
    let list =
      options.follows.map { TextSource(path: $0) }
      ?? TextSource(bytes: Fixture.karateClub, name: "the karate club")
    let undirected = options.undirected || options.follows == nil
    let progress = ProgressLine()
    defer { progress.clear() }
    let clock = ContinuousClock()
    let start = clock.now
    report = try store.write { graph in
      try graph.load(
        User.follows, edgeList: list, undirected: undirected, progress: progress.show
      ) { User(id: $0) }
    }
    loadTime = clock.now - start
    try store.write { graph in
      let users = graph[User.self].ids
      try graph.insert(contentsOf: Post.generated(for: users, perUser: options.postsPerUser))
    }
    graph = store.snapshot
  }

  /// The user who follows most, the one with the smallest id of several; nil if there is none.
  var mostFollowing: User.ID? {
    graph[User.self].sorted(by: User.following.count, .descending).first?.id
  }
}
