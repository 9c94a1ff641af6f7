import Dispatch
import Foundation
import KithCore
import Synchronization

/// Runs the chunks of a large piece of work on all cores.
///
/// Workers take the next chunk from a counter until there is none, or the calling task is
/// cancelled. The calling thread is one of the workers, and the only one that has a task to ask; it
/// tells the others.
///
/// ```
///   chunks    0 1 2 3 4 5 6 …        next ──▶ 7
///             a b b a a b a
/// ```
package struct Parallel: Sendable {
  /// The number of workers, or nil for one a core.
  package var workers: Int?
  /// The least work of a chunk, in paths.
  package var leastWork = 1 << 16
  /// Called when a chunk is done; tests count them.
  package var didChunk: (@Sendable () -> Void)?

  package init() {}

  /// The most chunks a worker, hubs included: so many that workers end together.
  private static let chunksAWorker = 64

  /// The sum of the numbers that `work` gives for ranges of a join's sources, or `Int.max` if it is
  /// larger; of fewer ranges if the calling task is cancelled.
  func sum(over join: WholeJoin, _ work: @Sendable (Range<Int>) -> Int) -> Int {
    let workers = join.takesLess(than: 2 * leastWork) ? 1 : workerCount
    let chunks = join.chunks(
      atMost: workers * Parallel.chunksAWorker, ofAtLeast: leastWork)
    let sum = Locked(0)
    run(chunks.count, on: workers) { chunk in
      let number = work(chunks[chunk])
      sum.withLock { $0 = $0.plusPaths(number) }
    }
    return sum.withLock { $0 }
  }

  /// The number of paths from each of some rows; 0 for those not yet counted when the calling task
  /// is cancelled.
  func pathCounts(_ join: WholeJoin, from sources: [UInt32]) -> [Int] {
    if join.countsPathsByDegree || sources.count < 2 { return join.pathCounts(from: sources[...]) }
    let chunks = join.chunks(
      of: sources, atMost: workerCount * Parallel.chunksAWorker, ofAtLeast: leastWork)
    let counted = Locked<[Int: [Int]]>([:])
    run(chunks.count, on: workerCount) { chunk in
      let counts = join.pathCounts(from: sources[chunks[chunk]])
      counted.withLock { $0[chunk] = counts }
    }
    let counts = counted.withLock { $0 }
    return chunks.indices.flatMap { counts[$0] ?? [Int](repeating: 0, count: chunks[$0].count) }
  }

  /// The number of workers for large work.
  var workerCount: Int { workers ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Calls `work` with the number of every chunk, once each, in no order; with fewer if the calling
  /// task is cancelled.
  func run(_ chunks: Int, on workers: Int, _ work: @Sendable (Int) -> Void) {
    // Asked here too, because workers without a task may start before the one that has it.
    if Task.isCancelled { return }
    let next = Atomic(0)
    let stops = Atomic(false)
    @Sendable func takeChunks() {
      while !stops.load(ordering: .relaxed) {
        if Task.isCancelled {
          stops.store(true, ordering: .relaxed)
          return
        }
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= chunks { return }
        work(chunk)
        didChunk?()
      }
    }
    let count = min(workers, chunks)
    if count <= 1 { return takeChunks() }
    DispatchQueue.concurrentPerform(iterations: count) { _ in takeChunks() }
  }
}
