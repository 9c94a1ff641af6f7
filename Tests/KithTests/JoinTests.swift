import Kith
import KithFixtures
import Synchronization
import Testing

@Suite struct `A join of a whole graph` {
  struct User: Row {
    var id: Int
    static let table = Table("users", Self.init, Column("id", \.id))
    static let follows = Association(
      "follows", from: User.self, "follower_id", to: User.self, "followed_id")
    static let following = hasMany(through: follows)
    static let followers = hasMany(through: follows.inverse)
  }

  /// A graph with a few users that many follow, and some users deleted, the first of all among them.
  private static let graph: Graph = {
    do {
      var graph = Graph(
        try Schema {
          User.self
          User.follows
        })
      let sample = FollowGraph.rmat(scale: 9, draws: 6_000, seed: 3)
      try graph.insert(contentsOf: (1...sample.users).map { User(id: $0) })
      try graph.load(User.follows, sample.follows.lazy.map { ($0.source, $0.target) })
      for id in [1, 2, 77, sample.users] { try graph.delete(User.self, id) }
      return graph
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  /// Every join, spread over many small chunks.
  private static var joins: [Join<User, User>] {
    let graph = Self.graph
    let two = graph.join(User.following.following)
    let others = [
      graph.join(User.following), two, two.withoutReturns, two.closed(by: User.following),
      two.open(by: User.following), two.open(by: User.followers).withoutReturns,
      two.closed(by: User.followers).withoutReturns,
      graph.join(User.following).closed(by: User.followers),
      graph.join(User.following.followers.following).closed(by: User.following),
    ]
    return others.map { join in
      var join = join
      join.parallel.leastWork = 100
      return join
    }
  }

  @Test func `counts the same on many threads as on one`() {
    let ids = Array(1...512)
    for join in Self.joins {
      var one = join
      one.parallel.workers = 1
      var many = join
      many.parallel.workers = 4
      #expect(many.count == one.count)
      #expect(many.distinctCount == one.distinctCount)
      #expect(many.counts(from: ids) == one.counts(from: ids))
      #expect(many.counts(from: ids).reduce(0, +) == one.count)
    }
  }

  @Test func `hands out as many paths and pairs as it counts`() {
    for join in Self.joins {
      var paths = 0
      var pairs: Set<[Int]> = []
      var last = 0
      var ascends = true
      join.forEach { source, target in
        paths += 1
        if pairs.count < 20_000 { pairs.insert([source, target]) }
        if source < last { ascends = false }
        last = source
      }
      #expect(paths == join.count)
      #expect(pairs.count == min(join.distinctCount, 20_000))
      #expect(ascends)
    }
  }

  /// Few paths of many rows read keys one by one, many read all of them before.
  @Test func `hands out the same paths whether keys are read before or not`() throws {
    var graph = Graph(
      try Schema {
        User.self
        User.follows
      })
    try graph.insert(contentsOf: (10...40).map { User(id: $0) })
    try graph.delete(User.self, 10)
    var expected: Set<[Int]> = []
    for source in 11...40 {
      try graph.append(source % 30 + 11, to: User.following, of: source)
      expected.insert([source, source % 30 + 11])
      var found: Set<[Int]> = []
      graph.join(User.following).forEach { found.insert([$0, $1]) }
      #expect(found == expected)
    }
  }

  @Test func `ends by the error that its body throws`() {
    struct Enough: Error {}
    for join in Self.joins {
      var paths = 0
      #expect(throws: Enough.self) {
        try join.forEach { _, _ in
          paths += 1
          if paths == 5 { throw Enough() }
        }
      }
      #expect(paths == 5)
    }
  }

  // MARK: Cancellation

  @Test func `does no chunk for a task that is cancelled`() async {
    for join in Self.joins.dropFirst() {
      var join = join
      join.parallel.workers = 2
      let done = Counter()
      join.parallel.didChunk = { done.add() }
      let counted = await cancelled { [join] in join.distinctCount }
      #expect(counted == 0)
      #expect(done.value == 0)
    }
  }

  @Test func `stops after the chunk in which its task is cancelled`() async {
    for join in Self.joins.dropFirst() {
      let whole = join.distinctCount
      let (done, itself) = (Counter(), Handle())
      var join = join
      join.parallel.workers = 1
      join.parallel.didChunk = {
        if done.add() == 3 { itself.task.withLock { $0?.cancel() } }
      }
      let (isKnown, known) = AsyncStream.makeStream(of: Void.self)
      let task = Task { [join] in
        for await _ in isKnown { break }
        return join.distinctCount
      }
      itself.task.withLock { $0 = task }
      known.yield()
      let partial = await task.value
      #expect(done.value == 3)
      #expect(0 < partial && partial < whole)
    }
  }

  @Test func `hands out no path for a task that is cancelled`() async {
    let paths = await cancelled {
      var paths = 0
      Self.graph.join(User.following).forEach { _, _ in paths += 1 }
      return paths
    }
    #expect(paths == 0)
  }

  @Test func `stops among the paths of one source, which may be more than anybody waits for`() async
  {
    var hops = User.following.following
    for _ in 0..<40 { hops = hops.following }
    let join = Self.graph.join(hops)
    let itself = Handle()
    let (isKnown, known) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for await _ in isKnown { break }
      var paths = 0
      join.forEach { _, _ in
        paths += 1
        if paths == 1_000 { itself.task.withLock { $0?.cancel() } }
      }
      return paths
    }
    itself.task.withLock { $0 = task }
    known.yield()
    // The targets of one row, as often as they are handed out at once.
    #expect(await (1_000..<5_000_000).contains(task.value))
  }

  /// What `body` returns in a task that was cancelled before.
  private func cancelled(_ body: @escaping @Sendable () -> Int) async -> Int {
    await withTaskGroup(of: Int.self) { group in
      group.cancelAll()
      group.addTask { body() }
      return await group.reduce(0, +)
    }
  }

  private final class Handle: Sendable {
    let task = Mutex<Task<Int, Never>?>(nil)
  }

  private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    @discardableResult func add() -> Int {
      count.wrappingAdd(1, ordering: .relaxed).newValue
    }
  }
}
