import Kith
import KithFixtures

/// Follows that come and go.
enum Changing {
  static func plans(on graph: GraphSpec, follows count: Int) -> [Plan] {
    [
      Plan("insert \(count) follows", "one transaction", on: graph) {
        try oneTransaction($0, count, inserting: true)
      },
      Plan("remove \(count) follows", "one transaction", on: graph) {
        try oneTransaction($0, count, inserting: false)
      },
    ]
      + [1, 10, 100, 1000].map { size in
        Plan("commit beside a snapshot", "\(size) follows", on: graph) { world in
          let commits = max(count / 100 / size, 4)
          let new = world.newFollows(commits * size)
          let pairs = stride(from: 0, to: new.count, by: size).map {
            Array(new[$0..<min($0 + size, new.count)])
          }
          return try committing(world, pairs, "\(size) follows")
        }
      }
  }

  /// One follow a commit, all of the same user.
  static func celebrityPlans(on graph: GraphSpec) -> [Plan] {
    [
      Plan("commit beside a snapshot", "a celebrity gains followers", on: graph) {
        try gaining($0, $0.mostFirst($0.inDegrees)[0], "a celebrity gains one")
      },
      Plan("commit beside a snapshot", "a user with ten gains followers", on: graph) { world in
        let ten = world.inDegrees.firstIndex { $0 >= 10 } ?? 0
        return try gaining(world, world.links.ids[ten], "a user with ten gains one")
      },
    ]
  }

  private static func gaining(_ world: World, _ user: Int, _ what: String) throws -> Case {
    let csr = world.csr()
    let sources = world.links.ids.lazy
      .filter { $0 != user && !csr.isFollowing($0, user) }.suffix(200)
    return try committing(world, sources.map { [($0, user)] }, what)
  }

  /// Before each round the follows are taken out again, or put back, outside of the time.
  private static func oneTransaction(
    _ world: World, _ count: Int, inserting: Bool
  ) throws -> Case {
    let pairs = world.newFollows(count)
    let store = try GraphStore(try world.graph())
    let dictionary = DictionaryGraph(world.links)
    let sqlite = try world.sqlite()
    let sides: [any Changeable] = [
      KithFollows(store: store), DictionaryFollows(graph: dictionary), SQLiteFollows(graph: sqlite),
    ]
    let before = inserting ? Changes(remove: pairs) : Changes(insert: pairs)
    let timed = inserting ? Changes(insert: pairs) : Changes(remove: pairs)
    return Case(
      calls: pairs.count,
      sides: sides.map { side in
        .block(side.peer, prepare: { _ = try side.commit(before) }) {
          UInt64(try side.commit(timed))
        }
      },
      findings: {
        // Leaves the follows as the other operations expect them.
        for side in sides { _ = try side.commit(Changes(remove: pairs)) }
        return []
      })
  }

  private static func committing(
    _ world: World, _ commits: [[(Int, Int)]], _ what: String
  ) throws -> Case {
    let store = try GraphStore(try world.graph())
    let kith = KithFollows(store: store)
    let sqlite = SQLiteFollows(graph: try world.sqlite())
    let all = Changes(remove: commits.flatMap { $0 })
    return Case(
      calls: commits.count,
      sides: [
        .calls(.kith, over: commits, prepare: { _ = try kith.commit(all) }) { pairs in
          // Held until the next commit is through, so that every page that changes is copied.
          kith.held = store.snapshot
          return UInt64(try kith.commit(Changes(insert: pairs)))
        },
        .calls(.sqlite, over: commits, prepare: { _ = try sqlite.commit(all) }) { pairs in
          UInt64(try sqlite.commit(Changes(insert: pairs)))
        },
      ],
      findings: {
        _ = try kith.commit(all)
        _ = try sqlite.commit(all)
        let copies = try pagesCopied(try world.graph(), commits)
        return [
          ("pages copied a commit, \(what), most", Double(copies.max() ?? 0), "pages"),
          (
            "pages copied a commit, \(what), mean",
            Double(copies.reduce(0, +)) / Double(max(copies.count, 1)), "pages"
          ),
        ]
      })
  }

  /// The pages that each commit copies, beside a snapshot, on a store that nobody changed before.
  private static func pagesCopied(_ graph: Graph, _ commits: [[(Int, Int)]]) throws -> [Int] {
    let store = KithFollows(store: try GraphStore(graph))
    return try commits.map { pairs in
      let held = store.store.snapshot
      _ = try store.commit(Changes(insert: pairs))
      return store.store.snapshot.statistics.pagesCopied - held.statistics.pagesCopied
    }
  }
}

extension World {
  /// Follows that are not there yet, distinct, between uniformly drawn users.
  ///
  /// - Parameter mayFollow: Whether a user may be the one who follows.
  func newFollows(
    _ count: Int, _ mayFollow: (_ user: Int) -> Bool = { _ in true }
  ) -> [(Int, Int)] {
    var random = SplitMix64(seed: 9)
    let csr = csr()
    var seen: Set<UInt64> = []
    var pairs: [(Int, Int)] = []
    while pairs.count < count {
      let source = random.number(below: links.ids.count)
      let target = random.number(below: links.ids.count)
      let (from, to) = (links.ids[source], links.ids[target])
      if source == target || csr.isFollowing(from, to) || !mayFollow(from) { continue }
      if seen.insert(Links.pack(source, target)).inserted { pairs.append((from, to)) }
    }
    return pairs
  }
}
