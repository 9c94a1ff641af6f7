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
  /// costs is the machine's doing. The answers come from a snapshot of before, so they are equal.
  private static func readers(_ world: World, _ count: Int) throws -> Case {
    let users = world.sources(.byFollow, count)
    let graph = try world.graph()
    let store = try GraphStore(graph)
    let other = try world.separateStore()
    let follows = world.newFollows(100)
    let read: (Int) -> UInt64 = { user in
      Checksum.of(User.whoToFollow(user, graph, limit: TwoHops.limit))
    }
    let alone = Side.calls(.kith, over: users, read)
    let busy = Side.calls(.kithBusy, over: users) { user in
      // The newest version is taken too, as a reader does, and costs what it costs.
      let newest = store.snapshot
      return withExtendedLifetime(newest) { read(user) }
    }
    func beside(_ peer: Peer, _ written: GraphStore) -> Side {
      Side(peer: peer, prepare: busy.prepare) { laps in
        let writer = Writer(written, follows)
        defer { writer.stop() }
        return try busy.run(&laps)
      }
    }
    return Case(
      calls: users.count,
      sides: [alone, beside(.kithBusy, store), beside(.kithElsewhere, other)],
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
