import Synchronization

/// Zeroed memory that a kernel borrows, so that a query allocates nothing in the long run.
///
/// A kernel gets it clean and leaves it clean, by undoing only what it touched. Scratches wait in a
/// pool; when many threads query at once, each has its own.
///
/// SAFETY: a scratch is with one borrower, who takes one thing from it after the other; so nothing
/// is read while it grows, and that need not be checked at run time.
package final class Scratch {
  @exclusivity(unchecked) private var memory = Memory()

  private struct Memory {
    /// A counter a row, all zero between uses.
    var counters = ScratchWords<UInt32>(count: 0)
    /// A wide counter a row, for walks of many hops, all zero between uses.
    var weights = ScratchWords<UInt64>(count: 0)
    /// A bit a row, all zero between uses.
    var bits = ScratchWords<UInt64>(count: 0)
    /// A second bit a row, all zero between uses.
    var marks = ScratchWords<UInt64>(count: 0)
    /// A byte a row, none of them larger than the stamp.
    var stamps = ScratchWords<UInt8>(count: 0)
    /// The stamp of the last use.
    var stamp: UInt8 = 0
    /// The rows that a kernel touched. What is left here between uses means nothing.
    var touched = ScratchWords<UInt32>(count: 0)
    /// Beside each row that a kernel touched, where it came from. What is left here means nothing.
    var origins = ScratchWords<UInt32>(count: 0)
    /// The best rows that a kernel found, with numbers. What is left here means nothing.
    var best = ScratchWords<UInt64>(count: 0)
    /// The runs that a kernel found. What is left here between uses means nothing.
    var segments = RunSegments()

    func free() {
      counters.free()
      weights.free()
      bits.free()
      marks.free()
      stamps.free()
      touched.free()
      origins.free()
      best.free()
      segments.free()
    }
  }

  private init() {}

  deinit {
    unsafe memory.free()
  }

  /// Lends a counter a row; all are zero, and must be zero again before the scratch goes back.
  package func counters(rows: Int) -> ScratchWords<UInt32> {
    unsafe memory.counters.grown(to: rows)
  }

  /// Lends a wide counter a row; all are zero, and must be zero again before the scratch goes back.
  package func weights(rows: Int) -> ScratchWords<UInt64> {
    unsafe memory.weights.grown(to: rows)
  }

  /// Lends a bit a row; all are zero, and must be zero again before the scratch goes back.
  package func bits(rows: Int) -> ScratchWords<UInt64> {
    unsafe memory.bits.grown(to: RowBit.words(forRows: rows))
  }

  /// Lends a second bit a row; all are zero, and must be zero again before the scratch goes back.
  package func marks(rows: Int) -> ScratchWords<UInt64> {
    unsafe memory.marks.grown(to: RowBit.words(forRows: rows))
  }

  /// Lends a byte a row, of which none is marked; they need not be cleared.
  func stamps(rows: Int) -> Stamps {
    let bytes = unsafe memory.stamps.grown(to: rows)
    if unsafe memory.stamp == .max {
      bytes.clear(bytes.count)
      unsafe memory.stamp = 0
    }
    unsafe memory.stamp += 1
    return unsafe Stamps(bytes, stamp: memory.stamp)
  }

  /// Lends a list with room for a number of rows, with any content; it keeps that when it grows.
  package func touched(capacity: Int) -> ScratchWords<UInt32> {
    unsafe memory.touched.grown(to: capacity)
  }

  /// Lends a second list, with any content; it keeps that when it grows.
  package func origins(capacity: Int) -> ScratchWords<UInt32> {
    unsafe memory.origins.grown(to: capacity)
  }

  /// Lends a list of rows with numbers, with any content.
  func best(capacity: Int) -> ScratchWords<UInt64> {
    unsafe memory.best.grown(to: capacity)
  }

  /// The list of segments, empty.
  var noSegments: RunSegments { changingSegments { _ in } }

  /// Lends the list of segments, emptied, to be filled.
  @inline(__always)
  func changingSegments(_ fill: (inout RunSegments) -> Void) -> RunSegments {
    // A copy, so that the loops that fill it need not reach into this object.
    var found = unsafe memory.segments
    found.removeAll()
    fill(&found)
    unsafe memory.segments = found
    return found
  }

  // MARK: The pool

  /// The scratch that was given back last, as an owned address, or zero. Most borrowers find it
  /// here, and need no lock.
  private static let last = Atomic<UInt>(0)

  /// The other scratches that nobody has borrowed.
  private static let idle = Locked(Idle())

  /// SAFETY: a scratch is in here or with one borrower, never with two, and the mutex hands it
  /// over.
  private struct Idle: @unchecked Sendable {
    var scratches: [Scratch] = []
  }

  /// Lends a scratch for the time of `body`. Calls may nest; each gets its own.
  @inline(__always)
  package static func borrow<Result, Failure: Error>(
    _ body: (Scratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let scratch = take()
    defer { giveBack(scratch) }
    return try body(scratch)
  }

  /// Takes a scratch, which the caller must give back.
  static func take() -> Scratch {
    let bits = last.exchange(0, ordering: .acquiring)
    // SAFETY: `giveBack` put an owned address there, and the exchange took it from all others.
    guard let address = unsafe UnsafeRawPointer(bitPattern: bits) else { return takeIdle() }
    return unsafe Unmanaged<Scratch>.fromOpaque(address).takeRetainedValue()
  }

  /// Gives back a scratch that was taken.
  static func giveBack(_ scratch: Scratch) {
    let owned = unsafe Unmanaged.passRetained(scratch)
    let bits = unsafe UInt(bitPattern: owned.toOpaque())
    if last.compareExchange(expected: 0, desired: bits, ordering: .releasing).exchanged { return }
    // SAFETY: nobody has seen the address.
    let kept = unsafe owned.takeRetainedValue()
    idle.withLock { $0.scratches.append(kept) }
  }

  @inline(never)
  private static func takeIdle() -> Scratch {
    idle.withLock { $0.scratches.popLast() } ?? Scratch()
  }

  /// Lends several scratches for the time of `body`.
  package static func borrow<Result, Failure: Error>(
    _ count: Int, _ body: ([Scratch]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // They are moved one by one: a part of the array could share its memory with the array, and be
    // read when others have the lock.
    var all: [Scratch] = []
    all.reserveCapacity(count)
    idle.withLock { idle in
      while all.count < count, let scratch = idle.scratches.popLast() { all.append(scratch) }
    }
    while all.count < count { all.append(Scratch()) }
    defer { idle.withLock { $0.scratches += all } }
    return try body(all)
  }
}

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
    precondition(length <= count)
    return unsafe Array(UnsafeBufferPointer(start: start, count: length))
  }

  /// These words, after room was made for at least `minimum`. Words that are there keep their value,
  /// new ones are zero.
  @inline(__always)
  fileprivate mutating func grown(to minimum: Int) -> ScratchWords {
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
