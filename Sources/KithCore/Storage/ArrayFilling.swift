/// `Array(unsafeUninitializedCapacity:)` looks up the type of the array's storage at each call, some
/// 330 instructions in Swift 6.3.1. An array that copies a buffer does not, so what is small is made
/// on the stack first.
extension Array {
  /// Whether so many elements are made on the stack before they become an array.
  @inlinable
  @inline(__always)
  static func areFew(_ count: Int) -> Bool { count &* MemoryLayout<Element>.stride <= 1024 }

  /// Makes an array of elements that `fill` appends, without a check an element.
  ///
  /// - Parameters:
  ///   - count: How many elements are appended.
  ///   - fill: Appends them, all and no more.
  @inlinable
  @inline(__always)
  static func appended(count: Int, _ fill: ((consuming Element) -> Void) -> Void) -> [Element] {
    // All empty arrays are one object, to which making one in place would write.
    if count == 0 { return [] }
    if areFew(count) {
      return unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { room in
        unsafe initialize(room, fill)
        // SAFETY: all of the room was initialized, and is left as it was lent.
        defer { unsafe room.deinitialize() }
        return unsafe Array(UnsafeBufferPointer(room))
      }
    }
    return unsafe Array(unsafeUninitializedCapacity: count) { room, filled in
      unsafe initialize(UnsafeMutableBufferPointer(rebasing: room[..<count]), fill)
      filled = count
    }
  }

  /// Fills some room with elements that `fill` appends.
  @inlinable
  @inline(__always)
  static func initialize(
    _ room: UnsafeMutableBufferPointer<Element>, _ fill: ((consuming Element) -> Void) -> Void
  ) {
    guard let start = room.baseAddress else { return }
    // SAFETY: no more elements are appended than there is room for, as is checked in debug builds
    // for each of them, and always in the end.
    var next = unsafe start
    let end = unsafe start + room.count
    fill { element in
      assert(unsafe next < end, "no more elements than there is room for")
      unsafe next.initialize(to: element)
      unsafe next += 1
    }
    precondition(unsafe next == end, "as many elements as were announced")
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
    if areFew(capacity) {
      return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { room in
        let count = unsafe lend(room, to: fill)
        return unsafe Array(UnsafeBufferPointer(rebasing: room[..<count]))
      }
    }
    return unsafe Array(unsafeUninitializedCapacity: capacity) { room, count in
      count = unsafe lend(UnsafeMutableBufferPointer(rebasing: room[..<capacity]), to: fill)
    }
  }

  /// Lends some room to be written to, and tells how many words were.
  @inline(__always)
  private static func lend(
    _ room: UnsafeMutableBufferPointer<UInt32>, to body: (ScratchWords<UInt32>) -> Int
  ) -> Int {
    guard let start = room.baseAddress else { return 0 }
    // SAFETY: words are trivial, so writing to them initializes them.
    let count = body(unsafe ScratchWords(start: start, count: room.count))
    precondition(count <= room.count)
    return count
  }
}
