import Foundation
import Kith
import Testing

@Suite struct `A compacted graph` {
  /// Users 1 to 6 of whom 2 and 4 were deleted; 6 is followed most.
  private func graph() throws -> Graph {
    var graph = try Feed.graph(
      users: 6, follows: [(1, 6), (3, 6), (5, 6), (6, 3), (6, 5), (5, 1), (1, 2), (4, 6)])
    for (id, author) in [(1, 5), (2, 2), (3, 6), (4, 1)] {
      try graph.insert(Feed.post(id, by: author, at: 10 - id))
    }
    try graph.delete(User.self, 2)
    try graph.delete(User.self, 4)
    return graph
  }

  @Test func `has the same rows, links and answers, in the same order`() throws {
    let before = try graph()
    var graph = before
    try graph.compact()
    try graph.validate()
    #expect(graph[User.self].ids == [1, 3, 5, 6])
    #expect(graph.encoded() == before.encoded())
    #expect(graph[User.self, 6].followers.ids == [1, 3, 5])
    #expect(graph[User.self].followers.posts.ids == before[User.self].followers.posts.ids)
    #expect(Change(from: before, to: graph).isEmpty)
    #expect(graph.version == before.version)
    // The key of a row that was deleted is still not given again.
    try graph.delete(User.self, 6)
    try graph.compact()
    #expect(try graph.insert { Feed.user($0) }.id == 7)
  }

  @Test func `has users in the order of a walk, and the same answers`() throws {
    let before = try graph()
    var graph = before
    try graph.compact(along: User.following)
    try graph.validate()
    #expect(graph[User.self].ids == [6, 3, 5, 1])
    #expect(graph[Post.self].ids == [1, 3, 4])
    #expect(graph[User.self, 6].followers.ids == [3, 5, 1])
    #expect(
      Set(graph[User.follows].map { [$0.source, $0.target] })
        == Set(before[User.follows].map { [$0.source, $0.target] }))
    for id in [1, 3, 5, 6] {
      let (user, old) = (graph[User.self, id], before[User.self, id])
      #expect(
        user.following.following.ranked().map { [$0.row.id, $0.paths] }
          == old.following.following.ranked().map { [$0.row.id, $0.paths] })
      #expect(
        user.following.posts.sorted(by: \.createdAt, .descending).ids
          == old.following.posts.sorted(by: \.createdAt, .descending).ids)
      #expect(user.posts.ids == old.posts.ids)
      #expect(graph.find(User.self, id)?.handle == "user\(id)")
    }
    #expect(Change(from: before, to: graph).isEmpty && Change(from: graph, to: before).isEmpty)
    // Who comes later comes last.
    try graph.insert(Feed.user(2))
    try graph.append(2, to: User.following, of: 6)
    #expect(graph[User.self].ids == [6, 3, 5, 1, 2])
    #expect(graph[User.self, 6].following.ids == [3, 5, 2])
    // Along followers it begins with the one who follows most.
    try graph.compact(along: User.followers)
    try graph.validate()
    #expect(graph[User.self].ids == [6, 5, 3, 1, 2])
  }

  @Test func `is asked together with one before, whose rows are told by their keys`() throws {
    let before = try graph()
    var graph = before
    try graph.compact(along: User.following)
    try graph.delete(User.self, 3)
    #expect(graph[User.self].ids == [6, 5, 1])
    let (new, old) = (graph[User.self], before[User.self, 6].followers)
    #expect(old.ids == [1, 3, 5])
    #expect(new.intersection(old).ids == [5, 1])
    #expect(new.subtracting(old).ids == [6])
    #expect(old.union(new).ids == [1, 3, 5, 6])
    #expect(old.symmetricDifference(new).ids == [3, 6])
  }

  @Test func `may be empty, or have rows without links`() throws {
    var graph = Graph(try Feed.schema())
    try graph.compact()
    try graph.compact(along: User.following)
    #expect(graph[User.self].isEmpty)
    try graph.insert(Feed.user(3))
    try graph.insert(Feed.user(1))
    try graph.compact(along: User.following)
    #expect(graph[User.self].ids == [3, 1])
    try graph.validate()
  }

  @Test func `keeps what its rows hold beside their columns`() throws {
    struct Noted: Row {
      var id: Int
      var note = ""

      static let table = Table("noted", { Noted(id: $0) }, Column("id", \.id))
    }
    var graph = Graph(try Schema { Noted.self })
    try graph.insert(Noted(id: 1))
    try graph.insert(Noted(id: 2, note: "no column"))
    try graph.delete(Noted.self, 1)
    try graph.compact()
    #expect(graph[Noted.self].map(\.note) == ["no column"])
  }

  @Test func `tells by keys what differs from one before, or from another graph`() throws {
    let before = try graph()
    var graph = before
    try graph.compact(along: User.following)
    try graph.update(User.self, 3) { $0.handle = "renamed" }
    graph.remove(6, from: User.following, of: 1)
    try graph.append(1, to: User.following, of: 3)
    try graph.insert(Feed.user(9))
    try graph.delete(Post.self, 3)
    let change = Change(from: before, to: graph)
    #expect(!change.isEmpty)
    #expect(change.inserted(User.self).map(\.id) == [9])
    #expect(
      change.updated(User.self).map { [$0.before.handle, $0.after.handle] }
        == [["user3", "renamed"]])
    #expect(change.deleted(User.self).isEmpty)
    #expect(change.deleted(Post.self).map(\.id) == [3])
    #expect(change.appended(User.follows).map { [$0.source, $0.target] } == [[3, 1]])
    #expect(change.removed(User.follows).map { [$0.source, $0.target] } == [[1, 6]])
    let back = Change(from: graph, to: before)
    #expect(back.deleted(User.self).map(\.id) == [9])
    #expect(back.inserted(Post.self).map(\.id) == [3])
    #expect(back.appended(User.follows).map { [$0.source, $0.target] } == [[1, 6]])
    // Decoded graphs have slots of their own.
    let decoded = try Graph(before.schema, decoding: before.encoded())
    #expect(Change(from: before, to: decoded).isEmpty)
  }
}

