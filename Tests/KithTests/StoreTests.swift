import Foundation
import Kith
import KithFixtures
import Synchronization
import Testing

@Suite struct `A store` {
  private struct Interrupted: Error {}

  private final class Flag: Sendable {
    private let raised = Atomic(false)
    var isRaised: Bool { raised.load(ordering: .acquiring) }
    func raise() { raised.store(true, ordering: .releasing) }
  }

  @Test func `publishes a write at once, or not at all`() throws {
    let store = GraphStore(try Feed.schema())
    try store.write { try $0.insert(Feed.user(1)) }
    let before = store.snapshot
    #expect(throws: Interrupted.self) {
      try store.write { graph in
        try graph.insert(Feed.user(2))
        try graph.append(2, to: User.following, of: 1)
        #expect(graph[User.self, 1].following.ids == [2])
        throw Interrupted()
      }
    }
    #expect(store.snapshot[User.self].ids == [1])
    #expect(store.snapshot.statistics == before.statistics)
    let inserted = try store.write { graph in
      try graph.insert(Feed.user(3))
      return graph[User.self].count
    }
    #expect(inserted == 2)
    #expect(before[User.self].ids == [1])
    #expect(store.read { $0[User.self].ids } == [1, 3])
  }

  @Test func `is read in one version, also by a closure that waits`() async throws {
    let store = GraphStore(try Feed.schema())
    try await store.write { try $0.insert(Feed.user(1)) }
    let count = await store.read { graph in
      try? await store.write { try $0.insert(Feed.user(2)) }
      return graph[User.self].count
    }
    #expect(count == 1)
    // What does not wait need not be awaited.
    #expect(store.read { $0[User.self].count } == 2)
    #expect(throws: Interrupted.self) { try store.read { _ in throw Interrupted() } }
    await #expect(throws: Interrupted.self) {
      try await store.read { _ in
        await Task.yield()
        throw Interrupted()
      }
    }
  }

  /// Steps that often undo each other; what is published is what says something else.
  @Test func `publishes what is not as it was`() throws {
    var random = SplitMix64(seed: 9)
    let store = GraphStore(try Feed.schema())
    try store.write { try $0.insert(contentsOf: (1...4).map { Feed.user($0) }) }
    var published = 0
    for _ in 0..<1_500 {
      let before = store.snapshot
      // The last row is as before when it was deleted and inserted again, and is another one.
      var hasInserted = false
      let after = try store.write { graph in
        for _ in 0..<random.number(below: 5) {
          let (one, other) = (1 + random.number(below: 6), 1 + random.number(below: 3))
          switch random.number(below: 5) {
          case 0: _ = try? graph.append(other, to: User.following, of: one)
          case 1: graph.remove(other, from: User.following, of: one)
          case 2: _ = try? graph.update(User.self, one) { $0.name = other == 1 ? nil : "\(other)" }
          case 3: hasInserted = (try? graph.insert(Feed.user(one))) != nil || hasInserted
          default: _ = try graph.delete(User.self, one)
          }
        }
        return graph
      }
      let isSame = before.encoded() == after.encoded()
      if !isSame || !hasInserted {
        #expect(store.version == before.version + (isSame ? 0 : 1))
      }
      #expect(store.snapshot.encoded() == after.encoded())
      published += isSame ? 0 : 1
    }
    #expect(published > 300 && published < 1_200)
  }

  @Test func `stops the program when a write waits for itself`() async {
    await #expect(processExitsWith: .failure) {
      let store = GraphStore(try Feed.schema())
      try store.write { _ in try store.write { _ in () } }
    }
  }

  @Test func `stops the program when a table is not in its schema`() async {
    await #expect(processExitsWith: .failure) {
      let graph = Graph(try School.schema())
      _ = graph[User.self].count
    }
  }

  @Test func `keeps snapshots as they were, whatever is written later`() throws {
    let store = GraphStore(try Feed.schema())
    var held: [(graph: Graph, follows: Int)] = []
    try store.write { try $0.insert(contentsOf: (1...100).map { Feed.user($0) }) }
    for id in 2...100 {
      try store.write { try $0.append(id, to: User.following, of: id - 1) }
      held.append((store.snapshot, id - 1))
    }
    for id in 2...50 { try store.write { _ = try $0.delete(User.self, id) } }
    for (graph, follows) in held {
      #expect(graph.join(User.following).count == follows)
      #expect(graph[User.self].count == 100)
    }
    #expect(store.snapshot.join(User.following).count == 49)
  }

  @Test func `copies a few pages for a follow beside a snapshot, and none without`() throws {
    let store = GraphStore(try Feed.schema())
    try store.write { graph in
      try graph.insert(contentsOf: (1...5000).map { Feed.user($0) })
      try graph.load(
        User.follows, (1...5000).flatMap { a in (1...16).map { (a, (a + $0 * 97) % 5000 + 1) } })
    }
    let held = store.snapshot
    let before = held.statistics.pagesCopied
    try store.write { _ = try $0.append(4000, to: User.following, of: 17) }
    let copied = store.snapshot.statistics.pagesCopied - before
    #expect(copied > 0 && copied <= 12)
    #expect(!held.contains(4000, in: User.following, of: 17))
    #expect(store.snapshot.contains(4000, in: User.following, of: 17))
  }

  @Test func `copies no page of an index for a value that is in none`() throws {
    let store = GraphStore(try Feed.schema())
    try store.write { try $0.insert(contentsOf: (1...5000).map { Feed.user($0) }) }
    func copies(_ change: (inout User) -> Void) throws -> Int {
      let held = store.snapshot
      defer { withExtendedLifetime(held) {} }
      try store.write { try $0.update(User.self, 1234, change) }
      return store.snapshot.statistics.pagesCopied - held.statistics.pagesCopied
    }
    // The page of the row, and two nodes above it.
    #expect(try copies { $0.name = "Ada" } == 3)
    #expect(try copies { $0.joined += 1 } > 3)
    try store.snapshot.validate()
  }

  /// Rows are read for their keys and values in the middle of being changed, which must not share them.
  @Test func `copies nothing that nobody else holds`() throws {
    var graph = Graph(try Schema { Phrase.self })
    for number in 0..<500 {
      let text = "\(number * 7_919 % 500)"
      try graph.insert(Phrase(id: text, text: "\(text)!", said: Date(timeIntervalSince1970: 7)))
    }
    for number in 0..<500 {
      try graph.update(Phrase.self, "\(number)") { $0.text += "?" }
      if number % 3 == 0 { try graph.delete(Phrase.self, "\(number)") }
    }
    #expect(graph.statistics.pagesCopied == 0)
    try graph.validate()
  }

  private struct Phrase: Row {
    var id: String
    var text: String
    var said: Date

    static let table = Table(
      "phrases", Self.init, Column("id", \.id), Column("text", \.text).unique().indexed(),
      Column("said", \.said).indexed())
  }

  @Test func `lets a graph that is copied go its own way`() throws {
    var first = try Feed.graph(users: 3, follows: [(1, 2)])
    var second = first
    try second.append(3, to: User.following, of: 1)
    try first.delete(User.self, 2)
    #expect(first[User.self].ids == [1, 3])
    #expect(first[User.self, 1].following.isEmpty)
    #expect(second[User.self, 1].following.ids == [2, 3])
  }

  @Test func `serves many readers while one writes and never shows half a change`() async throws {
    // Every write moves one follow from user 1 to user 2 or back, so the sum stays.
    let store = GraphStore(try Feed.schema())
    try await store.write { graph in
      try graph.insert(contentsOf: (1...300).map { Feed.user($0) })
      try graph.append(contentsOf: 3...300, to: User.following, of: 1)
    }
    let done = Flag()
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        var state: UInt64 = 7
        for _ in 0..<2000 {
          state = state &* 6_364_136_223_846_793_005 &+ 1
          let id = Int(state >> 33 % 298) + 3
          try await store.write { graph in
            if graph.remove(id, from: User.following, of: 1) {
              try graph.append(id, to: User.following, of: 2)
            } else {
              graph.remove(id, from: User.following, of: 2)
              try graph.append(id, to: User.following, of: 1)
            }
          }
        }
        done.raise()
        return 0
      }
      for _ in 0..<3 {
        group.addTask {
          var reads = 0
          while !done.isRaised || reads < 10 {
            let graph = store.snapshot
            #expect(graph[User.self, [1, 2]].following.count == 298)
            #expect(
              graph[User.self, 1].following.count + graph[User.self, 2].following.count == 298)
            #expect(graph[User.self, 3].followers.count == 1)
            reads += 1
          }
          return reads
        }
      }
      try await group.waitForAll()
    }
    #expect(store.snapshot[User.self, [1, 2]].following.count == 298)
  }
}
