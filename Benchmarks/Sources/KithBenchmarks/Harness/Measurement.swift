/// What one case gave.
struct Measurement: Codable {
  let operation: String
  let graph: String
  let sources: String
  let callsPerBlock: Int
  /// Joined edges of a block that were walked one by one; 0 if the operation joins nothing.
  let joinedEdges: Int
  /// Joined edges of a block that were counted without walking them.
  let countedEdges: Int
  let checksum: String
  let sides: [SideResult]

  var name: String {
    [operation, graph, sources].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The name without the graph, for where there is only one.
  var question: String {
    sources.isEmpty ? operation : "\(operation), \(sources)"
  }

  func side(_ peer: Peer) -> SideResult? { sides.first { $0.peer == peer } }

  /// How many times as fast as a peer Kith is, by medians; below 1 the peer is faster.
  func ratio(to peer: Peer) -> Double? {
    guard peer != .kith, let kith = side(.kith), let other = side(peer) else { return nil }
    return other.median / kith.median
  }
}

extension Measurement {
  /// The ratio of the medians or that of the least times, whichever is better: a machine that is
  /// busy elsewhere spoils one of them now and then, and a change for the worse spoils both.
  func bestRatio(to peer: Peer) -> Double? {
    guard let ratio = ratio(to: peer), let kith = side(.kith), let other = side(peer) else {
      return nil
    }
    return max(ratio, other.minimum / kith.minimum)
  }
}

/// The times of one side, in nanoseconds a call.
struct SideResult: Codable {
  let peer: Peer
  let rounds: Int
  /// The time of a call: the median over the rounds, of each call or part of a block where these are
  /// timed one by one, and then the mean over the calls of a block. What interrupts a round does not
  /// show in it.
  let median: Double
  /// The same with the least over the rounds, or a quartile, in place of the median.
  let minimum: Double
  let lowerQuartile: Double
  let upperQuartile: Double
  /// The first block, which also checked the answer: nothing was warm.
  let first: Double
  /// Percentiles of single calls over all sources and rounds; nil if calls were not timed one by one.
  let p50: Double?
  let p99: Double?

  init(_ peer: Peer, _ laps: [Laps], first: Laps, calls: Int) {
    self.peer = peer
    rounds = laps.count
    let perCall = Double(max(calls, 1))
    let blocks = laps.map { Double($0.block) }.sorted()
    let parts = SideResult.parts(laps)
    func time(_ share: Double) -> Double {
      if parts.isEmpty { return percentile(blocks, share) / perCall }
      return parts.reduce(0) { $0 + percentile($1, share) } / perCall
    }
    (median, minimum, lowerQuartile, upperQuartile) = (time(0.5), time(0), time(0.25), time(0.75))
    self.first = Double(first.block) / perCall
    let single = parts.count == calls ? laps.flatMap(\.parts).map(Double.init).sorted() : []
    p50 = single.isEmpty ? nil : percentile(single, 0.5)
    p99 = single.isEmpty ? nil : percentile(single, 0.99)
  }

  /// The times of each part of the block over the rounds, ascending; none if it was timed as a whole.
  private static func parts(_ laps: [Laps]) -> [[Double]] {
    (laps.first?.parts ?? []).indices.map { part in
      laps.map { Double($0.parts[part]) }.sorted()
    }
  }
}

/// The value at a share of sorted values, by the nearest rank.
func percentile(_ sorted: [Double], _ share: Double) -> Double {
  if sorted.isEmpty { return 0 }
  let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
  return sorted[min(max(rank, 0), sorted.count - 1)]
}

/// A figure that stands for itself: a size, a count, a latency that has no peer.
struct Finding: Codable {
  let name: String
  let graph: String
  let value: Double
  let unit: String
}
