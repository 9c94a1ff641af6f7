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
    let paths = sums(from: 1, none: 0, { $0 }) { $0.plusPaths($1) }
    var sum = 0
    hops[0].reversed.forEachDegree(below: hops[0].rowCount) { row, degree in
      sum = sum.plusPaths(degree.timesPaths(paths[Int(row)]))
    }
    return sum
  }

  /// Numbers that are summed from the far end: for each row from which a hop starts, what the rows that it
  /// links to have together.
  ///
  /// - Parameters:
  ///   - first: The hop from whose rows sums are wanted.
  ///   - none: What a row without links has, and all others have besides.
  ///   - number: What a number of links of the last hop counts for.
  @inline(__always)
  func sums<Number: AdditiveArithmetic>(
    from first: Int, none: Number, _ number: (Int) -> Number, _ add: (Number, Number) -> Number
  ) -> [Number] {
    var sums = [Number](repeating: none, count: rowCount(before: hops.count - 1))
    lastHop.runs.forEachDegree(below: sums.count) { row, degree in
      sums[Int(row)] = add(none, number(degree))
    }
    for hop in (first..<(hops.count - 1)).reversed() {
      let (runs, far) = (hops[hop].runs, sums)
      sums = [Number](repeating: none, count: rowCount(before: hop))
      let numbers = far.span
      runs.forEachDegree(below: sums.count) { row, _ in
        var sum = none
        runs.forEachTarget(of: row) { sum = add(sum, numbers[Int($0)]) }
        sums[Int(row)] = sum
      }
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
