import Foundation
import Kith
import KithCore
import KithTestSupport
import Testing

/// How many histories are recorded, of 300 transactions each. `KITH_STEPS` multiplies it.
private let histories: UInt64 = {
  let times = ProcessInfo.processInfo.environment["KITH_STEPS"].flatMap { UInt64($0) } ?? 1
  return UInt64(effort(release: 40, debug: 20)) * times
}()

@Suite(.serialized) struct `Histories of many writers` {
  /// Threads and tasks append to lists and read them, in writes, in snapshots, and in writes that
  /// expect the version of a snapshot. Some take all back in the end, some a part.
  @Test func `show no anomaly`() async throws {
    var (committed, aborted) = (0, 0)
    for seed in 0..<histories {
      let lists = try AppendOnlyLists(GraphStore(AppendOnlyLists.schema()))
      let history = try await lists.record(workers: 6, transactions: 50, seed: seed)
      let found = history.anomalies()
      #expect(found.isEmpty, "seed \(seed): \(found)")
      try lists.store.snapshot.validate()
      let count = history.transactions.count { $0.isCommitted }
      committed += count
      aborted += history.transactions.count - count
    }
    #expect(committed > 200 * histories && aborted > 20 * histories)
    if ProcessInfo.processInfo.environment["KITH_STATISTICS"] != nil {
      print("histories: \(histories), \(committed) transactions committed, \(aborted) not")
    }
  }

  /// What a snapshot showed may be over when a write comes that expects no version.
  @Test func `show the update that is lost when a write does not expect its snapshot`() throws {
    let lists = try AppendOnlyLists(GraphStore(AppendOnlyLists.schema()))
    let clock = Ticks()
    func transaction(_ value: Int, from snapshot: Graph) throws -> History.Transaction {
      let start = clock.next()
      let seen = try lists.perform([.read(0)], reading: snapshot)
      try lists.store.write { _ = try lists.perform([.append(value, to: 0)], in: &$0) }
      return .init(seen + [.append(value, to: 0)], time: start..<clock.next())
    }
    let snapshot = lists.store.snapshot
    let history = History([
      try transaction(1, from: snapshot), try transaction(2, from: snapshot),
      .init(try lists.perform([.read(0)], reading: lists.store.snapshot)),
    ])
    #expect(Set(history.anomalies().map(\.kind)) == [.lostUpdate, .singleSkew])
  }
}
