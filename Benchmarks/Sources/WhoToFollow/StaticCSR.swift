/// Follows as two flat arrays: the limit that a store with snapshots and transactions is compared with.
struct StaticCSR {
  private let offsets: [Int]
  private let targets: [UInt32]
  private let ids: [Int]
  private let slots: [Int: UInt32]
  private var counters: [UInt32]
  private var touched: [UInt32]

  /// - Parameters:
  ///   - ids: The users, ascending, so that slots are in the order of ids.
  ///   - follows: Distinct pairs of ids.
  init(ids: [Int], follows: [(source: Int, target: Int)]) {
    self.ids = ids
    let slots = Dictionary(uniqueKeysWithValues: zip(ids, 0...))
    self.slots = slots.mapValues { UInt32($0) }
    var runs = [[UInt32]](repeating: [], count: ids.count)
    for (source, target) in follows {
      guard let from = slots[source], let to = slots[target] else { continue }
      runs[from].append(UInt32(to))
    }
    var offsets = [0]
    var targets: [UInt32] = []
    for run in runs {
      targets += run.sorted()
      offsets.append(targets.count)
    }
    self.offsets = offsets
    self.targets = targets
    counters = Array(repeating: 0, count: ids.count)
    touched = Array(repeating: 0, count: ids.count + 1)
  }

  /// The users whom most of those that a user follows follow, with the number of paths; ties by id.
  mutating func whoToFollow(_ id: Int, limit: Int) -> [Suggestion] {
    guard let user = slots[id] else { return [] }
    let (offsets, targets) = (offsets, targets)
    let best = StaticCSR.best(limit, for: user, offsets.span, targets.span, &counters, &touched)
    return best.map { Suggestion(id: ids[Int($0.slot)], paths: Int($0.count)) }
  }

  /// The kernel: counts without a branch, masks, and keeps the best while it clears the counters.
  private static func best(
    _ limit: Int, for user: UInt32, _ offsets: Span<Int>, _ targets: Span<UInt32>,
    _ counterWords: inout [UInt32], _ touchedWords: inout [UInt32]
  ) -> [(slot: UInt32, count: UInt32)] {
    var counters = counterWords.mutableSpan
    var touched = touchedWords.mutableSpan
    let followed = offsets[Int(user)]..<offsets[Int(user) + 1]
    var end = 0
    for index in followed {
      let middle = Int(targets[index])
      for next in offsets[middle]..<offsets[middle + 1] {
        let target = targets[next]
        let count = counters[Int(target)]
        counters[Int(target)] = count &+ 1
        touched[end] = target
        end &+= count == 0 ? 1 : 0
      }
    }
    counters[Int(user)] = 0
    for index in followed { counters[Int(targets[index])] = 0 }
    var best: [(slot: UInt32, count: UInt32)] = []
    var threshold: UInt32 = 1
    for index in 0..<end {
      let slot = touched[index]
      let count = counters[Int(slot)]
      counters[Int(slot)] = 0
      if count < threshold { continue }
      if best.count == limit {
        if count == threshold, slot > best[limit - 1].slot { continue }
        best.removeLast()
      }
      var place = 0
      while place < best.count,
        best[place].count > count || (best[place].count == count && best[place].slot < slot)
      {
        place += 1
      }
      best.insert((slot, count), at: place)
      if best.count == limit { threshold = best[limit - 1].count }
    }
    return best
  }
}

/// A user to follow, and the number of paths that lead there.
struct Suggestion: Equatable {
  let id: Int
  let paths: Int
}
