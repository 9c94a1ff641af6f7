import Foundation
import Kith
import KithFixtures

/// Compares who-to-follow through Kith's public face with the same kernel over a static CSR, in one process, in turn.
@main
struct WhoToFollow {
  static let limit = 10
  static let rounds = 31

  static func main() throws {
    let follows = try follows()
    let ids = Set(follows.flatMap { [$0.source, $0.target] }).sorted()
    let store = try store(ids, follows)
    let graph = store.snapshot
    var csr = StaticCSR(ids: ids, follows: follows)
    print("\(ids.count) users, \(follows.count) follows")
    print(header)

    var kithTotal = 0.0
    var csrTotal = 0.0
    for user in sources(graph) {
      let expected = csr.whoToFollow(user, limit: limit)
      guard whoToFollow(user, graph) == expected else { throw WrongAnswer(user: user) }
      let (kith, flat) = measure(user, graph, &csr)
      kithTotal += kith
      csrTotal += flat
      let degree = graph[User.self, user].following.count
      print(row("\(user)", degree, kith, flat))
    }
    print(row("all", 0, kithTotal, csrTotal))
    try report(store)
  }

  /// Nobody ranks users faster by giving another answer.
  struct WrongAnswer: Error {
    let user: Int
  }

  static func follows() throws -> [(source: Int, target: Int)] {
    var follows: [(source: Int, target: Int)] = []
    if CommandLine.arguments.count > 1 {
      try TextSource(path: CommandLine.arguments[1]).forEachLink { follows.append(($0, $1)) }
    } else {
      follows = FollowGraph.rmat(scale: 17, draws: 2_200_000, seed: 1).follows
    }
    return follows
  }

  static func store(_ ids: [Int], _ follows: [(source: Int, target: Int)]) throws -> GraphStore {
    let store = GraphStore(
      try Schema {
        User.self
        User.follows
      })
    try store.write { graph in
      try graph.insert(contentsOf: ids.map { User(id: $0) })
      try graph.load(User.follows, follows.lazy.map { ($0.source, $0.target) })
    }
    return store
  }

  static func whoToFollow(_ user: Int, _ graph: Graph) -> [Suggestion] {
    graph[User.self, user].following.following
      .subtracting(graph[User.self, user].following).excluding(user)
      .ranked().prefix(limit)
      .map { Suggestion(id: $0.id, paths: $0.paths) }
  }

  /// Twenty users over the whole range of those who follow somebody: the five who follow most, and fifteen more.
  static func sources(_ graph: Graph) -> [Int] {
    var active: [Candidate] = []
    for id in graph[User.self].ids {
      let follows = graph[User.self, id].following.count
      if follows > 0 { active.append(Candidate(id: id, follows: follows)) }
    }
    active.sort()
    var ranks = Array(0..<min(5, active.count))
    for step in 1...15 {
      let rank = step * (active.count - 1) / 15
      if rank >= ranks.count { ranks.append(rank) }
    }
    return ranks.map { active[$0].id }
  }

  /// A user who follows somebody; who follows most comes first.
  struct Candidate: Comparable {
    let id: Int
    let follows: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
      left.follows == right.follows ? left.id < right.id : left.follows > right.follows
    }
  }

  /// The median time of one query on either side, in microseconds.
  static func measure(
    _ user: Int, _ graph: Graph, _ csr: inout StaticCSR
  ) -> (kith: Double, csr: Double) {
    var kith: [Double] = []
    var flat: [Double] = []
    for _ in 0..<rounds {
      kith.append(microseconds { _ = whoToFollow(user, graph) })
      flat.append(microseconds { _ = csr.whoToFollow(user, limit: limit) })
    }
    return (median(kith), median(flat))
  }

  static func report(_ store: GraphStore) throws {
    let graph = store.snapshot
    let snapshots = 1_000_000
    let snapshot = microseconds { for _ in 0..<snapshots { _ = store.snapshot } }
    print("snapshot: \(text(snapshot / Double(snapshots) * 1000)) ns")
    try reportMemory(store)
    var commits: [Double] = []
    var copied = 0
    var random = SplitMix64(seed: 7)
    let ids = graph[User.self].ids
    for _ in 0..<2001 {
      let held = store.snapshot
      let source = ids[Int(random.next() % UInt64(ids.count))]
      let target = ids[Int(random.next() % UInt64(ids.count))]
      if source == target || held.contains(target, in: User.following, of: source) { continue }
      let before = held.statistics.pagesCopied
      let elapsed = try microseconds {
        _ = try store.write { try $0.append(target, to: User.following, of: source) }
      }
      commits.append(elapsed)
      copied = max(copied, store.snapshot.statistics.pagesCopied - before)
    }
    print("a follow committed beside a snapshot: \(text(median(commits))) us, ", terminator: "")
    print("at most \(copied) pages copied")
  }

  /// The bytes a follow, as the store counts them and as the resident set grows for graphs that share all but follows.
  static func reportMemory(_ store: GraphStore) throws {
    let graph = store.snapshot
    guard let follows = graph.statistics["follows"] else { return }
    print("memory: \(text(Double(follows.bytes) / Double(follows.count))) bytes a follow counted")
    guard let before = residentBytes() else { return }
    var pairs: [(User.ID, User.ID)] = []
    graph.join(User.following).forEach { pairs.append(($0, $1)) }
    var bare = graph
    for id in graph[User.self].ids { try bare.replace(User.following, of: id, with: []) }
    // The first load leaves the allocator with what it needs in passing; the others show what stays.
    var loaded: [Graph] = []
    var first = before
    for copy in 0...residentCopies {
      var one = bare
      try one.load(User.follows, pairs)
      loaded.append(one)
      if copy == 0 { first = residentBytes() ?? before }
    }
    let grown = (residentBytes() ?? first) - first
    let links = loaded.dropFirst().reduce(0) { $0 + ($1.statistics["follows"]?.count ?? 0) }
    print("        \(text(Double(grown) / Double(links))) bytes a follow resident")
  }

  static let residentCopies = 12

  /// The size of the resident set, where the system tells it in a file.
  static func residentBytes() -> Int? {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * 4096 }
  }

  static func microseconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let elapsed = try clock.measure(body)
    return elapsed / .microseconds(1)
  }

  static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }

  static let header = "user              follows    Kith us     CSR us   ratio"

  static func row(_ user: String, _ follows: Int, _ kith: Double, _ csr: Double) -> String {
    user.padding(toLength: 16, withPad: " ", startingAt: 0)
      + [padded("\(follows)", 9), padded(text(kith), 11), padded(text(csr), 11)].joined()
      + padded(text(kith / csr), 8)
  }

  static func text(_ value: Double) -> String { String(format: "%.2f", value) }

  static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 1)) + text
  }
}

struct User: Row {
  var id: Int

  static let table = Table("users", Self.init, Column("id", \.id))

  static let follows = Association(
    "follows", from: User.self, "follower_id", to: User.self, "followed_id", allowsSelfLinks: false)
  static let following = hasMany(through: follows)
  static let followers = hasMany(through: follows.inverse)
}
