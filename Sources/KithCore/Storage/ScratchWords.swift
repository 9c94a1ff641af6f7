/// Words of a scratch, valid while it is borrowed.
///
/// SAFETY: indexes are checked in debug builds only: the kernels that use them run once a joined edge, and
/// take their indexes from runs, whose slots the scratch was sized for.
@safe
package struct ScratchWords<Word: FixedWidthInteger & BitwiseCopyable> {
  private var start: UnsafeMutablePointer<Word>
  /// The number of words.
  package private(set) var count: Int

  init(count: Int) {
    unsafe start = UnsafeMutablePointer.allocate(capacity: count)
    unsafe start.initialize(repeating: 0, count: count)
    self.count = count
  }

  /// Words in memory that somebody else owns.
  init(start: UnsafeMutablePointer<Word>, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// One word.
  @inline(__always)
  package subscript(index: Int) -> Word {
    get {
      assert(index >= 0 && index < count, "a scratch is sized for every slot that its kernel meets")
      return unsafe start[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count, "a scratch is sized for every slot that its kernel meets")
      unsafe start[index] = newValue
    }
  }

  /// Zeroes words from a place on.
  @inline(__always)
  func clear(_ length: Int, from first: Int = 0) {
    precondition(first >= 0 && length >= 0 && length <= count - first)
    // SAFETY: the words lie inside.
    unsafe (start + first).update(repeating: 0, count: length)
  }

  /// The first words; valid while the scratch is borrowed and does not grow.
  @inline(__always)
  func prefixBuffer(_ length: Int) -> UnsafeBufferPointer<Word> {
    precondition(length <= count)
    return unsafe UnsafeBufferPointer(start: start, count: length)
  }

  /// Lends the first words.
  @inline(__always)
  func withPrefix<Result>(_ length: Int, _ body: (Span<Word>) -> Result) -> Result {
    body(unsafe prefixBuffer(length).span)
  }

  /// Sorts the first words.
  func sort(_ length: Int) {
    precondition(length <= count)
    var words = unsafe UnsafeMutableBufferPointer(start: start, count: length)
    unsafe words.sort()
  }

  /// Writes words from a place on.
  @inline(__always)
  func replace(from index: Int, with words: Span<Word>) {
    precondition(index >= 0 && index + words.count <= count)
    // SAFETY: the range lies inside; the source is another piece of memory.
    unsafe words.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe (start + index).update(from: first, count: source.count)
    }
  }

  /// The first words, as an array.
  package func prefix(_ length: Int) -> [Word] {
    unsafe Array(prefixBuffer(length))
  }

  /// These words, after room was made for at least `minimum`. Words that are there keep their value,
  /// new ones are zero.
  @inline(__always)
  mutating func grown(to minimum: Int) -> ScratchWords {
    if count < minimum { grow(to: minimum) }
    return self
  }

  @inline(never)
  private mutating func grow(to minimum: Int) {
    let larger = ScratchWords(count: max(minimum, count * 2))
    unsafe larger.start.update(from: start, count: count)
    free()
    self = larger
  }

  /// Gives the memory back, which whoever owns it calls once.
  func free() {
    unsafe start.deallocate()
  }
}

extension ScratchWords<UInt32> {
  /// How many words are looked at together.
  static var lanes: Int { 8 }

  /// Whether any of the words from a place on is at least a threshold. All are less than 2^31: the
  /// baseline of x86 compares numbers that have a sign.
  @inline(__always)
  func hasLane(at index: Int, reaching threshold: UInt32) -> Bool {
    assert(index >= 0 && index + ScratchWords.lanes <= count, "lanes lie inside their scratch")
    let words = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: SIMD8<Int32>.self)
    let mask: SIMDMask<SIMD8<Int32>> =
      words .>= SIMD8<Int32>(repeating: Int32(bitPattern: threshold))
    // SAFETY: a mask is as many integers as it has lanes.
    let halves = unsafe unsafeBitCast(mask, to: SIMD4<UInt64>.self)
    return halves[0] | halves[1] | halves[2] | halves[3] != 0
  }

  /// Zeroes the words from a place on.
  @inline(__always)
  func clearLanes(at index: Int) {
    assert(index >= 0 && index + ScratchWords.lanes <= count, "lanes lie inside their scratch")
    unsafe UnsafeMutableRawPointer(start + index).storeBytes(
      of: SIMD8<UInt32>(), as: SIMD8<UInt32>.self)
  }
}
