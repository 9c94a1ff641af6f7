import Foundation
import Kith
import KithFixtures
import Synchronization

/// Follows that are kept on a disk, beside SQLite with a write-ahead log.
enum OnDisk {
  /// - Parameters:
  ///   - commits: How many commits a block makes.
  ///   - sources: How many users ask whom to follow, beside a checkpoint.
  static func plans(on graph: GraphSpec, commits: Int, sources: Int) -> [Plan] {
    [
      Plan("open a store", "from its checkpoint, per follow", on: graph, opening),
      Plan("commit to disk, relaxed", "1 follow, synchronous=NORMAL", on: graph) {
        try relaxed($0, commits)
      },
      Plan("commit to disk, full", "1 follow, 4 threads, synchronous=FULL", on: graph) {
        try full($0, commits)
      },
      Plan("who to follow, beside a checkpoint", "by follow", on: graph) {
        try besideCheckpoint($0, sources)
      },
    ]
  }

  // MARK: Opening

  private static func opening(_ world: World) throws -> Case {
    let disk = try DiskFollows(world, .relaxed())
    let schema = disk.store.snapshot.schema
    let bytes = try disk.folder.bytes(in: DiskFollows.name, "checkpoint-")
    disk.close()
    let path = disk.folder.path("follows.tsv")
    try Loading.shuffled(world.links).map { "\($0.0)\t\($0.1)\n" }.joined()
      .write(toFile: path, atomically: false, encoding: .utf8)
    // What was opened is closed outside of the time.
    let opened = Opened()
    return Case(
      calls: world.links.count,
      sides: [
        .block(.kith, prepare: { opened.store = nil }) {
          let store = try GraphStore(schema, at: disk.url)
          opened.store = store
          return UInt64(store.snapshot.join(User.following).count)
        },
        .block(.kithText, prepare: { opened.graph = nil }) {
          var graph = Graph(schema)
          try graph.load(User.follows, edgeList: TextSource(path: path)) { User(id: $0) }
          opened.graph = graph
          return UInt64(graph.join(User.following).count)
        },
      ],
      findings: {
        opened.store = nil
        let seconds = try best {
          opened.store = try GraphStore(schema, at: disk.url)
        } after: {
          opened.store = nil
        }
        return [
          ("size of a checkpoint", Double(bytes) / Double(world.links.count), "bytes a follow"),
          ("opening a checkpoint, best of five", Double(bytes) / seconds / 1e6, "MB/s"),
        ]
      })
  }

  /// The least time of five.
  private static func best(_ body: () throws -> Void, after: () -> Void) rethrows -> Double {
    try (0..<5).map { _ in
      defer { after() }
      return try timed(body).seconds
    }.min() ?? 0
  }

  // MARK: Committing

  private static func relaxed(_ world: World, _ commits: Int) throws -> Case {
    let pairs = world.newFollows(commits)
    let kith = try DiskFollows(world, .relaxed())
    let sqlite = try SQLiteFile(world, synchronous: "NORMAL", connections: 1)
    return Case(
      calls: pairs.count,
      sides: [
        .calls(.kith, over: pairs, prepare: { try kith.remove(pairs) }) {
          UInt64(try kith.append($0))
        },
        .calls(.sqlite, over: pairs, prepare: { try sqlite.remove(pairs) }) {
          UInt64(try sqlite.append($0, on: 0))
        },
      ],
      findings: {
        try kith.remove(pairs)
        try kith.store.checkpoint()
        let before = try kith.folder.bytes(in: DiskFollows.name, "log-")
        for pair in pairs { _ = try kith.append(pair) }
        let after = try kith.folder.bytes(in: DiskFollows.name, "log-")
        return [
          (
            "log, one follow a commit", Double(after - before) / Double(pairs.count),
            "bytes a follow"
          )
        ]
      })
  }

  private static let threads = 4

  /// Each thread commits its share of the follows, one by one; each has a connection of its own.
  private static func full(_ world: World, _ commits: Int) throws -> Case {
    let pairs = world.newFollows(commits / threads * threads)
    let shares = (0..<threads).map { thread in
      stride(from: thread, to: pairs.count, by: threads).map { pairs[$0] }
    }
    let kith = try DiskFollows(world, .full)
    let sqlite = try SQLiteFile(world, synchronous: "FULL", connections: threads)
    return Case(
      calls: pairs.count,
      sides: [
        .block(.kith, prepare: { try kith.remove(pairs) }) {
          try onThreads(shares) { _, pair in try kith.append(pair) }
        },
        .block(.sqlite, prepare: { try sqlite.remove(pairs) }) {
          try onThreads(shares) { thread, pair in try sqlite.append(pair, on: thread) }
        },
      ])
  }

