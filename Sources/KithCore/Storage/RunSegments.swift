/// Runs that a kernel is about to walk: where each begins, and how long it is.
///
/// A kernel finds all its runs first and streams them then. Finding one takes a few loads that
/// depend on each other; those of different runs do not, so they overlap, and the loop over targets
/// need not know of pages and hubs.
///
/// ```
///   segments   │ address, 12 │ address, 3 │ address, 512 │ address, 100 │
///                a run         a run        a hub: a leaf after the other
/// ```
///
/// Valid while the version whose runs they are is neither changed nor dropped, and until the
/// scratch that lent them finds others.
@safe
@usableFromInline
package struct RunSegments {
  /// SAFETY: `capacity` places, of which the first `count` were written.
  @usableFromInline var start: UnsafeMutablePointer<UnsafeBufferPointer<UInt32>>
  private var capacity: Int
  /// The number of segments.
  @usableFromInline package private(set) var count = 0
  /// The number of targets in all segments.
  package private(set) var paths = 0

  init() {
    capacity = 16
    unsafe start = .allocate(capacity: capacity)
  }

  func free() {
    unsafe start.deallocate()
  }

  var byteCount: Int { unsafe capacity * MemoryLayout<UnsafeBufferPointer<UInt32>>.stride }

  /// Whether there is far more room than for a number of segments.
  func isLarge(for need: Int) -> Bool { capacity > 4_096 && capacity / 2 > need }

  /// Calls `body` with the targets of one segment after the other.
  @inlinable
  @inline(__always)
  package func forEach(_ body: (Span<UInt32>) -> Void) {
    for index in 0..<count { body(unsafe start[index].span) }
  }

  /// Calls `body` with four targets of a segment at once, as often as there are four, and `rest` with
  /// each of the others.
  @inline(__always)
  func forEachFour(
    _ body: (UInt32, UInt32, UInt32, UInt32) -> Void, rest: (UInt32) -> Void
  ) {
    for index in 0..<count {
      let run = unsafe start[index]
      var place = 0
      while place &+ 4 <= run.count {
        unsafe body(run[place], run[place &+ 1], run[place &+ 2], run[place &+ 3])
        place &+= 4
      }
      while place < run.count {
        rest(unsafe run[place])
        place &+= 1
      }
    }
  }

  /// Calls `body` with one target after the other, also in a client's code.
  @inlinable
  @inline(__always)
  package func forEachRow<Failure: Error>(
    _ body: (UInt32) throws(Failure) -> Void
  ) throws(Failure) {
    for index in 0..<count {
      let run = unsafe start[index]
      for place in 0..<run.count { try body(unsafe run[place]) }
    }
  }

  /// Calls `body` with the element of one target after the other, in a client's code.
  ///
  /// - Parameter elements: One for each row of the table that the runs lead to, by slot.
  @inlinable
  @inline(__always)
  package func forEachElement<Element, Failure: Error>(
    of elements: Span<Element>, _ body: (Element) throws(Failure) -> Void
  ) throws(Failure) {
    try forEachRow { row throws(Failure) in
      assert(Int(row) < elements.count, "each row has an element")
      // SAFETY: the caller has an element for each row, as debug builds assert.
      try body(unsafe elements[unchecked: Int(row)])
    }
  }

  // MARK: Finding

  mutating func removeAll() {
    (count, paths) = (0, 0)
  }

  /// Makes room for more segments.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UnsafeBufferPointer<UInt32>>.allocate(
      capacity: capacity)
    unsafe larger.update(from: start, count: count)
    free()
    unsafe start = larger
  }

  /// Adds the run at a place of a page, for which there must be room, and keeps room for more.
  @inline(__always)
  mutating func append(_ page: Block, _ place: Int, room: Int) {
    if RunPage.isHub(page, place) {
      append(hub: RunPage.hub(of: page, at: place), room: room)
    } else {
      unsafe append(RunPage.words(of: page, at: place))
    }
  }

  /// Adds a segment, for which there must be room; one that is empty leaves no trace.
  @inline(__always)
  private mutating func append(_ run: UnsafeBufferPointer<UInt32>) {
    unsafe start[count] = run
    count &+= run.count > 0 ? 1 : 0
    paths &+= run.count
  }

  /// Adds the leaves of a hub, and keeps room for more.
  @inline(never)
  private mutating func append(hub: Block, room: Int) {
    unsafe HubTree.forEachLeaf(of: hub, from: 0) { leaf in
      reserve(1)
      unsafe append(leaf)
      return true
    }
    reserve(room)
  }

  /// Adds the first rows of a list of a scratch.
  mutating func append(_ rows: ScratchWords<UInt32>, count: Int) {
    reserve(1)
    unsafe append(rows.prefixBuffer(count))
  }
}

extension RunsView {
  /// Adds the runs of some rows.
  @inline(__always)
  func find(_ sources: Span<UInt32>, _ segments: inout RunSegments) {
    segments.reserve(sources.count)
    var pages = PageFinder(self.pages)
    for index in sources.indices {
      let source = sources[index]
      guard let page = pages.page(at: Int(source) &>> pageShift) else { continue }
      segments.append(page, place(source), room: sources.count &- index &- 1)
    }
  }
}

extension Scratch {
  /// Finds the runs of some rows.
  package func segments(of sources: Span<UInt32>, _ runs: RunsView) -> RunSegments {
    changingSegments { runs.find(sources, &$0) }
  }

  /// Finds the runs of the first rows of a list of another scratch.
  func segments(of sources: ScratchWords<UInt32>, count: Int, _ runs: RunsView) -> RunSegments {
    changingSegments { segments in
      sources.withPrefix(count) { runs.find($0, &segments) }
    }
  }

  /// Finds the run of one row.
  package func segments(of source: UInt32, _ runs: RunsView) -> RunSegments {
    changingSegments { segments in
      segments.reserve(1)
      guard let page = runs.page(of: source) else { return }
      segments.append(page, runs.place(source), room: 0)
    }
  }

  /// Finds the runs of all rows that a row is linked to: two hops.
  package func segments(of source: UInt32, _ near: RunsView, _ runs: RunsView) -> RunSegments {
    changingSegments { segments in
      near.forEachSegment(of: source) { runs.find($0, &segments) }
    }
  }

  /// The first rows of a list of this scratch, as a segment.
  func segment(of rows: ScratchWords<UInt32>, count: Int) -> RunSegments {
    changingSegments { $0.append(rows, count: count) }
  }
}
