/// Counts how many paths lead to each row: a counter a row, and a list of those that are not zero.
final class PathCounter {
  /// A counter a row; all are zero between calls.
  let counters: UnsafeMutableBufferPointer<UInt32>
  /// Room for one slot more than there are rows, because the branch-free append writes past the end.
  let touched: UnsafeMutableBufferPointer<UInt32>

  init(count: Int) {
    counters = .allocate(capacity: count)
    counters.initialize(repeating: 0)
    touched = .allocate(capacity: count + 1)
    touched.initialize(repeating: 0)
  }

  deinit {
    counters.deallocate()
    touched.deallocate()
  }

  /// Counts the paths through some rows, branch-free; rows seen for the first time go into `touched`.
  ///
  /// - Returns: How many rows were touched.
  @inline(__always)
  func count(through middles: UnsafeBufferPointer<UInt32>, _ runs: FlatRuns) -> Int {
    let (counters, touched) = (counters, touched)
    var end = 0
    for middle in middles {
      for target in runs[middle] {
        let count = counters[Int(target)]
        counters[Int(target)] = count &+ 1
        touched[end] = target
        end &+= count == 0 ? 1 : 0
      }
    }
    return end
  }

  /// The best of the touched rows, most paths first, ties by id; clears the counters on the way.
  ///
  /// A count above, a slot below and inverted: one comparison of integers orders the candidates.
  @inline(__always)
  func best(_ limit: Int, of end: Int, _ ids: [Int]) -> [Suggestion] {
    let (counters, touched) = (counters, touched)
    var best: [UInt64] = []
    best.reserveCapacity(limit + 1)
    var threshold: UInt64 = 0
    for index in 0..<end {
      let slot = touched[index]
      let count = counters[Int(slot)]
      counters[Int(slot)] = 0
      let key = UInt64(count) << 32 | UInt64(~slot)
      if count == 0 || key <= threshold { continue }
      if best.count == limit { best.removeLast() }
      var place = best.count
      while place > 0, best[place - 1] < key { place -= 1 }
      best.insert(key, at: place)
      if best.count == limit { threshold = best[limit - 1] }
    }
    return best.map {
      Suggestion(id: ids[Int(~UInt32(truncatingIfNeeded: $0))], paths: Int($0 >> 32))
    }
  }
}
