import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// How many threads and tasks write, and how often each.
private let (writers, writesEach) = (6, 60)
private let writes = writers * writesEach

@Suite struct `Observers of many writers` {
  /// When all has been written and the store is gone, every observer has seen the last value and has
  /// ended, and nothing holds what its closure held.
  @Test(arguments: 0..<3)
  func `miss no last value, and end with the store`(round: Int) async throws {
    weak var token: Token?
    do {
      let held = Token()
      token = held
      try await observe(held)
    }
    #expect(token == nil, "a closure is held though nobody observes")
  }

  private func observe(_ token: Token) async throws {
    var store: GraphStore? = GraphStore(try SocialModel.schema())
    let observers = LoadObservers(of: try #require(store), holding: token)
    try await write(to: try #require(store))
    await observers.waitUntilArrived()
    store = nil
    for observer in observers.values {
      let seen = await observer.value
      #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }, "\(seen)")
      #expect(seen.last == writes)
    }
    for observer in observers.changes {
      let versions = await observer.value
      #expect(versions == Array(1...writes))
    }
  }

  /// Each write inserts a member and a note.
  private func write(to store: GraphStore) async throws {
    try await withThrowingTaskGroup { group in
      for writer in 0..<writers {
        group.addTask {
          if writer % 2 == 0 {
            try await writeOnThread(writer, to: store)
          } else {
            for id in writer * writesEach..<(writer + 1) * writesEach {
              try await store.write { try insert(id, into: &$0) }
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func writeOnThread(_ writer: Int, to store: GraphStore) async throws {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            for id in writer * writesEach..<(writer + 1) * writesEach {
              try store.write { try insert(id, into: &$0) }
            }
          })
      }
    }
  }

  private func insert(_ id: Int, into graph: inout Graph) throws {
    try graph.insert(Member(id: id, handle: "m\(id)"))
    try graph.insert(Note(id: "\(id)", author: id, about: nil, score: 1))
  }
}

private final class Token: Sendable {}

/// Tasks that observe values and changes of a store until it is gone.
private struct LoadObservers {
  /// The values that each saw.
  let values: [Task<[Int], Never>]
  /// The versions that each was told of.
  let changes: [Task<[Int], Never>]
  /// How many have seen the last value.
  private let arrived: Arrived

  private final class Arrived: Sendable {
    let count = Locked(0)
  }

  init(of store: GraphStore, holding token: Token) {
    let arrived = Arrived()
    self.arrived = arrived
    values = (0..<12).map { number in
      let stream = store.observe { graph in
        withExtendedLifetime(token) {
          number % 2 == 0 ? graph[Member.self].count : graph[Note.self].reduce(0) { $0 + $1.score }
        }
      }
      return Task {
        var seen: [Int] = []
        for await value in stream {
          seen.append(value)
          if value == writes { arrived.count.withLock { $0 += 1 } }
        }
        return seen
      }
    }
    changes = (0..<4).map { _ in
      let stream = store.changes
      return Task {
        var versions: [Int] = []
        for await change in stream where change.inserted(Member.self).count == 1 {
          versions.append(change.version)
        }
        return versions
      }
    }
  }

  /// Waits until all have seen the last value, or half a minute: then it is lost.
  func waitUntilArrived() async {
    for _ in 0..<3_000 where arrived.count.withLock({ $0 }) < values.count {
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}