@Suite struct `A store that is compacted` {
  @Test func `has the same version, and readers keep what they hold`() async throws {
    let store = GraphStore(try Feed.schema())
    try await store.write { graph in
      try graph.insert(contentsOf: (1...4).map { Feed.user($0) })
      try graph.load(User.follows, [(1, 4), (2, 4), (4, 2)])
      try graph.delete(User.self, 3)
    }
    let held = store.snapshot
    var changes = store.changes.makeAsyncIterator()
    var orders = store.observe { $0[User.self].ids }.makeAsyncIterator()
    #expect(await orders.next() == [1, 2, 4])
    try store.compact(along: User.following)
    #expect(await orders.next() == [4, 2, 1])
    #expect(store.version == held.version && store.snapshot.version == held.version)
    #expect(held[User.self].ids == [1, 2, 4] && held[User.self, 4].followers.ids == [1, 2])
    try await store.write(expecting: held.version) { try $0.insert(Feed.user(9)) }
    let change = await changes.next()
    #expect(change?.inserted(User.self).map(\.id) == [9] && change?.version == store.version)
    try store.compact()
    #expect(store.snapshot[User.self].ids == [4, 2, 1, 9])
    try store.snapshot.validate()
    try held.validate()
  }

  @Test func `is changed by others before and after, and not meanwhile`() async throws {
    let store = GraphStore(try Feed.schema())
    try await store.write { try $0.insert(contentsOf: (1...50).map { Feed.user($0) }) }
    await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<3 {
        group.addTask {
          for number in 0..<40 {
            try await store.write { graph in
              _ = try graph.append(
                1 + (number + 1 + worker) % 50, to: User.following, of: 1 + number)
            }
          }
        }
      }
      group.addTask {
        for _ in 0..<10 { try store.compact(along: User.following) }
      }
      group.addTask {
        for _ in 0..<100 {
          let graph = store.snapshot
          let counts = graph[User.self].ids.map { graph[User.self, $0].following.count }
          #expect(counts.reduce(0, +) == graph[User.follows].count)
        }
      }
    }
    #expect(store.version == 1 + 120)
    #expect(store.snapshot[User.follows].count == 120)
    try store.snapshot.validate()
  }
}
