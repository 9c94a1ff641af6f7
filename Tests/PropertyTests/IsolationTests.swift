import Kith
import KithTestSupport
import Testing

/// The anomalies that LDBC's tests of isolation look for (Waudby and others, *Towards Testing ACID
/// Compliance in the LDBC Social Network Benchmark*, TPCTC 2020), where writers take turns and
/// readers have snapshots.
@Suite struct `Isolation as LDBC tests it` {
  private struct Interrupted: Error {}

  /// Members 1 to 4, each with a note whose score is a version, and who follow each other in a ring.
  private static func store() throws -> GraphStore {
    let store = GraphStore(try SocialModel.schema())
    try store.write { graph in
      for id in 1...4 {
        try graph.insert(Member(id: id, handle: "m\(id)"))
        try graph.insert(Note(id: "\(id)", author: id, about: nil, score: 0))
      }
      for id in 1...4 { try graph.append(id % 4 + 1, to: Member.following, of: id) }
    }
    return store
  }

  private static func version(_ note: String, _ graph: Graph) throws -> Int {
    try graph.require(Note.self, note).score
  }

  /// Runs a transaction again and again in some tasks.
  private func inTasks(
    _ count: Int, times: Int = 50, _ body: @escaping @Sendable (_ task: Int) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup { group in
      for task in 0..<count {
        group.addTask { for _ in 0..<times { try await body(task) } }
      }
      try await group.waitForAll()
    }
  }

  @Test func `G0: writes of two transactions do not mix`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      try await store.write { graph in
        for note in ["1", "2", "3"] {
          try graph.update(Note.self, note) { $0.score = $0.score * 7 % 1_000_003 + task }
        }
      }
      let graph = store.snapshot
      #expect(try Self.version("1", graph) == Self.version("2", graph))
      #expect(try Self.version("2", graph) == Self.version("3", graph))
    }
  }

  @Test func `G1a: what is taken back is never read`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task > 1 { return try #expect(Self.version("1", store.snapshot) == 0) }
      await #expect(throws: Interrupted.self) {
        try await store.write { graph in
          try graph.update(Note.self, "1") { $0.score = 1 }
          try #expect(Self.version("1", store.snapshot) == 0)
          throw Interrupted()
        }
      }
    }
  }

  @Test func `G1b: what a transaction writes before its last is never read`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task > 1 { return try #expect(Self.version("1", store.snapshot).isMultiple(of: 2)) }
      try await store.write { graph in
        try graph.update(Note.self, "1") { $0.score += 1 }
        #expect(try Self.version("1", store.snapshot).isMultiple(of: 2))
        try graph.update(Note.self, "1") { $0.score += 1 }
      }
    }
    #expect(try Self.version("1", store.snapshot) == 200)
  }

  @Test func `G1c: of two transactions only one reads the other`() async throws {
    let store = try Self.store()
    let last = Ticks()
    try await inTasks(4) { task in
      let number = last.next()
      let (own, other) = task % 2 == 0 ? ("1", "2") : ("2", "1")
      let seen = try await store.write { graph in
        try graph.update(Note.self, own) { $0.score = number }
        let seen = try Self.version(other, graph)
        try graph.insert(Note(id: "saw \(number)", author: 1, about: nil, score: seen))
        return seen
      }
      // Whom this one read had ended, and had not read this one.
      let back = store.snapshot.find(Note.self, "saw \(seen)")?.score
      #expect(seen == 0 || back != nil && back != number)
    }
  }

  @Test func `OTV: a transaction that was observed does not vanish`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task < 2 {
        return try await store.write { graph in
          try graph.update(graph[Member.self, 1].following.notes) { $0.score += 1 }
          try graph.update(graph[Member.self, 1].notes) { $0.score += 1 }
        }
      }
      let first = store.snapshot
      let second = store.snapshot
      let seen = try Self.version("1", first)
      #expect(try Self.version("2", first) == seen)
      #expect(try Self.version("1", second) >= seen)
      #expect(try Self.version("2", second) >= seen)
    }
  }

  @Test func `FR: all of a transaction is read, or none of it`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task < 2 {
        return try await store.write { graph in
          try graph.update(graph[Note.self]) { $0.score += 1 }
        }
      }
      let graph = store.snapshot
      let ring = graph[Member.self, 1].reachable(through: Member.following, within: 0...4)
      #expect(Set(ring.notes.map(\.score)).count == 1)
      #expect(ring.notes.count == 4)
    }
  }

  @Test func `IMP: an item that is read twice is the same`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task < 2 {
        try await store.write { graph in _ = try graph.update(Note.self, "1") { $0.score += 1 } }
      } else {
        let graph = store.snapshot
        let seen = try Self.version("1", graph)
        await Task.yield()
        #expect(try Self.version("1", graph) == seen)
      }
    }
  }

  @Test func `PMP: a question that is asked twice has the same answer`() async throws {
    let store = try Self.store()
    let last = Ticks()
    try await inTasks(4) { task in
      if task < 2 {
        let number = last.next()
        try await store.write { graph in
          try graph.insert(Note(id: "new \(number)", author: 1, about: 2, score: 9))
        }
      } else {
        let graph = store.snapshot
        let likes = graph[Member.self, 2].mentions.filter(\.score == 9)
        let seen = likes.count
        await Task.yield()
        #expect(likes.count == seen && graph[Note.self].filter(\.score == 9).count == seen)
      }
    }
  }

  @Test func `LU: no update is lost`() async throws {
    let store = try Self.store()
    try await inTasks(4) { task in
      if task < 2 {
        try await store.write { graph in _ = try graph.update(Note.self, "1") { $0.score += 1 } }
      } else {
        try await Self.retrying(store) { snapshot, graph in
          let seen = try Self.version("1", snapshot)
          try graph.update(Note.self, "1") { $0.score = seen + 1 }
        }
      }
    }
    #expect(try Self.version("1", store.snapshot) == 200)
  }

  @Test func `WS: two transactions that each look at the other's row keep a rule of both`()
    async throws
  {
    // Either note may be set to 0 while the other is 1: never both.
    let store = try Self.store()
    try await store.write { graph in try graph.update(graph[Note.self]) { $0.score = 1 } }
    try await inTasks(4) { task in
      let (own, other) = task % 2 == 0 ? ("1", "2") : ("2", "1")
      try await Self.retrying(store) { snapshot, graph in
        let isFree = try Self.version(other, snapshot) == 1
        try graph.update(Note.self, own) { $0.score = isFree && $0.score == 1 ? 0 : 1 }
      }
      let graph = store.snapshot
      #expect(try Self.version("1", graph) + Self.version("2", graph) > 0)
    }
  }

  /// Writes what follows from a snapshot, from a newer one if somebody else has written.
  private static func retrying(
    _ store: GraphStore, _ change: @Sendable (_ snapshot: Graph, inout Graph) throws -> Void
  ) async throws {
    while true {
      let snapshot = store.snapshot
      await Task.yield()
      do {
        return try await store.write(expecting: snapshot.version) { try change(snapshot, &$0) }
      } catch GraphError.conflict {
      }
    }
  }
}