  /// Commits each share on a thread of its own.
  ///
  /// - Returns: How many follows were new.
  private static func onThreads(
    _ shares: [[(Int, Int)]], _ commit: @escaping @Sendable (Int, (Int, Int)) throws -> Int
  ) throws -> UInt64 {
    let group = DispatchGroup()
    let run = Shares(shares: shares, commit: commit)
    let result = Results()
    for thread in shares.indices {
      group.enter()
      Thread.detachNewThread {
        result.add { try run.all(of: thread) }
        group.leave()
      }
    }
    group.wait()
    return try result.sum()
  }

  // MARK: Reading

  /// The same reads alone, while the store writes its whole graph to the disk, and while another
  /// does, which shares nothing with it: what that costs is the machine's doing.
  private static func besideCheckpoint(_ world: World, _ count: Int) throws -> Case {
    let users = world.sources(.byFollow, count)
    let (kith, other) = (try DiskFollows(world, .relaxed()), try DiskFollows(world, .relaxed()))
    let graph = kith.store.snapshot
    let pair = world.newFollows(1)
    let tails = (0..<3).map { _ in Tail() }
    let read = Side.calls(.kith, over: users) { user in
      Checksum.of(User.whoToFollow(user, graph, limit: TwoHops.limit))
    }
    func beside(_ peer: Peer, _ tail: Tail, _ written: DiskFollows) -> Side {
      Side(peer: peer, prepare: {}) { laps in
        let checkpoints = Checkpoints(written, pair)
        defer { checkpoints.stop() }
        return try tail.add(&laps, read)
      }
    }
    return Case(
      calls: users.count,
      sides: [
        Side(peer: .kith, prepare: {}) { laps in try tails[0].add(&laps, read) },
        beside(.kithCheckpoint, tails[1], kith),
        beside(.kithCheckpointElsewhere, tails[2], other),
      ],
      joinedEdges: world.joinedEdges(from: users),
      findings: {
        [
          ("p99 beside a checkpoint", tails[1].p99 / tails[0].p99, "times that alone"),
          ("p99 beside a checkpoint elsewhere", tails[2].p99 / tails[0].p99, "times that alone"),
          ("p50 beside a checkpoint", tails[1].p50 / tails[0].p50, "times that alone"),
        ]
      })
  }
}

/// What was read, until the next round.
private final class Opened {
  var store: GraphStore?
  var graph: Graph?
}

/// Follows that threads commit, a share each.
private struct Shares: Sendable {
  let shares: [[(Int, Int)]]
  let commit: @Sendable (Int, (Int, Int)) throws -> Int

  func all(of thread: Int) throws -> Int {
    try shares[thread].reduce(0) { try $0 + commit(thread, $1) }
  }
}

/// What threads have done, or the first thing that went wrong.
private final class Results: Sendable {
  private let state = Mutex<(sum: Int, failure: String?)>((0, nil))

  func add(_ body: () throws -> Int) {
    do {
      let count = try body()
      state.withLock { $0.sum += count }
    } catch {
      state.withLock { $0.failure = $0.failure ?? "\(error)" }
    }
  }

  func sum() throws -> UInt64 {
    try state.withLock { state in
      if let failure = state.failure { throw SuiteFailure(description: failure) }
      return UInt64(state.sum)
    }
  }
}

/// The times of single calls over all rounds.
private final class Tail {
  private var times: [Double] = []

  /// Does a block, and keeps what its calls took.
  func add(_ laps: inout Laps, _ side: Side) throws -> UInt64 {
    let answer = try side.run(&laps)
    times += laps.parts.map(Double.init)
    return answer
  }

  var p99: Double { percentile(times.sorted(), 0.99) }
  var p50: Double { percentile(times.sorted(), 0.5) }
}

/// A thread that writes checkpoints until it is told to stop.
private final class Checkpoints: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)

  init(_ follows: DiskFollows, _ pair: [(Int, Int)]) {
    let store = follows.store
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        // Without a commit there would be nothing to write.
        try? store.write { graph in
          for (source, target) in pair
          where try !graph.append(target, to: User.following, of: source) {
            graph.remove(target, from: User.following, of: source)
          }
        }
        try? store.checkpoint()
      }
      ended.signal()
    }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    ended.wait()
  }
}
