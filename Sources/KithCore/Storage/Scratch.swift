import Synchronization

/// Zeroed memory that a kernel borrows, so that a query allocates nothing in the long run.
///
/// A kernel gets it clean and leaves it clean, by undoing only what it touched. Scratches wait in a
/// pool; when many threads query at once, each has its own.
///
/// A scratch is as large as its largest use of late: every 1,024th time that it comes back, it frees
/// what none of the last 1,024 borrowers needed half of, and the pool lets go of the scratches that
/// nobody has taken since. So one query over a large table keeps memory for a while, not for ever.
///
/// SAFETY: a scratch is with one borrower, who takes one thing from it after the other; so nothing
/// is read while it grows, and that need not be checked at run time.
package final class Scratch {
  @exclusivity(unchecked) private var memory = Memory()

  private struct Memory {
    /// A counter a row, all zero between uses.
    var counters = ScratchPart<UInt32>()
    /// A wide counter a row, for walks of many hops, all zero between uses.
    var weights = ScratchPart<UInt64>()
    /// A bit a row, all zero between uses.
    var bits = ScratchPart<UInt64>()
    /// A second bit a row, all zero between uses.
    var marks = ScratchPart<UInt64>()
    /// A byte a row, none of them larger than the stamp.
    var stamps = ScratchPart<UInt8>()
    /// The stamp of the last use.
    var stamp: UInt8 = 0
    /// The rows that a kernel touched. What is left here between uses means nothing.
    var touched = ScratchPart<UInt32>()
    /// Beside each row that a kernel touched, where it came from. What is left here means nothing.
    var origins = ScratchPart<UInt32>()
    /// The best rows that a kernel found, with numbers. What is left here means nothing.
    var best = ScratchPart<UInt64>()
    /// The runs that a kernel found. What is left here between uses means nothing.
    var segments = RunSegments()
    /// The most runs that were found since the scratch was last settled.
    var segmentsNeed = 0
    /// How often the scratch came back since it was last settled.
    var returns = 0

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

    var byteCount: Int {
      counters.byteCount + weights.byteCount + bits.byteCount + marks.byteCount + stamps.byteCount
        + touched.byteCount + origins.byteCount + best.byteCount + segments.byteCount
    }

    mutating func settle() {
      counters.settle()
      weights.settle()
      bits.settle()
      marks.settle()
      stamps.settle()
      touched.settle()
      origins.settle()
      best.settle()
      if segments.isLarge(for: segmentsNeed) {
        segments.free()
        segments = RunSegments()
      }
      (segmentsNeed, returns) = (0, 0)
    }
  }

  package init() {}

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
    unsafe memory.segmentsNeed = max(memory.segmentsNeed, found.count)
    return found
  }

  // MARK: Size

  /// How often a scratch comes back until it frees what was not needed meanwhile.
  package static let period = 1_024

  /// The bytes that the scratch keeps.
  package var byteCount: Int {
    unsafe memory.byteCount
  }

  /// Notes that a borrower is done; true if it is time to settle.
  @inline(__always)
  package func noteReturn() -> Bool {
    unsafe memory.returns &+= 1
    return unsafe memory.returns == Scratch.period
  }

  /// Frees the parts of which nobody needed half since this was last called.
  package func settle() {
    unsafe memory.settle()
  }

  // MARK: The pool

  /// The scratch that was given back last, as an owned address, or zero. Most borrowers find it
  /// here, and need no lock.
  private static let last = Atomic<UInt>(0)

  /// The other scratches that nobody has borrowed.
  private static let idle = Locked(ScratchShelf())

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
    if scratch.noteReturn() { settle(scratch) }
    let owned = unsafe Unmanaged.passRetained(scratch)
    let bits = unsafe UInt(bitPattern: owned.toOpaque())
    if last.compareExchange(expected: 0, desired: bits, ordering: .releasing).exchanged { return }
    // SAFETY: nobody has seen the address.
    let kept = unsafe owned.takeRetainedValue()
    idle.withLock { $0.put(kept) }
  }

  @inline(never)
  private static func takeIdle() -> Scratch {
    idle.withLock { $0.take() } ?? Scratch()
  }

  /// Frees what a scratch did not need of late, and the scratches that nobody took.
  @inline(never)
  private static func settle(_ scratch: Scratch) {
    scratch.settle()
    // They go when the lock is free again.
    let untaken = idle.withLock { $0.letGo() }
    withExtendedLifetime(untaken) {}
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
      while all.count < count, let scratch = idle.take() { all.append(scratch) }
    }
    while all.count < count { all.append(Scratch()) }
    defer {
      for scratch in all where scratch.noteReturn() { settle(scratch) }
      idle.withLock { idle in
        for scratch in all { idle.put(scratch) }
      }
    }
    return try body(all)
  }
}
