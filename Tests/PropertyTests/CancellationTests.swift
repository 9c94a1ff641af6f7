import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

@Suite struct `Tasks that are cancelled` {
  /// A thread holds the turn while tasks and threads queue up, and some tasks are cancelled there.
  @Test(arguments: 0..<12 as Range<UInt64>)
  func `write nothing if they were waiting, and hold nobody up`(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let store = GraphStore(try SocialModel.schema())
    let holder = TurnHolder(store)
    await holder.entered()
    let isDoomed = (1...40).map { _ in random.chance(50) }
    let tasks = isDoomed.indices.map { id in
      Task { try await store.write { try $0.insert(Member(id: id, handle: "m\(id)")) } }
    }
    let threads = ThreadWrites(store, ids: 100..<104)
    for (task, isDoomed) in zip(tasks, isDoomed).shuffled(using: &random) where isDoomed {
      if random.chance(30) { await Task.yield() }
      task.cancel()
    }
    for (task, isDoomed) in zip(tasks, isDoomed) where isDoomed {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(store.version == 0)
    holder.leave()
    for (task, isDoomed) in zip(tasks, isDoomed) where !isDoomed { try await task.value }
    await threads.done()
    let expected = isDoomed.indices.filter { !isDoomed[$0] } + Array(100..<104)
    #expect(store.snapshot[Member.self].ids.sorted() == expected)
    #expect(store.version == expected.count)
    try store.snapshot.validate()
  }

  /// What is cancelled may be before its write, in it or after it.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `have written all of a write, or none of it, and know which`(seed: UInt64) async throws {
    let store = GraphStore(try SocialModel.schema())
    /// How many writes of each task have returned.
    let completed = Completed()
    let tasks = (0..<30).map { id in
      Task {
        for round in 0..<20 {
          try await store.write { graph in
            try graph.insert(Member(id: id * 100 + round, handle: "\(id) \(round)"))
            if round > 0 {
              try graph.append(id * 100 + round - 1, to: Member.following, of: id * 100 + round)
            }
            try graph.insert(
              Note(id: "\(id) \(round)", author: id * 100 + round, about: nil, score: round))
          }
          completed.counts.withLock { $0[id, default: 0] += 1 }
        }
      }
    }
    var random = SplitMix64(seed: seed)
    for task in tasks.shuffled(using: &random) where random.chance(60) {
      for _ in 0..<random.number(below: 40) { await Task.yield() }
      task.cancel()
    }
    for task in tasks { _ = await task.result }
    let counts = completed.counts.withLock { $0 }
    let graph = store.snapshot
    try graph.validate()
    #expect(store.version == counts.values.reduce(0, +))
    for id in tasks.indices {
      let count = counts[id] ?? 0
      let ids = (0..<count).map { id * 100 + $0 }
      #expect(graph[Member.self].filter { $0.id / 100 == id }.ids == ids)
      #expect(graph[Member.self, ids].notes.count == count)
      #expect(graph[Member.self, ids].following.count == max(count - 1, 0))
    }
  }

  private final class Completed: Sendable {
    let counts = Locked<[Int: Int]>([:])
  }
}

@Suite struct `Observers that end in the middle` {
  /// Some are cancelled, some stop by themselves, and the closures of some throw.
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `leave nothing behind, and the others see the last value`(seed: UInt64) async throws {
    let store = GraphStore(try SocialModel.schema())
    weak var token: Token?
    do {
      let held = Token()
      token = held
      try await observe(store, held, seed)
    }
    #expect(token == nil, "a closure is held though nobody observes")
    try await store.write { try $0.insert(Member(id: 0, handle: "last")) }
  }

  private final class Token: Sendable {}

  private struct Stopped: Error {}

  private func observe(_ store: GraphStore, _ token: Token, _ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let last = 200
    let observers = (0..<24).map { number in
      let limit = random.number(below: 12)
      return Task {
        var seen: [Int] = []
        let counts = store.observe { graph in
          let count = withExtendedLifetime(token) { graph[Member.self].count }
          if number % 4 == 1, count > limit { throw Stopped() }
          return count
        }
        do {
          for try await count in counts {
            seen.append(count)
            if number % 4 == 2, seen.count > limit || count == last { break }
            if number % 4 == 3, count == last { break }
          }
        } catch {
          #expect(error is Stopped && number % 4 == 1)
        }
        return seen
      }
    }
    for id in 1...last {
      try await store.write { try $0.insert(Member(id: id, handle: "m\(id)")) }
      let number = 4 * random.number(below: 6)
      if random.chance(10) { observers[number].cancel() }
    }
    for number in stride(from: 0, to: 24, by: 4) { observers[number].cancel() }
    for (number, observer) in observers.enumerated() {
      let seen = await observer.value
      #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }, "observer \(number): \(seen)")
      if number % 4 == 3 { #expect(seen.last == last) }
    }
  }
}

@Suite struct `A task whose turn to write has come` {
  /// As many threads as tasks run on wait for their own turns behind it.
  @Test func `is not waited for by the threads that it would have to run on`() async throws {
    let store = GraphStore(try SocialModel.schema())
    let holder = TurnHolder(store)
    await holder.entered()
    let first = Task { try await store.write { try $0.insert(Member(id: 0, handle: "task")) } }
    for _ in 0..<100 { await Task.yield() }
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let waiting = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for _ in 0..<threads { waiting.wait() }
      holder.leave()
    }
    let others = (1...threads * 3).map { id in
      Task {
        waiting.signal()
        try Self.writeAtOnce(store, id)
      }
    }
    try await first.value
    for other in others { try await other.value }
    #expect(store.snapshot[Member.self].count == threads * 3 + 1)
    #expect(store.version == threads * 3 + 1)
  }

  /// Keeps the thread until it is done.
  private static func writeAtOnce(_ store: GraphStore, _ id: Int) throws {
    try store.write { try $0.insert(Member(id: id, handle: "m\(id)")) }
  }
}

/// A thread that has the turn to write until it is told to leave.
private final class TurnHolder: Sendable {
  private let (inside, outside) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))

  init(_ store: GraphStore) {
    let (inside, outside) = (inside, outside)
    Thread.detachNewThread {
      try? store.write { _ in
        inside.signal()
        outside.wait()
      }
    }
  }

  func entered() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [inside] in
        inside.wait()
        continuation.resume()
      }
    }
  }

  func leave() { outside.signal() }
}

/// Threads that each insert a member, and wait their turn for it.
private final class ThreadWrites: Sendable {
  private let written = DispatchSemaphore(value: 0)
  private let count: Int

  init(_ store: GraphStore, ids: Range<Int>) {
    count = ids.count
    for id in ids {
      Thread.detachNewThread { [written] in
        try? store.write { try $0.insert(Member(id: id, handle: "m\(id)")) }
        written.signal()
      }
    }
  }

  /// Waits until all have written.
  func done() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [written, count] in
        for _ in 0..<count { written.wait() }
        continuation.resume()
      }
    }
  }
}
