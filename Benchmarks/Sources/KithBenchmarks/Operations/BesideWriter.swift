import Foundation
import Kith
import Synchronization

/// Readers while somebody writes all the time.
enum BesideWriter {
  static func plans(on graph: GraphSpec, sources count: Int) -> [Plan] {
    [Plan("who to follow, beside a writer", "by follow", on: graph) { try readers($0, count) }]
  }

  /// The same reads alone, while another thread commits 100 follows after another and takes them away
  /// again, and while it does that in another store, which shares nothing with this one: what that
  /// costs is the machine's doing. A reader asks the newest version each time, or keeps one snapshot.
  private static func readers(_ world: World, _ count: Int) throws -> Case {
    let users = world.sources(.byFollow, count)
    let graph = try world.graph()
    let store = try GraphStore(graph)
    let other = try world.separateStore()
    // No user that is read through gets or loses a follow, so all versions give the same answers.
    let csr = world.csr()
    let read = Set(users.flatMap { [$0] + csr.followed(by: $0) })
    let follows = world.newFollows(100) { !read.contains($0) }
    let ask = { (user: Int, graph: Graph) in
      Checksum.of(User.whoToFollow(user, graph, limit: TwoHops.limit))
    }
    let newest = Side.calls(.kithBusy, over: users) { ask($0, store.snapshot) }
    let kept = Side.calls(.kithKept, over: users) { ask($0, graph) }
    func beside(_ peer: Peer, _ written: GraphStore, _ reader: Side) -> Side {
      Side(peer: peer, prepare: reader.prepare) { laps in
        let writer = Writer(written, follows)
        defer { writer.stop() }
        return try reader.run(&laps)
      }
    }
    return Case(
      calls: users.count,
      sides: [
        .calls(.kith, over: users) { ask($0, graph) }, beside(.kithBusy, store, newest),
        beside(.kithKept, store, kept), beside(.kithElsewhere, other, newest),
      ],
      joinedEdges: world.joinedEdges(from: users))
  }
}

/// A thread that commits follows and takes them away again until it is told to stop.
private final class Writer: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)

  init(_ store: GraphStore, _ follows: [(Int, Int)]) {
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        try? store.write { graph in
          for (source, target) in follows {
            try graph.append(target, to: User.following, of: source)
          }
        }
        try? store.write { graph in
          for (source, target) in follows {
            graph.remove(target, from: User.following, of: source)
          }
        }
      }
      ended.signal()
    }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    ended.wait()
  }
}
