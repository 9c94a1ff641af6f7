extension Array {
  /// Makes an array of elements that `fill` appends, without a check an element.
  ///
  /// - Parameters:
  ///   - count: How many elements are appended.
  ///   - fill: Appends them, all and no more.
  @inlinable
  @inline(__always)
  static func appended(count: Int, _ fill: ((Element) -> Void) -> Void) -> [Element] {
    // All empty arrays are one object, to which making one in place would write.
    if count == 0 { return [] }
    return unsafe Array(unsafeUninitializedCapacity: count) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      // SAFETY: there is room for `count` elements, and no more are appended, as is checked in
      // debug builds for each of them, and always in the end.
      var next = unsafe start
      fill { element in
        assert(unsafe next < start + count, "no more elements than there is room for")
        unsafe next.initialize(to: element)
        unsafe next += 1
      }
      precondition(unsafe next == start + count, "as many elements as were announced")
      filled = count
    }
  }
}

extension [UInt32] {
  /// Makes an array of the rows that `fill` writes, without a check a row.
  ///
  /// - Parameters:
  ///   - capacity: The most rows that are written, by place.
  ///   - fill: Writes rows from the first place on, and returns how many.
  @inline(__always)
  static func filled(capacity: Int, _ fill: (ScratchWords<UInt32>) -> Int) -> [UInt32] {
    if capacity == 0 { return [] }
    return unsafe Array(unsafeUninitializedCapacity: capacity) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      // SAFETY: words are trivial, so writing to them initializes them.
      count = fill(unsafe ScratchWords(start: start, count: capacity))
      precondition(count <= capacity)
    }
  }
}
