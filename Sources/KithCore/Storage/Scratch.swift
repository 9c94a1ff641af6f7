/// Zeroed memory that a kernel borrows, so that a query allocates nothing in the long run.
///
/// A kernel gets it clean and leaves it clean, by undoing only what it touched. Scratches wait in a
/// pool; when many threads query at once, each has its own.
package final class Scratch {
  /// A counter a row, all zero between uses.
  private var counters = ScratchWords<UInt32>(count: 0)
  /// A wide counter a row, for walks of many hops, all zero between uses.
  private var weights = ScratchWords<UInt64>(count: 0)
  /// A bit a row, all zero between uses.
  private var bits = ScratchWords<UInt64>(count: 0)
  /// A second bit a row, all zero between uses.
  private var marks = ScratchWords<UInt64>(count: 0)
  /// The rows that a kernel touched. What is left here between uses means nothing.
  private var touched = ScratchWords<UInt32>(count: 0)
  /// Beside each row that a kernel touched, where it came from. What is left here means nothing.
  private var origins = ScratchWords<UInt32>(count: 0)

  private init() {}

  deinit {
    counters.free()
    weights.free()
    bits.free()
    marks.free()
    touched.free()
    origins.free()
  }

  /// Lends a counter a row; all are zero, and must be zero again before the scratch goes back.
  package func counters(rows: Int) -> ScratchWords<UInt32> {
    counters.grow(to: rows)
    return counters
  }

  /// Lends a wide counter a row; all are zero, and must be zero again before the scratch goes back.
  package func weights(rows: Int) -> ScratchWords<UInt64> {
    weights.grow(to: rows)
    return weights
  }

  /// Lends a bit a row; all are zero, and must be zero again before the scratch goes back.
  package func bits(rows: Int) -> ScratchWords<UInt64> {
    bits.grow(to: (rows + 63) / 64)
    return bits
  }

  /// Lends a second bit a row; all are zero, and must be zero again before the scratch goes back.
  package func marks(rows: Int) -> ScratchWords<UInt64> {
    marks.grow(to: (rows + 63) / 64)
    return marks
  }

  /// Lends a list with room for a number of rows, with any content; it keeps that when it grows.
  package func touched(capacity: Int) -> ScratchWords<UInt32> {
    touched.grow(to: capacity)
    return touched
  }

  /// Lends a second list, with any content; it keeps that when it grows.
  package func origins(capacity: Int) -> ScratchWords<UInt32> {
    origins.grow(to: capacity)
    return origins
  }

  // MARK: The pool

  /// The scratches that nobody has borrowed.
  private static let idle = Locked(Idle())

  /// SAFETY: a scratch is in here or with one borrower, never with two, and the mutex hands it
  /// over.
  private struct Idle: @unchecked Sendable {
    var scratches: [Scratch] = []
  }

  /// Lends a scratch for the time of `body`. Calls may nest; each gets its own.
  package static func borrow<Result, Failure: Error>(
    _ body: (Scratch) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let scratch = idle.withLock { $0.scratches.popLast() } ?? Scratch()
    defer { idle.withLock { $0.scratches.append(scratch) } }
    return try body(scratch)
  }

  /// Lends several scratches for the time of `body`.
  package static func borrow<Result, Failure: Error>(
    _ count: Int, _ body: ([Scratch]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let scratches = idle.withLock { idle in
      let kept = min(count, idle.scratches.count)
      defer { idle.scratches.removeLast(kept) }
      return Array(idle.scratches.suffix(kept))
    }
    let all = scratches + (scratches.count..<count).map { _ in Scratch() }
    defer { idle.withLock { $0.scratches += all } }
    return try body(all)
  }
}

/// Words of a scratch, valid while it is borrowed. Indexes are checked in debug builds only: the
/// kernels that use them run once a joined edge, and take their indexes from runs, whose slots the
/// scratch was sized for.
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

  /// The first words, as an array.
  package func prefix(_ length: Int) -> [Word] {
    precondition(length <= count)
    return unsafe Array(UnsafeBufferPointer(start: start, count: length))
  }

  /// Makes room for at least `minimum` words. Words that are there keep their value, new ones are
  /// zero.
  fileprivate mutating func grow(to minimum: Int) {
    guard count < minimum else { return }
    let larger = ScratchWords(count: max(minimum, count * 2))
    unsafe larger.start.update(from: start, count: count)
    free()
    self = larger
  }

  fileprivate func free() {
    unsafe start.deallocate()
  }
}
