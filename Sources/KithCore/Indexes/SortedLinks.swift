/// Links on their way into an adjacency, in any order, with repeats.
package struct LinkBatch: Sendable {
  package private(set) var sources: [UInt32] = []
  package private(set) var targets: [UInt32] = []

  package init() {}

  /// The number of links, repeats included.
  package var count: Int { sources.count }

  /// Makes room for a number of links.
  package mutating func reserveCapacity(_ count: Int) {
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
  }

  /// Adds a link.
  package mutating func append(_ source: UInt32, _ target: UInt32) {
    sources.append(source)
    targets.append(target)
  }

  /// Calls `body` with every link in order of arrival.
  package func forEach(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    for index in sources.indices { body(sources[index], targets[index]) }
  }
}

/// Distinct links as a static CSR in both directions.
///
/// Two stable passes of counting sort, by target and then by source, give sorted runs; a third
/// gives the other direction. O(links + rows) time and space.
struct SortedLinks {
  let forwardOffsets: [UInt32]
  let targets: [UInt32]
  let backwardOffsets: [UInt32]
  let sources: [UInt32]

  init(_ links: LinkBatch, sourceCount: Int, targetCount: Int) {
    let byTarget = CountingSort(links.targets.span, buckets: targetCount)
    let (sortedTargets, theirSources) = byTarget.scatter(
      keys: links.targets.span, values: links.sources.span)
    let bySource = CountingSort(theirSources.span, buckets: sourceCount)
    let (sortedSources, theirTargets) = bySource.scatter(
      keys: theirSources.span, values: sortedTargets.span)

    var keptSources: [UInt32] = []
    var keptTargets: [UInt32] = []
    keptSources.reserveCapacity(links.count)
    keptTargets.reserveCapacity(links.count)
    for index in sortedSources.indices {
      let (source, target) = (sortedSources[index], theirTargets[index])
      if index > 0, sortedSources[index - 1] == source, theirTargets[index - 1] == target {
        continue
      }
      keptSources.append(source)
      keptTargets.append(target)
    }
    forwardOffsets = CountingSort(keptSources.span, buckets: sourceCount).starts
    let backward = CountingSort(keptTargets.span, buckets: targetCount)
    backwardOffsets = backward.starts
    sources = backward.scatter(keys: keptTargets.span, values: keptSources.span).values
    targets = keptTargets
  }
}

/// A stable counting sort over keys that are less than `buckets`.
private struct CountingSort {
  /// Where each bucket starts, and after the last, where it ends.
  let starts: [UInt32]

  init(_ keys: Span<UInt32>, buckets: Int) {
    var starts = [UInt32](repeating: 0, count: buckets + 1)
    var counts = starts.mutableSpan
    for index in keys.indices { counts[Int(keys[index]) + 1] += 1 }
    for bucket in 0..<buckets { counts[bucket + 1] += counts[bucket] }
    self.starts = starts
  }

  func scatter(
    keys: Span<UInt32>, values: Span<UInt32>
  ) -> (keys: [UInt32], values: [UInt32]) {
    var next = starts
    var sortedKeys = [UInt32](repeating: 0, count: keys.count)
    var sortedValues = sortedKeys
    var places = next.mutableSpan
    var keySpan = sortedKeys.mutableSpan
    var valueSpan = sortedValues.mutableSpan
    for index in keys.indices {
      let key = keys[index]
      let place = Int(places[Int(key)])
      places[Int(key)] += 1
      keySpan[place] = key
      valueSpan[place] = values[index]
    }
    return (sortedKeys, sortedValues)
  }
}
