import Benchmark

/// One side of a comparison: what a peer does in one round.
struct Side {
  let peer: Peer
  /// Work before each round that is not timed.
  let prepare: () throws -> Void
  /// Does the block once, adds the nanoseconds it took, and those of each call if calls are timed one
  /// by one.
  let run: (inout Laps) throws -> UInt64

  /// A side whose block is timed as a whole: for calls that take nanoseconds, and for those that
  /// change something.
  ///
  /// - Parameter body: Does all calls of the block, and returns a checksum of what they gave.
  static func block(
    _ peer: Peer, prepare: @escaping () throws -> Void = {},
    _ body: @escaping () throws -> UInt64
  ) -> Side {
    Side(peer: peer, prepare: prepare) { laps in
      let start = nanoseconds()
      let checksum = try body()
      laps.block = nanoseconds() - start
      blackHole(checksum)
      return checksum
    }
  }

  /// The same as `block`, while the process has to do with one core.
  static func blockOnOneCore(_ peer: Peer, _ body: @escaping () throws -> UInt64) -> Side {
    let side = block(peer, body)
    return Side(peer: peer, prepare: side.prepare) { laps in
      try OneCore.run { try side.run(&laps) }
    }
  }

  /// A side whose block is timed in parts of some hundred calls: for calls of nanoseconds. What
  /// interrupts a part now and then does not show in the median of that part.
  ///
  /// - Parameter body: Does the calls of one part, and returns a checksum of what they gave.
  static func parts<Source>(
    _ peer: Peer, over sources: [Source],
    _ body: @escaping (ArraySlice<Source>) throws -> UInt64
  ) -> Side {
    let parts = stride(from: 0, to: sources.count, by: partSize).map {
      sources[$0..<min($0 + partSize, sources.count)]
    }
    return calls(peer, over: parts, body)
  }

  /// How many calls a part makes.
  static let partSize = 512

  /// A side whose calls are timed one by one: for calls of microseconds and more.
  ///
  /// The clock is read once a call, and its cost is in the figure: some 25 ns.
  static func calls<Source>(
    _ peer: Peer, over sources: [Source], prepare: @escaping () throws -> Void = {},
    _ call: @escaping (Source) throws -> UInt64
  ) -> Side {
    Side(peer: peer, prepare: prepare) { laps in
      var checksum = Checksum()
      let start = nanoseconds()
      var last = start
      for source in sources {
        checksum.add(try call(source))
        let now = nanoseconds()
        laps.parts.append(now - last)
        last = now
      }
      laps.block = last - start
      blackHole(checksum.value)
      return checksum.value
    }
  }
}

/// The times of one round of a side, in nanoseconds.
struct Laps {
  var block = 0
  /// The calls, or parts of several calls, that were timed one by one; none if the block was timed as
  /// a whole.
  var parts: [Int] = []
}
