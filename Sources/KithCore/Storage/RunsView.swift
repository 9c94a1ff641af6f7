/// The runs of one version, read without counting owners: what kernels walk.
///
/// SAFETY: valid while the runs it was taken from are neither changed nor dropped, which whoever asks for a
/// view sees to. Targets are lent to closures as spans, and only for as long as these run.
@usableFromInline
package struct RunsView: Sendable {
  @usableFromInline let pages: PageTreeView
  @usableFromInline let pageShift: Int

  @inlinable
  @inline(__always)
  init(pages: PageTreeView, pageShift: Int) {
    self.pages = pages
    self.pageShift = pageShift
  }

  /// The page that holds the run of a source, or nil when none was written.
  @inline(__always)
  func page(of source: UInt32) -> Block? { pages.page(at: Int(source) &>> pageShift) }

  /// The number of targets of one source.
  @inline(__always)
  package func count(of source: UInt32) -> Int {
    guard let page = page(of: source) else { return 0 }
    return RunPage.count(of: page, at: place(source))
  }

  /// The number of targets of some sources together.
  package func linkCount(of sources: Span<UInt32>) -> Int {
    var pages = PageFinder(self.pages)
    var sum = 0
    for index in sources.indices {
      let source = sources[index]
      guard let page = pages.page(at: Int(source) &>> pageShift) else { continue }
      sum &+= RunPage.count(of: page, at: place(source))
    }
    return sum
  }

  /// Calls `body` with the targets of one source in order: once for a run in its page, once a leaf
  /// for a hub.
  @inline(__always)
  package func forEachSegment(of source: UInt32, _ body: (Span<UInt32>) -> Void) {
    guard let page = page(of: source) else { return }
    RunsView.forEachSegment(of: page, at: place(source), body)
  }

  @inline(__always)
  static func forEachSegment(of page: Block, at place: Int, _ body: (Span<UInt32>) -> Void) {
    if RunPage.isHub(page, place) {
      unsafe HubTree.forEachLeaf(of: RunPage.hub(of: page, at: place), from: 0) { leaf in
        body(unsafe leaf.span)
        return true
      }
    } else {
      body(unsafe RunPage.words(of: page, at: place).span)
    }
  }

  /// Calls `body` with the segments of one source in which targets from `first` to `last` may be: of a
  /// hub only the leaves between them.
  ///
  /// - Complexity: O(log *n*) for a hub, beside what `body` does.
  @inline(__always)
  package func forEachSegment(
    of source: UInt32, from first: UInt32, through last: UInt32, _ body: (Span<UInt32>) -> Void
  ) {
    guard let page = page(of: source) else { return }
    let place = place(source)
    guard RunPage.isHub(page, place) else {
      return body(unsafe RunPage.words(of: page, at: place).span)
    }
    let hub = RunPage.hub(of: page, at: place)
    unsafe HubTree.forEachLeaf(of: hub, from: HubTree.lowerBound(hub, first, SlotOrder())) { leaf in
      body(unsafe leaf.span)
      return unsafe leaf[leaf.count - 1] < last
    }
  }

  /// Calls `body` with one target after the other, in order.
  @inline(__always)
  package func forEachTarget(of source: UInt32, _ body: (UInt32) -> Void) {
    forEachSegment(of: source) { run in
      for index in run.indices { body(run[index]) }
    }
  }

  /// The target at a rank, which must be less than the count. O(log n) for a hub.
  package func target(of source: UInt32, at rank: Int) -> UInt32 {
    guard let page = page(of: source) else {
      preconditionFailure("a source without targets has none at a rank")
    }
    return RunsView.target(of: page, at: place(source), rank)
  }

  @inline(__always)
  private static func target(of page: Block, at place: Int, _ rank: Int) -> UInt32 {
    if RunPage.isHub(page, place) {
      return HubTree.element(of: RunPage.hub(of: page, at: place), at: rank)
    }
    let run = unsafe RunPage.words(of: page, at: place).span
    return run[rank]
  }

  /// The targets of one source in order, copied. O(targets).
  package func targets(of source: UInt32) -> [UInt32] {
    guard let page = page(of: source) else { return [] }
    let place = place(source)
    return RunsView.targets(of: page, at: place, in: 0..<RunPage.count(of: page, at: place))
  }

  /// The first target of a source, or nil if it has none. O(1), or O(log n) for a hub.
  @inline(__always)
  package func firstTarget(of source: UInt32) -> UInt32? {
    guard let page = page(of: source) else { return nil }
    let place = place(source)
    if RunPage.count(of: page, at: place) == 0 { return nil }
    return RunsView.target(of: page, at: place, 0)
  }

  /// Lends the targets of one source in order, which are only copied if they are a hub's.
  ///
  /// - Complexity: O(1), or O(targets) for a hub.
  package func withTargets(of source: UInt32, _ body: (Span<UInt32>) -> Void) {
    RunsView.withTargets(of: page(of: source), at: place(source), body)
  }

  /// Lends the targets at some ranks, which must be less than the count, likewise.
  ///
  /// - Complexity: O(1), or O(log n + targets) for a hub.
  package func withTargets(
    of source: UInt32, in ranks: Range<Int>, _ body: (Span<UInt32>) -> Void
  ) {
    guard !ranks.isEmpty, let page = page(of: source) else { return body([UInt32]().span) }
    RunsView.withTargets(of: page, at: place(source), in: ranks, body)
  }

  /// Lends all targets of a run; a page that is absent has none.
  @inline(__always)
  static func withTargets(of page: Block?, at place: Int, _ body: (Span<UInt32>) -> Void) {
    guard let page else { return body([UInt32]().span) }
    withTargets(of: page, at: place, in: 0..<RunPage.count(of: page, at: place), body)
  }

  @inline(__always)
  private static func withTargets(
    of page: Block, at place: Int, in ranks: Range<Int>, _ body: (Span<UInt32>) -> Void
  ) {
    if !RunPage.isHub(page, place) {
      return body(unsafe RunPage.words(of: page, at: place).span.extracting(ranks))
    }
    Scratch.borrow { scratch in
      let list = scratch.touched(capacity: ranks.count)
      RunsView.copy(ranks, ofHub: RunPage.hub(of: page, at: place), to: list)
      list.withPrefix(ranks.count, body)
    }
  }

  /// The targets at some ranks, which must be less than the count. O(log n + targets).
  package func targets(of source: UInt32, in ranks: Range<Int>) -> [UInt32] {
    guard !ranks.isEmpty, let page = page(of: source) else { return [] }
    return RunsView.targets(of: page, at: place(source), in: ranks)
  }

  @inline(__always)
  private static func targets(of page: Block, at place: Int, in ranks: Range<Int>) -> [UInt32] {
    if !RunPage.isHub(page, place) {
      // The span looks whether the ranks are there; a slice of a buffer would in debug builds only.
      let run = unsafe RunPage.words(of: page, at: place).span.extracting(ranks)
      // SAFETY: the buffer is copied while it is lent.
      return unsafe run.withUnsafeBufferPointer { unsafe Array($0) }
    }
    return .filled(capacity: ranks.count) { targets in
      RunsView.copy(ranks, ofHub: RunPage.hub(of: page, at: place), to: targets)
      return ranks.count
    }
  }

  /// Copies the targets of a hub at some ranks.
  private static func copy(_ ranks: Range<Int>, ofHub hub: Block, to list: ScratchWords<UInt32>) {
    var end = 0
    unsafe HubTree.forEachLeaf(of: hub, from: ranks.lowerBound) {
      let leaf = unsafe $0.span.extracting(first: ranks.count - end)
      list.replace(from: end, with: leaf)
      end += leaf.count
      return end < ranks.count
    }
    precondition(end == ranks.count, "ranks are less than the count")
  }

  /// Whether a link is there, in runs that are ordered by slot.
  package func contains(_ target: UInt32, in source: UInt32) -> Bool {
    rank(of: target, in: source, SlotOrder()).isPresent
  }

  /// The rank that a target has in a run, or would have.
  @inline(__always)
  package func rank(
    of target: UInt32, in source: UInt32, _ order: some RunOrder
  ) -> (index: Int, isPresent: Bool) {
    guard let page = page(of: source) else { return (0, false) }
    let place = place(source)
    if RunPage.isHub(page, place) {
      let hub = RunPage.hub(of: page, at: place)
      let index = HubTree.lowerBound(hub, target, order)
      return (index, index < HubTree.count(hub) && HubTree.element(of: hub, at: index) == target)
    }
    let run = unsafe RunPage.words(of: page, at: place)
    let index = unsafe bound(in: run, of: target, order)
    return (index, unsafe index < run.count && run[index] == target)
  }

  /// The number of targets of a source that come before a place.
  @inline(__always)
  func count(before bound: some RunBound, in source: UInt32) -> Int {
    guard let page = page(of: source) else { return 0 }
    return RunsView.count(before: bound, of: page, at: place(source))
  }

  /// The last target of a source that comes before a place, and the number of targets up to it; nil if
  /// there is none.
  @inline(__always)
  func last(before bound: some RunBound, in source: UInt32) -> (UInt32, count: Int)? {
    guard let page = page(of: source) else { return nil }
    let place = place(source)
    let count = RunsView.count(before: bound, of: page, at: place)
    return count == 0 ? nil : (RunsView.target(of: page, at: place, count - 1), count)
  }

  @inline(__always)
  private static func count(before bound: some RunBound, of page: Block, at place: Int) -> Int {
    let order = BoundOrder(bound: bound)
    if RunPage.isHub(page, place) {
      return HubTree.lowerBound(RunPage.hub(of: page, at: place), .max, order)
    }
    return unsafe KithCore.bound(in: RunPage.words(of: page, at: place), of: .max, order)
  }

  /// A search of the run of a source, or nil if its targets are a hub's, which finds them by itself.
  @inline(__always)
  func search(of source: UInt32) -> RunSearch? {
    guard let page = page(of: source) else { return unsafe RunSearch(.init(start: nil, count: 0)) }
    let place = place(source)
    if RunPage.isHub(page, place) { return nil }
    return unsafe RunSearch(RunPage.words(of: page, at: place))
  }

  @inline(__always)
  func place(_ source: UInt32) -> Int { Int(source) & ((1 &<< pageShift) &- 1) }
}
