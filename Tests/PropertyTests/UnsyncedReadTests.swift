import Dispatch
import Kith
import KithCore
import KithTestSupport
import Testing

/// Writes that change nothing, and read what another has written and not yet synced.
@Suite struct `A write that read what is not synced` {
  private let disk = SimulatedDisk()
  private let syncs = DispatchSemaphore(value: 0)
  private let mayEnd = DispatchSemaphore(value: 0)

  /// A store, and a write of the first member whose sync is under way.
  private func storeThatSyncs() async throws -> (GraphStore, writing: Task<Void, any Error>) {
    let store = try GraphStore(SocialModel.schema(), on: disk)
    disk.delaySyncs { [syncs, mayEnd] in
      syncs.signal()
      mayEnd.wait()
    }
    let writing = Task {
      _ = try await store.write { try $0.insert(Member(id: 1, handle: "1")) }
    }
    await wait(for: syncs)
    return (store, writing)
  }

  /// What a write that only reads has found, and what the store holds when it has returned.
  private func reading(_ store: GraphStore) -> Task<(found: Bool, isThere: Bool), any Error> {
    Task {
      let found = try await store.write { $0.find(Member.self, 1) != nil }
      return (found, store.snapshot.find(Member.self, 1) != nil)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `returns when it is`() async throws {
    let (store, writing) = try await storeThatSyncs()
    let reads = [reading(store), reading(store)]
    // They wait by now, or come later.
    try await Task.sleep(for: .milliseconds(50))
    let calls = disk.calls
    disk.delaySyncs {}
    mayEnd.signal()
    for read in reads {
      let (found, isThere) = try await read.value
      #expect(found && isThere)
    }
    try await writing.value
    #expect(store.version == 1)
    // The one sync that was under way is all that they need.
    #expect(disk.calls == calls + 1)
  }

  @Test(.timeLimit(.minutes(1))) func `fails if it never is`() async throws {
    let (store, writing) = try await storeThatSyncs()
    let read = reading(store)
    try await Task.sleep(for: .milliseconds(50))
    disk.delaySyncs {}
    disk.plan(.fail, at: 0)
    mayEnd.signal()
    await #expect(throws: GraphError.self) { try await writing.value }
    // If it came later, it found what was published.
    if let (found, isThere) = try? await read.value { #expect(!found && !isThere) }
    #expect(store.version == 0)
    try await store.write { try $0.insert(Member(id: 2, handle: "2")) }
    #expect(store.snapshot[Member.self].ids == [2])
  }

  @Test func `tells nobody of a change`() async throws {
    let (store, writing) = try await storeThatSyncs()
    var changes = store.changes.makeAsyncIterator()
    let read = reading(store)
    try await Task.sleep(for: .milliseconds(50))
    disk.delaySyncs {}
    mayEnd.signal()
    try await writing.value
    _ = try await read.value
    try store.close()
    #expect(await changes.next()?.version == 1)
    #expect(await changes.next() == nil)
  }
}
