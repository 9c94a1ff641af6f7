/// Closed paths over two hops that are not walked: each end of a source is looked up among the targets
/// of each middle row.
///
/// ```
///   s → v → ·  ·  ·  ·  ·        a middle row with many targets, and a source with few ends:
///   s → e?                       is v linked to e?
/// ```
///
/// Between a hub and those who are linked to it in both directions there are as many paths as pairs of
/// them, and as many look-ups as links.
extension WholeJoin {
  /// How many targets are probed while one is looked up, as measured.
  private static let lookUpCost = 64

  /// Whether looking the ends of a source up is less work than walking its paths.
  ///
  /// - Parameter paths: The number of paths. Without it, they are counted only if the first and the last of
  ///   the middle rows have many targets, because to count takes about as long as to find the runs.
  package func looksUp(from source: UInt32, endCount: Int, paths: Int? = nil) -> Bool {
    guard hops.count == 2 else { return false }
    if let closing { return closing == .lookingUp }
    let near = hops[0].runs.count(of: source)
    if near == 0 { return false }
    if let paths { return paths > WholeJoin.lookUpCost * near * endCount }
    let least = WholeJoin.lookUpCost * endCount
    if lastHop.runs.count(of: hops[0].runs.target(of: source, at: 0)) <= least { return false }
    if lastHop.runs.count(of: hops[0].runs.target(of: source, at: near - 1)) <= least {
      return false
    }
    // All between them may have few.
    return near <= 2 || shortPathCount(from: source) > least * near
  }

  /// The runs that the paths from a source end in, or nil if looking its ends up is less work.
  func walkedSegments(from source: UInt32, endCount: Int, _ scratch: Scratch) -> RunSegments? {
    if looksUp(from: source, endCount: endCount) { return nil }
    let segments = segments(from: source, scratch)
    return looksUp(from: source, endCount: endCount, paths: segments.paths) ? nil : segments
  }

  /// The number of paths from a source that lead to its ends.
  ///
  /// - Complexity: O(links of the source · ends · log *n*).
  func lookedUpPathCount(from source: UInt32, _ ends: ScratchWords<UInt32>, _ count: Int) -> Int {
    var paths = 0
    hops[0].runs.forEachTarget(of: source) { middle in
      for index in 0..<count {
        paths &+= lastHop.runs.contains(ends[index], in: middle) ? 1 : 0
      }
    }
    return paths
  }

  /// The number of ends of a source to which paths lead; the list of ends is of no use afterwards.
  ///
  /// - Complexity: O(links of the source · ends · log *n*).
  func lookedUpPairCount(from source: UInt32, _ ends: ScratchWords<UInt32>, _ count: Int) -> Int {
    // An end that is reached is not looked up again: the last of the others takes its place.
    var others = count
    hops[0].runs.forEachTarget(of: source) { middle in
      var index = 0
      while index < others {
        if lastHop.runs.contains(ends[index], in: middle) {
          others -= 1
          ends[index] = ends[others]
        } else {
          index += 1
        }
      }
    }
    return count - others
  }

  /// Lists the ends of the paths from a source that lead to its ends, in the order of the walk, and
  /// returns how many there are.
  ///
  /// - Complexity: O(links of the source · ends · log *n*).
  func listLookedUp(
    from source: UInt32, _ ends: ScratchWords<UInt32>, _ count: Int,
    into list: ScratchWords<UInt32>
  ) -> Int {
    var end = 0
    hops[0].runs.forEachTarget(of: source) { middle in
      for index in 0..<count {
        list[end] = ends[index]
        end &+= lastHop.runs.contains(ends[index], in: middle) ? 1 : 0
      }
    }
    return end
  }
}
