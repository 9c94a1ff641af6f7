extension StaticCSR {
  /// The number of two-hop paths from a user: a sum of degrees.
  func pathCount(from id: Int) -> Int {
    guard let slot = slots[id] else { return 0 }
    return following[slot].reduce(0) { $0 &+ following.degree($1) }
  }

  /// The users at the end of two-hop paths, each once, ascending.
  ///
  /// Many paths set bits in a map of all users, which is then read in order; few append what they see
  /// for the first time, and sort that.
  func distinctTwoHop(from id: Int) -> [Int] {
    guard let slot = slots[id] else { return [] }
    let middles = following[slot]
    let isDense = pathCount(from: id) >= ids.count / 16
    return isDense ? readMarks(through: middles) : sortTouched(through: middles)
  }

  private func readMarks(through middles: UnsafeBufferPointer<UInt32>) -> [Int] {
    let marks = marks
    for middle in middles {
      for target in following[middle] { marks[Int(target >> 6)] |= 1 << UInt64(target & 63) }
    }
    var found: [Int] = []
    for word in marks.indices {
      var bits = marks[word]
      if bits == 0 { continue }
      marks[word] = 0
      while bits != 0 {
        found.append(ids[word << 6 | bits.trailingZeroBitCount])
        bits &= bits &- 1
      }
    }
    return found
  }

  private func sortTouched(through middles: UnsafeBufferPointer<UInt32>) -> [Int] {
    let end = counter.count(through: middles, following)
    var touched = UnsafeMutableBufferPointer(rebasing: touched[..<end])
    for slot in touched { counters[Int(slot)] = 0 }
    touched.sort()
    return touched.map { ids[Int($0)] }
  }

  /// All users at the end of two-hop paths with the number of paths, most paths first, ties by id.
  func rankedTwoHop(from id: Int) -> [Suggestion] {
    guard let slot = slots[id] else { return [] }
    let end = counter.count(through: following[slot], following)
    // Counts above, slots below and inverted, so that one comparison of integers orders them.
    var keys: [UInt64] = []
    keys.reserveCapacity(end)
    for index in 0..<end {
      let target = touched[index]
      keys.append(UInt64(counters[Int(target)]) << 32 | UInt64(~target))
      counters[Int(target)] = 0
    }
    keys.sort(by: >)
    return keys.map {
      Suggestion(id: ids[Int(~UInt32(truncatingIfNeeded: $0))], paths: Int($0 >> 32))
    }
  }

  /// The users whom most of those that a user follows follow, with the number of paths; without those
  /// who are followed already and without the user; ties by id.
  func whoToFollow(_ id: Int, limit: Int) -> [Suggestion] {
    guard let slot = slots[id] else { return [] }
    let middles = following[slot]
    let end = counter.count(through: middles, following)
    let counters = counters
    counters[Int(slot)] = 0
    for middle in middles { counters[Int(middle)] = 0 }
    return counter.best(limit, of: end, ids)
  }
}

/// A user to follow, and the number of paths that lead there.
struct Suggestion: Equatable {
  let id: Int
  let paths: Int
}

extension Checksum {
  /// The checksum of users and numbers of paths, in order.
  static func of(_ suggestions: [Suggestion]) -> UInt64 {
    var checksum = Checksum()
    for suggestion in suggestions {
      checksum.add(suggestion.id)
      checksum.add(suggestion.paths)
    }
    return checksum.value
  }
}
