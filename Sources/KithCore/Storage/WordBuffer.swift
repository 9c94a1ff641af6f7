/// Words that are written before they are read: room for a sort, without the time to clear it.
///
/// Indexes are checked in debug builds only: the loops that use buffers run once a link, and compute
/// their indexes by counting what they then place.
///
/// SAFETY: threads that share a buffer touch different words of it, until all are done.
@safe
struct WordBuffer<Word: FixedWidthInteger & BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let start: UnsafeMutablePointer<Word>
  let count: Int

  init(count: Int) {
    unsafe start = UnsafeMutablePointer.allocate(capacity: count)
    unsafe LargeMemory.willFill(start, byteCount: count * MemoryLayout<Word>.size)
    self.count = count
  }

  deinit {
    unsafe start.deallocate()
  }

  /// One word.
  @inline(__always)
  subscript(index: Int) -> Word {
    get {
      assert(index >= 0 && index < count, "a buffer has room for all that is counted")
      // SAFETY: the index was counted to lie in the buffer, as debug builds assert.
      return unsafe start[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count, "a buffer has room for all that is counted")
      // SAFETY: as above; a word needs no initialization but this.
      unsafe start[index] = newValue
    }
  }

  /// Makes some words zero.
  @inline(__always)
  func clear(_ length: Int, from first: Int = 0) {
    precondition(first >= 0 && length >= 0 && length <= count - first)
    // SAFETY: the words lie in the buffer.
    unsafe (start + first).update(repeating: 0, count: length)
  }

  /// Reads the first words, all of which were written.
  func withPrefix<Result>(_ length: Int, _ body: (Span<Word>) -> Result) -> Result {
    precondition(length <= count)
    // SAFETY: the span does not outlive the call, and the buffer does.
    return body(unsafe UnsafeBufferPointer(start: start, count: length).span)
  }
}
