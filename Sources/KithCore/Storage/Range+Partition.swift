extension Range where Bound: FixedWidthInteger {
  /// The first number that passes a test which all behind it pass too, or the upper bound.
  ///
  /// The length of the range must be a number of its type.
  ///
  /// - Complexity: O(log *n*) tests.
  @inlinable
  @inline(__always)
  package func partitioningIndex(where passes: (Bound) -> Bool) -> Bound {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      // Nothing overflows between the bounds, and half of a length is a shift.
      let middle = low &+ (high &- low) &>> 1
      if passes(middle) { high = middle } else { low = middle &+ 1 }
    }
    return low
  }
}
