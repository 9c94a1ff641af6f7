import Foundation
import Kith
import Testing

@Suite struct `Observation` {
  private func store(users: Int = 3) throws -> GraphStore {
    let store = GraphStore(try Feed.schema())
    try store.write { try $0.insert(contentsOf: (1...users).map { Feed.user($0) }) }
    return store
  }

  @Test func `yields the present value first, then each that differs`() async throws {
    let store = try store()
    var values = store.observe { $0[User.self, 1].followers.count }.makeAsyncIterator()
    #expect(await values.next() == 0)
    try await store.write { try $0.append(1, to: User.following, of: 2) }
    #expect(await values.next() == 1)
    // Neither of these changes the value.
    try await store.write { try $0.append(2, to: User.following, of: 1) }
    try await store.write { try $0.insert(Feed.user(9)) }
    try await store.write { try $0.append(1, to: User.following, of: 3) }
    #expect(await values.next() == 2)
  }

  @Test func `ends when its task is cancelled`() async throws {
    let store = try store()
    let task = Task {
      var seen: [Int] = []
      for await count in store.observe({ $0[User.self].count }) { seen.append(count) }
      return seen
    }
    while !task.isCancelled {
      try await Task.sleep(for: .milliseconds(1))
      task.cancel()
    }
    #expect(await task.value.count <= 1)
  }

  @Test func `ends with its store`() async throws {
    var store: GraphStore? = try store()
    let observed = try #require(store)
    var counts = observed.observe { $0[User.self].count }.makeAsyncIterator()
    var changes = observed.changes.makeAsyncIterator()
    #expect(await counts.next() == 3)
    store = nil
    _ = consume observed
    #expect(await counts.next() == nil)
    #expect(await changes.next() == nil)
  }

  @Test func `ends by the error that its closure throws`() async throws {
    let store = try store()
    let names = store.observe { try $0.require(User.self, 3).handle }
    var iterator = names.makeAsyncIterator()
    #expect(try await iterator.next() == "user3")
    try await store.write { _ = try $0.delete(User.self, 3) }
    await #expect(throws: GraphError.notFound(table: "users", key: "3")) {
      try await iterator.next()
    }
    #expect(try await iterator.next() == nil)
  }

  @Test func `keeps no graph for those who have gone`() async throws {
    // A row holds a token; when the last version with it goes, so does the token.
    let store = try store()
    weak var before: Token?
    do {
      let token = Token()
      before = token
      for await _ in store.observe({ [token] _ in ObjectIdentifier(token) }) { break }
    }
    #expect(before == nil)
  }

  private final class Token: Sendable {}
}

