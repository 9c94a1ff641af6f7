import Kith
import Testing

struct Message: Row {
  var id: Int
  var answerTo: Message.ID?

  static let table = Table(
    "messages", Self.init,
    Column("id", \.id),
    Column("answer_to", \.answerTo, references: Message.self, deferred: true))

  static let answers = hasMany(\Message.answerTo)
}

@Suite struct `The article on transactions` {
  @Test func `reads and writes`() throws {
    let store = try Network.store(users: 3)
    let snapshot = store.snapshot
    let same = store.read { graph in graph[User.self].count == graph[User.self].ids.count }
    #expect(same)
    let name = try store.write { graph in
      try graph.insert(User(id: 9, handle: "radia", name: "Radia"))
      return graph.find(User.self, 9)?.name
    }
    #expect(name == "Radia")
    #expect(snapshot.find(User.self, 9) == nil)
    #expect(store.snapshot.find(User.self, 9) != nil)
  }

  @Test func `writes when its turn comes`() async throws {
    let store = try Network.store(users: 3)
    try await store.write { graph in
      try graph.append(2, to: User.following, of: 1)
    }
    #expect(store.snapshot.contains(2, in: User.following, of: 1))
  }

  @Test func `goes on after a refusal`() throws {
    let store = try Network.store(users: 3)
    try store.write { _ = try $0.update(User.self, 1) { $0.handle = "ada" } }
    var refusal = ""
    try store.write { graph in
      do {
        try graph.insert(User(id: 10, handle: "ada", name: nil))
      } catch GraphError.duplicateKey(let constraint, _, let key) {
        refusal = "\(constraint): \(key)"
      }
      try graph.insert(User(id: 10, handle: "ada2", name: nil))
    }
    #expect(refusal == #"uq_users_handle: "ada""#)
    #expect(store.snapshot[User.self].map(\.handle) == ["ada", "user2", "user3", "ada2"])
  }

  @Test func `rolls back to a copy`() throws {
    let store = try Network.store(users: 3, follows: [(1, 2)], posts: 6)
    try store.write { graph in
      let savepoint = graph
      try graph.delete(User.self, 1)
      if graph[User.self, 2].followers.isEmpty { graph = savepoint }
      try graph.update(User.self, 2) { $0.name = "Grace H." }
    }
    #expect(store.snapshot[User.self].count == 3)
    #expect(store.snapshot.find(User.self, 2)?.name == "Grace H.")
    var draft = store.snapshot
    try draft.delete(User.self, 1)
    let wouldGo = store.snapshot[Post.self].count - draft[Post.self].count
    #expect(wouldGo == 2)
    #expect(store.snapshot[Post.self].count == 6)
  }

  @Test func `checks deferred foreign keys at the end`() throws {
    let mail = GraphStore(try Schema { Message.self })
    try mail.write { graph in
      try graph.insert(Message(id: 2, answerTo: 1))
      try graph.insert(Message(id: 1, answerTo: nil))
    }
    #expect(mail.snapshot[Message.self, 1].answers.ids == [2])
    #expect(
      throws: GraphError.missingReference(
        constraint: "fk_messages_answer_to_messages", table: "messages", key: "9")
    ) { try mail.write { try $0.insert(Message(id: 3, answerTo: 9)) } }
    #expect(mail.snapshot[Message.self].count == 2)
  }

  @Test func `expects a version`() throws {
    let store = try Network.store(users: 3)
    let seen = store.snapshot
    let next = (seen[User.self].ids.max() ?? 0) + 1
    try store.write(expecting: seen.version) { graph in
      try graph.insert(User(id: next, handle: "user\(next)", name: nil))
    }
    #expect(store.version == seen.version + 1)
    #expect(try store.write { $0.version } == store.version)
    #expect(store.snapshot.find(User.self, 4)?.handle == "user4")
    #expect(throws: GraphError.conflict(expected: 1, found: 2)) {
      try store.write(expecting: seen.version) { _ in () }
    }
  }

  @Test func `observes a value`() async throws {
    let store = try Network.store(users: 3, follows: [(1, 2)])
    var counts = store.observe { $0[User.self, 2].followers.count }.makeAsyncIterator()
    let before = await counts.next()
    try await store.write { try $0.append(3, to: User.followers, of: 2) }
    let after = await counts.next()
    #expect(before == 1 && after == 2)
  }

  @Test func `follows changes`() async throws {
    let store = try Network.store(users: 3)
    var log: [String] = []
    let old = store.snapshot
    var changes = store.changes.makeAsyncIterator()
    try await store.write { graph in
      try graph.update(User.self, 3) { $0.name = "Edsger" }
      try graph.append(1, to: User.following, of: 3)
    }
    if let change = await changes.next() {
      for (before, after) in change.updated(User.self) {
        log.append("\(before.name ?? "nobody") is now \(after.name ?? "nobody")")
      }
      for (source, target) in change.appended(User.follows) {
        log.append("\(source) follows \(target)")
      }
    }
    #expect(log == ["nobody is now Edsger", "3 follows 1"])
    try await store.write { _ = try $0.delete(User.self, 2) }
    let new = store.snapshot
    let change = Change(from: old, to: new)
    let gone = change.deleted(User.self).map(\.handle)
    #expect(gone == ["user2"])
    // A key that changes is an update, and no link comes or goes.
    try await store.write { _ = try $0.update(User.self, 1) { $0.id = 10 } }
    let renaming = Change(from: new, to: store.snapshot)
    #expect(renaming.updated(User.self).map { [$0.before.id, $0.after.id] } == [[1, 10]])
    #expect(renaming.inserted(User.self).isEmpty && renaming.deleted(User.self).isEmpty)
    #expect(renaming.appended(User.follows).isEmpty && renaming.removed(User.follows).isEmpty)
    #expect(store.snapshot.contains(10, in: User.following, of: 3))
  }

  @Test func `checks and measures`() throws {
    let store = try Network.store(users: 3, follows: [(1, 2)])
    try store.snapshot.validate()
    let statistics = store.snapshot.statistics
    let follows = statistics["follows"]?.count ?? 0
    #expect(follows == 1)
    let lines = "\(statistics)".split(separator: "\n")
    #expect(lines.count == 10 && lines[0].hasPrefix("users: 3, "))
    #expect(lines[5] == "follows: 1, \(statistics["follows"]?.bytes ?? 0) bytes")
  }

  @Test func `compacts`() throws {
    let store = try Network.store(users: 3, follows: [(1, 2), (1, 3)])
    try store.write { _ = try $0.delete(User.self, 2) }
    try store.compact()
    #expect(store.snapshot[User.self].ids == [1, 3])
    #expect(store.snapshot[User.self, 1].following.ids == [3])
  }
}
