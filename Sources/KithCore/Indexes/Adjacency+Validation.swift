/// The two directions of an adjacency, compared.
///
/// The links of the forward runs are sorted by target, counting, and laid beside the backward runs.
/// So each link is read some times in a row, and none is looked up:
///
/// ```
///   forward    0: 1 2    1: 2         sorted by target    1: 0    2: 0 1
///                                     backward            1: 0    2: 0 1
/// ```
extension Adjacency {
  /// Calls `body` with every link that the source has and the target has not. With as many links in
  /// either direction, and all runs in order, both say the same if there is none.
  ///
  /// - Complexity: O(links + rows). Memory: four bytes a link, and 16 a row.
  package func forEachLinkOfSourceAlone(_ body: (_ source: UInt32, _ target: UInt32) -> Void) {
    let (starts, sources) = forward.transposed()
    var next = starts
    var place = next.mutableSpan
    let expected = sources.span
    backward.forEachSource { target, run in
      let target = Int(target)
      // A run that differs in a part before this one is looked up as a whole.
      guard target < place.count - 1, place[target] >= 0 else { return }
      var (end, index) = (place[target], 0)
      while index < run.count, end < starts[target + 1], expected[end] == run[index] {
        end &+= 1
        index &+= 1
      }
      place[target] = index == run.count ? end : -1
    }
    for target in 0..<starts.count - 1 where place[target] != starts[target + 1] {
      let row = UInt32(truncatingIfNeeded: target)
      for source in sources[starts[target]..<starts[target + 1]]
      where !contains(source, from: row, .backward) {
        body(source, row)
      }
    }
  }
}

extension Runs {
  /// The sources of all links, by target, and where those of each target start.
  fileprivate func transposed() -> (starts: [Int], sources: [UInt32]) {
    var (last, count) = (-1, 0)
    forEachSource { _, run in
      count += run.count
      // Runs that are damaged may be out of order.
      for index in run.indices { last = max(last, Int(run[index])) }
    }
    var starts = [Int](repeating: 0, count: last + 2)
    var ends = starts.mutableSpan
    forEachSource { _, run in
      for index in run.indices { ends[Int(run[index]) &+ 1] &+= 1 }
    }
    for target in 0..<last + 1 { ends[target + 1] += ends[target] }
    var sources = [UInt32](repeating: 0, count: count)
    var places = starts
    var place = places.mutableSpan
    var found = sources.mutableSpan
    forEachSource { source, run in
      for index in run.indices {
        let target = Int(run[index])
        found[place[target]] = source
        place[target] &+= 1
      }
    }
    return (starts, sources)
  }
}
