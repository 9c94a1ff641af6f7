import Kith
import Testing

/// What a store keeps of the version before the last write.
@Suite struct `A superseded version` {
  private final class Token: Sendable {}

  private struct Holder: Row {
    var id: Int
    var round = 0
    /// No column: it shows which versions live.
    var token: Token?

    static let table = Table(
      "holders", { Holder(id: $0, round: $1) }, Column("id", \.id), Column("round", \.round))
    static let knows = Association("knows", from: Holder.self, "a", to: Holder.self, "b")
  }

  private func store() throws -> GraphStore {
    GraphStore(
      try Schema {
        Holder.self
        Holder.knows
      })
  }

  /// Puts a row with a token into a store, and returns the token.
  private func tokenInStore(_ store: GraphStore) throws -> Token {
    let token = Token()
    try store.write { try $0.insert(Holder(id: 1, token: token)) }
    return token
  }

  @Test func `is freed by the next write, and not by the last reader`() throws {
    let store = try store()
    weak var token: Token?
    var reader: Graph?
    do {
      token = try tokenInStore(store)
      reader = store.snapshot
    }
    try store.write { try $0.upsert(Holder(id: 1, round: 1)) }
    #expect(reader?.find(Holder.self, 1)?.token === token)
    #expect(token != nil)
    reader = nil
    #expect(token != nil, "who read last has nothing to free")
    try store.write { try $0.insert(Holder(id: 2)) }
    #expect(token == nil, "no more than one version is kept")
  }

  @Test func `is not kept when it would hold much`() throws {
    let store = try store()
    weak var token: Token?
    do { token = try tokenInStore(store) }
    #expect(token != nil)
    try store.write { graph in
      try graph.upsert(Holder(id: 1, round: 1))
      try graph.insert(contentsOf: (2...5_000).map { Holder(id: $0) })
      try graph.load(Holder.knows, (1..<5_000).map { ($0, $0 + 1) })
    }
    #expect(token == nil)
  }

  @Test func `goes with its store`() throws {
    weak var token: Token?
    do {
      let store = try store()
      token = try tokenInStore(store)
      try store.write { try $0.upsert(Holder(id: 1, round: 1)) }
      #expect(token != nil)
    }
    #expect(token == nil)
  }
}
