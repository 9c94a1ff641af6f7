import Kith
import Testing

@Suite struct `Transactions of a store` {
  private typealias User = Users.User
  private typealias Address = Users.Address

  /// A store with the user 1 "ed", who has the address 1 "foo".
  private static func store() throws -> GraphStore {
    let store = GraphStore(try Users.schema())
    try store.write { graph in
      try graph.insert(User(id: 1, name: "ed"))
      try graph.insert(Address(id: 1, user: 1, email: "foo"))
    }
    return store
  }

  private struct Interruption: Error {}

  private static func rename(_ graph: inout Graph) throws {
    try graph.update(User.self, 1) { $0.name = "edward" }
    try graph.update(Address.self, 1) { $0.email = "foober" }
  }

  private static func names(_ graph: Graph) -> [String] { graph[User.self].map(\.name) }

  @Test func `116: a taken key rolls the whole write back`() throws {
    let store = try Self.store()
    let before = store.snapshot
    #expect(
      throws: GraphError.duplicateKey(constraint: "pk_users", table: "users", key: "1")
    ) {
      try store.write { graph in
        try Self.rename(&graph)
        try graph.insert(User(id: 2, name: "jack"))
        try graph.insert(User(id: 1, name: "another ed"))
      }
    }
    #expect(Change(from: before, to: store.snapshot).isEmpty)
    #expect(Self.names(store.snapshot) == ["ed"])
    try store.write { try Self.rename(&$0) }
    #expect(Self.names(store.snapshot) == ["edward"])
    #expect(store.snapshot[Address.self].map(\.email) == ["foober"])
  }

  // Differs: a savepoint is a copy of the graph. To release it is to forget it, to roll back to it
  // is to assign it.

  @Test func `118: a savepoint that is forgotten keeps everything`() throws {
    let store = try Self.store()
    func insertFour(_ graph: inout Graph) throws {
      try graph.insert(User(id: 2, name: "jack"))
      try graph.insert(User(id: 3, name: "fred"))
      let savepoint = graph
      try graph.insert(User(id: 4, name: "chuck"))
      try graph.insert(User(id: 5, name: "wendy"))
      #expect(savepoint[User.self].count == 3)
    }
    #expect(throws: Interruption.self) {
      try store.write { graph in
        try insertFour(&graph)
        throw Interruption()
      }
    }
    #expect(Self.names(store.snapshot) == ["ed"])
    try store.write { try insertFour(&$0) }
    #expect(Self.names(store.snapshot) == ["ed", "jack", "fred", "chuck", "wendy"])
  }

  @Test func `119: going back to a savepoint keeps what came before it`() throws {
    let store = try Self.store()
    try store.write { graph in
      try graph.insert(Address(id: 2, user: 1, email: "bar"))
      let savepoint = graph
      try graph.insert(User(id: 2, name: "jack"))
      try graph.insert(Address(id: 3, user: 2, email: "bat"))
      graph = savepoint
      #expect(graph.find(User.self, 2) == nil)
    }
    let graph = store.snapshot
    #expect(graph[User.self, 1].addresses.map(\.email) == ["foo", "bar"])
    #expect(Self.names(graph) == ["ed"])
    #expect(graph[Address.self].count == 2)
    try graph.validate()
  }

  @Test func `121: a failure after a savepoint leaves the work before it to be committed`() throws {
    let store = try Self.store()
    try store.write { graph in
      try graph.insert(User(id: 2, name: "jack"))
      let savepoint = graph
      do {
        try graph.insert(User(id: 3, name: "fred"))
        try graph.insert(User(id: 2, name: "another jack"))
      } catch {
        #expect(
          error as? GraphError
            == .duplicateKey(constraint: "pk_users", table: "users", key: "2"))
        graph = savepoint
      }
    }
    #expect(Self.names(store.snapshot) == ["ed", "jack"])
  }

  @Test func `122: a reader keeps its snapshot, and a new one sees the write`() throws {
    let store = try Self.store()
    let early = store.snapshot
    try store.write { graph in
      try Self.rename(&graph)
      #expect(Self.names(graph) == ["edward"])
      #expect(Self.names(early) == ["ed"])
      #expect(Self.names(store.snapshot) == ["ed"])
    }
    #expect(Self.names(early) == ["ed"])
    #expect(early.version == 1)
    #expect(Self.names(store.snapshot) == ["edward"])
    #expect(store.version == 2)
  }

  @Test func `124: an error in the middle of a write leaves the store as it was`() throws {
    let store = GraphStore(try Users.schema())
    let full = try Users.graph()
    try store.write { $0 = try Users.graph($0) }
    let before = store.snapshot
    #expect(throws: Interruption.self) {
      try store.write { graph in
        try graph.delete(Users.Order.self, 1)
        try graph.delete(graph[Address.self].filter(\.user == 8 && \.id != 4))
        try graph.update(graph[Users.Item.self]) { $0.text += "!" }
        try graph.replace(Users.Item.keywords, of: 5, with: [1, 2, 3])
        #expect(!Change(from: before, to: graph).isEmpty)
        throw Interruption()
      }
    }
    #expect(Change(from: before, to: store.snapshot).isEmpty)
    #expect(store.version == before.version)
    #expect(store.snapshot[Users.Item.self].map(\.text) == full[Users.Item.self].map(\.text))
    try store.snapshot.validate()
  }

  @Test func `125: a write that changes nothing makes no version and wakes nobody`() async throws {
    let store = try Self.store()
    var changes = store.changes.makeAsyncIterator()
    try await store.write { _ in }
    try await store.write { graph in
      graph.remove(1, from: Users.Order.items, of: 1)
      try graph.delete(User.self, 99)
    }
    // Nor one that says again what is there.
    let user = try #require(store.snapshot[User.self].first)
    let ids = store.snapshot[User.self].ids
    try await store.write { graph in
      try graph.update(User.self, user.id) { _ in }
      try graph.upsert(user)
      try graph.update(graph[User.self, ids]) { $0.name = "\($0.name)" }
    }
    // Nor one that changes all back.
    let ended = try await store.write { graph in
      try graph.insert(User(id: -7, name: "ed"))
      try graph.update(User.self, user.id) { $0.name = "another" }
      try graph.delete(User.self, -7)
      try graph.update(User.self, user.id) { $0.name = user.name }
      return graph.version
    }
    #expect(store.version == 1 && ended == 1)
    try await store.write { graph in try graph.insert(User(id: 2, name: "jack")) }
    let first = try #require(await changes.next())
    #expect(first.version == 2)
    #expect(first.inserted(User.self).map(\.name) == ["jack"])
  }
}
