extension StaticCSR {
  /// The number of all two-hop paths: through each user as many as followers times followed.
  var allPathCount: Int {
    ids.indices.reduce(0) {
      $0 &+ followers.degree(UInt32($1)) &* following.degree(UInt32($1))
    }
  }

  /// Visits every two-hop path with the ids of both ends.
  @inline(__always)
  func forEachPath(_ body: (Int, Int) -> Void) {
    ids.withUnsafeBufferPointer { ids in
      for source in ids.indices {
        let id = ids[source]
        for middle in following[UInt32(source)] {
          for target in following[middle] { body(id, ids[Int(target)]) }
        }
      }
    }
  }

  /// The number of pairs that at least one two-hop path connects.
  ///
  /// Each source marks the users it reaches with its own number, so that nothing is cleared between
  /// sources; counters end as they were found: zero.
  var allDistinctCount: Int {
    let seen = counters
    var pairs = 0
    for source in ids.indices {
      let mark = UInt32(source) &+ 1
      for middle in following[UInt32(source)] {
        for target in following[middle] {
          pairs &+= seen[Int(target)] != mark ? 1 : 0
          seen[Int(target)] = mark
        }
      }
    }
    seen.update(repeating: 0)
    return pairs
  }

  /// The number of two-hop paths whose source follows their target.
  var closedPathCount: Int {
    let marks = counters
    var closed = 0
    for source in ids.indices {
      let mark = UInt32(source) &+ 1
      let middles = following[UInt32(source)]
      for middle in middles { marks[Int(middle)] = mark }
      for middle in middles {
        for target in following[middle] { closed &+= marks[Int(target)] == mark ? 1 : 0 }
      }
    }
    marks.update(repeating: 0)
    return closed
  }
}
