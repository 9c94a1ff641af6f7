extension Adjacency {
  /// Adds links that are in order already to an adjacency that is empty.
  ///
  /// - Parameters:
  ///   - offsets: Where each source's targets start, and after the last source, where they end.
  ///   - targets: The targets of all sources, each source's ascending and without repeats.
  ///   - targetCount: One more than the largest target.
  ///   - workers: What the work is shared out to.
  /// - Complexity: O(links + rows).
  package mutating func fill(
    offsets: [UInt32], targets: [UInt32], targetCount: Int, workers: Workers = .alone
  ) {
    precondition(count == 0, "only an empty adjacency is filled")
    let geometry = geometry
    let transposed = Transposition(
      offsets: offsets.span, targets: targets.span, targetCount: targetCount, workers)
    let directions = Locked<[Direction: Runs]>([:])
    workers.run(2) { part in
      let direction: Direction = part == 0 ? .forward : .backward
      let runs =
        part == 0
        ? Runs(offsets: offsets.span, targets: targets.span, geometry: geometry)
        : transposed.runs(geometry)
      directions.withLock { $0[direction] = runs }
    }
    let both = directions.withLock { $0 }
    adopt(
      forward: both[.forward] ?? forward, backward: both[.backward] ?? backward,
      count: targets.count)
  }
}

/// The links of a static CSR, by their targets.
///
/// A counting sort: each target's links are counted, which says where its run starts, and then the
/// sources, which come ascending, go to the ends of the runs. Workers take the links of neighbouring
/// sources each, and count for themselves; in a run the sources of the first worker come first:
///
/// ```
///   run of a target   │ of worker 0 │ of worker 1 │ …
///                     ▲ ends[0]     ▲ ends[1]
/// ```
private struct Transposition: ~Copyable, Sendable {
  private let offsets: WordBuffer<UInt32>
  private let sources: WordBuffer<UInt32>
  private let targetCount: Int

  init(
    offsets forward: Span<UInt32>, targets: Span<UInt32>, targetCount: Int, _ workers: Workers
  ) {
    self.targetCount = targetCount
    let parts = workers.parts(of: forward)
    let ends = WordBuffer<UInt32>(count: parts.count * targetCount)
    let sources = WordBuffer<UInt32>(count: targets.count)
    workers.run(parts.count) { part in
      Transposition.count(parts[part], forward, targets, ends, part * targetCount, targetCount)
    }
    offsets = Transposition.accumulate(ends, parts: parts.count, targetCount)
    workers.run(parts.count) { part in
      Transposition.place(parts[part], forward, targets, ends, part * targetCount, sources)
    }
    self.sources = sources
  }

  /// Counts the links of some sources, by target.
  private static func count(
    _ part: Range<Int>, _ offsets: Span<UInt32>, _ targets: Span<UInt32>,
    _ counts: borrowing WordBuffer<UInt32>, _ first: Int, _ targetCount: Int
  ) {
    counts.clear(targetCount, from: first)
    for place in Int(offsets[part.lowerBound])..<Int(offsets[part.upperBound]) {
      let target = Int(targets[place])
      precondition(target < targetCount, "links join rows that exist")
      counts[first &+ target] &+= 1
    }
  }

  /// Makes counts into the places where the sources of each worker go.
  ///
  /// - Returns: Where each run starts, and after the last, where it ends.
  private static func accumulate(
    _ counts: borrowing WordBuffer<UInt32>, parts: Int, _ targetCount: Int
  ) -> WordBuffer<UInt32> {
    let offsets = WordBuffer<UInt32>(count: targetCount + 1)
    var sum: UInt32 = 0
    for target in 0..<targetCount {
      offsets[target] = sum
      var index = target
      for _ in 0..<parts {
        let count = counts[index]
        counts[index] = sum
        sum += count
        index &+= targetCount
      }
    }
    offsets[targetCount] = sum
    return offsets
  }

  /// Puts some sources into the runs of their targets.
  private static func place(
    _ part: Range<Int>, _ offsets: Span<UInt32>, _ targets: Span<UInt32>,
    _ ends: borrowing WordBuffer<UInt32>, _ first: Int, _ sources: borrowing WordBuffer<UInt32>
  ) {
    for source in part {
      for place in Int(offsets[source])..<Int(offsets[source &+ 1]) {
        let index = first &+ Int(targets[place])
        let end = ends[index]
        ends[index] = end &+ 1
        sources[Int(end)] = UInt32(truncatingIfNeeded: source)
      }
    }
  }

  /// The runs of sources.
  borrowing func runs(_ geometry: RunGeometry) -> Runs {
    offsets.withPrefix(targetCount + 1) { offsets in
      sources.withPrefix(sources.count) {
        Runs(offsets: offsets, targets: $0, geometry: geometry)
      }
    }
  }
}
