/// Paths counted without being walked, a page at a time.
///
/// ```
///   one hop       the links
///   two hops      Σ in(v) · out(v) over the middle rows v
///   more          from the far end: paths(v) = Σ paths(w) over the links v → w
/// ```
///
/// Over more than two hops a number that does not fit is `Int.max`.
extension WholeJoin {
  /// The number of all paths, whatever is restricted.
  func allPathCount() -> Int {
    if hops.count == 1 { return lastHop.runs.linkCount(below: sourceCount) }
    let middles = hops[hops.count - 2].rowCount
    if hops.count == 2 {
      return RunsView.degreeProduct(hops[0].reversed, lastHop.runs, below: middles)
    }
    let paths = pathsFrom(1)
    var sum = 0
    hops[0].reversed.forEachDegree(below: hops[0].rowCount) { row, degree in
      sum = sum.plusPaths(degree.timesPaths(paths[Int(row)]))
    }
    return sum
  }

  /// The number of paths from each row from which a hop starts, to the end.
  private func pathsFrom(_ first: Int) -> [Int] {
    var paths = [Int](repeating: 0, count: rowCount(before: hops.count - 1))
    lastHop.runs.forEachDegree(below: paths.count) { row, degree in paths[Int(row)] = degree }
    for hop in (first..<(hops.count - 1)).reversed() {
      paths = WholeJoin.sums(of: paths, hops[hop].runs, rows: rowCount(before: hop))
    }
    return paths
  }

  /// For each row, the sum of the numbers of the rows that it links to.
  private static func sums(of numbers: [Int], _ runs: RunsView, rows: Int) -> [Int] {
    var sums = [Int](repeating: 0, count: rows)
    let numbers = numbers.span
    runs.forEachDegree(below: rows) { row, _ in
      var sum = 0
      runs.forEachTarget(of: row) { sum = sum.plusPaths(numbers[Int($0)]) }
      sums[Int(row)] = sum
    }
    return sums
  }

  func rowCount(before hop: Int) -> Int {
    hop == 0 ? sourceCount : hops[hop - 1].rowCount
  }

  /// The number of paths from one row over one or two hops.
  func shortPathCount(from source: UInt32) -> Int {
    if hops.count == 1 { return lastHop.runs.count(of: source) }
    var paths = 0
    hops[0].runs.forEachSegment(of: source) { paths &+= lastHop.runs.linkCount(of: $0) }
    return paths
  }
}
