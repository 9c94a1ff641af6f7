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

  func side(_ peer: Peer) -> SideResult? { sides.first { $0.peer == peer } }

  /// How many times as fast as a peer Kith is, by medians; below 1 the peer is faster.
  func ratio(to peer: Peer) -> Double? {
    guard peer != .kith, let kith = side(.kith), let other = side(peer) else { return nil }
    return other.median / kith.median
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
  /// The least of the blocks, divided by their calls; the next two are their quartiles.
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
    let blocks = laps.map { Double($0.block) / perCall }.sorted()
    let medians = SideResult.mediansOfParts(laps)
    median = medians.isEmpty ? percentile(blocks, 0.5) : medians.reduce(0, +) / perCall
    minimum = blocks.first ?? 0
    lowerQuartile = percentile(blocks, 0.25)
    upperQuartile = percentile(blocks, 0.75)
    self.first = Double(first.block) / perCall
    let single = medians.count == calls ? laps.flatMap(\.parts).map(Double.init).sorted() : []
    p50 = single.isEmpty ? nil : percentile(single, 0.5)
    p99 = single.isEmpty ? nil : percentile(single, 0.99)
  }

  /// The median of each part of the block over the rounds; none if it was timed as a whole.
  private static func mediansOfParts(_ laps: [Laps]) -> [Double] {
    (laps.first?.parts ?? []).indices.map { part in
      percentile(laps.map { Double($0.parts[part]) }.sorted(), 0.5)
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
