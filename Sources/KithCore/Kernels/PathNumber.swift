/// Numbers of paths, which multiply at every hop and soon are more than an integer counts.
///
/// A number of paths that does not fit stands at `Int.max` and stays there, so that what has more
/// paths still comes first, and no data stops the program.
extension Int {
  /// The sum of two numbers of paths; `Int.max` if it is larger.
  ///
  /// Both must not be negative: then a sum that does not fit has its sign bit set.
  @inline(__always)
  package func plusPaths(_ other: Int) -> Int {
    let sum = self &+ other
    return sum < 0 ? .max : sum
  }

  /// The product of two numbers of paths; `Int.max` if it is larger. Both must not be negative.
  @inline(__always)
  package func timesPaths(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
