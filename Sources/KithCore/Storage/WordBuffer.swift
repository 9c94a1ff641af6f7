/// Words that are written before they are read: room for a sort, without the time to clear it.
///
/// Indexes are checked in debug builds only, as those of a scratch: the loops that use buffers run
/// once a link, and compute their indexes by counting what they then place.
///
/// SAFETY: the words live as long as the buffer, which alone frees them. Threads that share a buffer
/// touch different words of it, until all are done.
@safe
struct WordBuffer<Word: FixedWidthInteger & BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let words: ScratchWords<Word>

  init(count: Int) {
    let start = UnsafeMutablePointer<Word>.allocate(capacity: count)
    unsafe SystemMemory.willFill(start, byteCount: count * MemoryLayout<Word>.size)
    words = unsafe ScratchWords(start: start, count: count)
  }

  deinit {
    words.free()
  }

  /// How many words there is room for.
  var count: Int { words.count }

  /// One word.
  @inline(__always)
  subscript(index: Int) -> Word {
    get { words[index] }
    nonmutating set { words[index] = newValue }
  }

  /// Makes some words zero.
  @inline(__always)
  func clear(_ length: Int, from first: Int = 0) { words.clear(length, from: first) }

  /// Reads the first words, all of which were written.
  func withPrefix<Result>(_ length: Int, _ body: (Span<Word>) -> Result) -> Result {
    words.withPrefix(length, body)
  }
}
