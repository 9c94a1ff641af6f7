extension Range where Bound: FixedWidthInteger {
  /// The first number that passes a test which all behind it pass too, or the upper bound.
  ///
  /// - Complexity: O(log *n*) tests.
  @inlinable
  @inline(__always)
  package func partitioningIndex(where passes: (Bound) -> Bool) -> Bound {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if passes(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