@Suite struct `Changes` {
  @Test func `tell what each write did, net, with before and after`() async throws {
    let store = GraphStore(try Feed.schema())
    var changes = store.changes.makeAsyncIterator()
    try await store.write { graph in
      try graph.insert(contentsOf: (1...3).map { Feed.user($0) })
      try graph.append(2, to: User.following, of: 1)
    }
    try await store.write { _ in }
    try await store.write { graph in
      try graph.update(User.self, 2) { $0.handle = "grace" }
      try graph.delete(User.self, 3)
      try graph.append(1, to: User.following, of: 2)
      graph.remove(2, from: User.following, of: 1)
    }
    let first = try #require(await changes.next())
    #expect(first.version == 1)
    #expect(first.inserted(User.self).map(\.id) == [1, 2, 3])
    #expect(first.appended(User.follows).map { [$0.source, $0.target] } == [[1, 2]])
    #expect(first.updated(User.self).isEmpty && first.deleted(User.self).isEmpty)
    let second = try #require(await changes.next())
    #expect(second.version == 2)
    #expect(
      second.updated(User.self).map { [$0.before.handle, $0.after.handle] } == [["user2", "grace"]])
    #expect(second.deleted(User.self).map(\.id) == [3])
    #expect(second.appended(User.follows).map { [$0.source, $0.target] } == [[2, 1]])
    #expect(second.removed(User.follows).map { [$0.source, $0.target] } == [[1, 2]])
    #expect(second.removed(User.follows.inverse).map { [$0.source, $0.target] } == [[2, 1]])
    #expect(second.before[User.self].count == 3)
    #expect(second.after[User.self].count == 2)
  }

  @Test func `leave out what was undone`() throws {
    let before = try Feed.graph(users: 4, follows: [(1, 2), (2, 3)])
    var graph = before
    graph.remove(2, from: User.following, of: 1)
    try graph.append(2, to: User.following, of: 1)
    try graph.insert(Feed.user(9))
    try graph.delete(User.self, 9)
    let user = try graph.require(User.self, 3)
    try graph.delete(User.self, 3)
    try graph.insert(user)
    try graph.append(3, to: User.following, of: 2)
    let change = Change(from: before, to: graph)
    #expect(change.isEmpty)
    #expect(change.inserted(User.self).isEmpty)
    #expect(change.appended(User.follows).isEmpty)
    try graph.update(User.self, 3) { $0.name = "new" }
    #expect(!Change(from: before, to: graph).isEmpty)
    #expect(Change(from: before, to: graph).updated(User.self).map(\.after.name) == ["new"])
  }

  @Test func `show a new key as an update, and a row under a freed key as an insertion`() throws {
    let before = try Feed.graph(users: 3, follows: [(1, 2)])
    var graph = before
    try graph.update(User.self, 1) { $0.id = 7 }
    var other = Feed.user(1)
    other.handle = "other"
    try graph.insert(other)
    let change = Change(from: before, to: graph)
    #expect(change.updated(User.self).map { [$0.before.id, $0.after.id] } == [[1, 7]])
    #expect(change.inserted(User.self).map(\.id) == [1])
    #expect(change.deleted(User.self).isEmpty)
    #expect(change.appended(User.follows).isEmpty)
  }
}

@Suite struct `A write` {
  @Test func `that expects another version is refused`() throws {
    let store = GraphStore(try Feed.schema())
    let version = store.version
    try store.write(expecting: version) { try $0.insert(Feed.user(1)) }
    #expect(throws: GraphError.conflict(expected: 0, found: 1)) {
      try store.write(expecting: version) { try $0.insert(Feed.user(2)) }
    }
    #expect(store.snapshot[User.self].ids == [1])
    #expect(store.version == 1)
  }

  @Test func `waits its turn without a thread`() async throws {
    // More writers than the pool has threads wait while a thread holds the turn.
    let store = GraphStore(try Feed.schema())
    let (entered, leave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let blocker = Thread {
      try? store.write { _ in
        entered.signal()
        leave.wait()
      }
    }
    blocker.start()
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        entered.wait()
        continuation.resume()
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in 1...64 {
        group.addTask { try await store.write { try $0.insert(Feed.user(id)) } }
      }
      // A task of the same pool still runs.
      #expect(await Task { 7 }.value == 7)
      #expect(store.snapshot[User.self].isEmpty)
      leave.signal()
      try await group.waitForAll()
    }
    #expect(store.snapshot[User.self].count == 64)
    #expect(store.version == 64)
  }

  @Test func `that is cancelled while it waits does nothing`() async throws {
    let store = GraphStore(try Feed.schema())
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await store.write { try $0.insert(Feed.user(1)) }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await store.write { try $0.insert(Feed.user(2)) }
    #expect(store.snapshot[User.self].ids == [2])
  }

  @Test func `loses no update of many threads and tasks`() async throws {
    let store = GraphStore(try Feed.schema())
    try await store.write { try $0.insert(Feed.user(1)) }
    await withTaskGroup(of: Void.self) { group in
      for turn in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            let increment: @Sendable (inout Graph) throws -> Void = { graph in
              try graph.update(User.self, 1) { $0.joined.addTimeInterval(1) }
            }
            if turn % 2 == 0 {
              try? await store.write(increment)
            } else {
              await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                  try? store.write(increment)
                  continuation.resume()
                }
              }
            }
          }
        }
      }
    }
    let joined = try store.snapshot.require(User.self, 1).joined
    #expect(joined == Feed.user(1).joined.addingTimeInterval(1600))
    #expect(store.version == 1601)
  }
}
