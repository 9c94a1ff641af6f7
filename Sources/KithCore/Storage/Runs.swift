/// One direction of the links between two tables: for each source a sorted run of distinct targets.
///
/// A persistent, paged CSR. Runs of 64 neighbouring sources share a page; a run past a few hundred
/// targets hangs below its page as a hub tree. A copy shares everything and costs O(1); a write
/// copies what it changes and the path to it.
@usableFromInline
package struct Runs: Sendable {
  @usableFromInline private(set) var tree: PageTree
  @usableFromInline let geometry: RunGeometry

  /// Makes empty runs.
  package init(geometry: RunGeometry = .standard) {
    self.geometry = geometry
    tree = PageTree(
      RunFormat(), nodeShift: geometry.nodeShift, wideShift: geometry.wideShift)
  }

  /// Makes runs from a static CSR.
  ///
  /// - Parameters:
  ///   - offsets: Where each source's targets start, and after the last source, where they end.
  ///   - targets: The targets of all sources, each source's in order and without repeats.
  /// - Complexity: O(sources + targets).
  package init(
    offsets: Span<UInt32>, targets: Span<UInt32>, geometry: RunGeometry = .standard
  ) {
    self.init(geometry: geometry)
    let sources = offsets.count - 1
    let places = 1 << geometry.pageShift
    var first = 0
    while first < sources {
      let end = min(first + places, sources)
      if offsets[first] < offsets[end] {
        _ = tree.mutablePage(at: first >> geometry.pageShift) {
          Runs.makePage(first..<end, offsets, targets, geometry)
        }
      }
      first = end
    }
  }

  private static func makePage(
    _ sources: Range<Int>, _ offsets: Span<UInt32>, _ targets: Span<UInt32>, _ geometry: RunGeometry
  ) -> Block {
    var (words, hasHubs) = (0, false)
    for source in sources {
      let count = Int(offsets[source + 1] - offsets[source])
      hasHubs = hasHubs || count > geometry.longestRun
      words += count > geometry.longestRun ? RunPage.hubWords : count
    }
    if !hasHubs { return makePage(sources, offsets, targets) }
    let page = RunPage.allocate(words: words)
    var word = 0
    for (place, source) in sources.enumerated() {
      RunPage.setOffset(of: page, at: place, to: word)
      let run = targets.extracting(Int(offsets[source])..<Int(offsets[source + 1]))
      if run.count > geometry.longestRun {
        page.tag |= 1 << UInt64(place)
        // SAFETY: the buffer does not outlive the closure.
        let hub = unsafe run.withUnsafeBufferPointer {
          unsafe HubTree.make($0, leafCapacity: geometry.leafCapacity)
        }
        RunPage.setHub(of: page, at: place, to: hub)
        word += RunPage.hubWords
      } else {
        page.copyWords(of: run, to: RunPage.targetsStart + word * 4)
        word += run.count
      }
    }
    for place in sources.count...RunPage.places {
      RunPage.setOffset(of: page, at: place, to: word)
    }
    return page
  }

  /// Makes a page of short runs, which lie in it as in the CSR.
  private static func makePage(
    _ sources: Range<Int>, _ offsets: Span<UInt32>, _ targets: Span<UInt32>
  ) -> Block {
    let (start, end) = (offsets[sources.lowerBound], offsets[sources.upperBound])
    let page = RunPage.allocate(words: Int(end - start))
    for place in 0...RunPage.places {
      let source = min(sources.lowerBound + place, sources.upperBound)
      RunPage.setOffset(of: page, at: place, to: Int(offsets[source] - start))
    }
    page.copyWords(of: targets.extracting(Int(start)..<Int(end)), to: RunPage.targetsStart)
    return page
  }

  // MARK: Reading

  /// Reads runs without counting owners, for as long as they are neither changed nor dropped.
  @inlinable
  @inline(__always)
  package var view: RunsView { RunsView(pages: tree.view, pageShift: geometry.pageShift) }

  /// Reads runs without counting owners; the view is valid inside `body`.
  @inline(__always)
  package func withView<Result, Failure: Error>(
    _ body: (RunsView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try tree.withView { (pages) throws(Failure) in
      try body(RunsView(pages: pages, pageShift: geometry.pageShift))
    }
  }

  /// The number of targets of one source. O(1).
  package func count(of source: UInt32) -> Int {
    withView { $0.count(of: source) }
  }

  /// Calls `body` with the targets of every source that has any, by ascending source; a hub's in
  /// several parts.
  package func forEachSource(_ body: (_ source: UInt32, Span<UInt32>) -> Void) {
    tree.forEachPage { index, page in
      for place in 0..<(1 << geometry.pageShift) {
        let source = UInt32(index << geometry.pageShift | place)
        RunsView.forEachSegment(of: page, at: place) { run in
          if run.count > 0 { body(source, run) }
        }
      }
    }
  }

  // MARK: Changing

  /// Inserts a link, unless it is there.
  ///
  /// - Parameter order: The order of all runs: always the same for one value.
  /// - Returns: False if the link was there; then nothing has changed.
  /// - Complexity: O(log *n*) for a hub, or else a move of the page's words, at most 64 KiB.
  @discardableResult
  package mutating func insert(
    _ target: UInt32, into source: UInt32, order: some RunOrder = SlotOrder()
  ) -> Bool {
    let rank = withView { $0.rank(of: target, in: source, order) }
    if rank.isPresent { return false }
    insert(target, into: source, at: rank.index, order: order)
    return true
  }

  /// Inserts a link that is not there at the rank that the order gives it.
  ///
  /// - Parameter rank: The rank, or anything for a hub, which finds it by itself.
  package mutating func insert(
    _ target: UInt32, into source: UInt32, at rank: Int, order: some RunOrder = SlotOrder()
  ) {
    let place = placeInPage(source)
    var spot = tree.placeToReplace(at: pageIndex(source), make: RunPage.make)
    if RunPage.isHub(spot.page, place) {
      tree.own(&spot)
      let (hub, copies) = HubTree.insert(
        target, into: RunPage.hub(of: spot.page, at: place), order,
        leafCapacity: geometry.leafCapacity)
      if copies > 0 { tree.noteCopies(copies) }
      RunPage.setHub(of: spot.page, at: place, to: hub)
      return
    }
    splice(&spot, at: place, word: rank, removing: 0, inserting: 1)
    RunPage.setWord(of: spot.page, at: place, word: rank, to: target)
    if RunPage.count(of: spot.page, at: place) > geometry.longestRun {
      spot.replace(with: raiseHub(spot.page, place))
    }
  }

  /// Makes a gap in a page, which is copied around it when a snapshot shares it.
  @inline(__always)
  private mutating func splice(
    _ spot: inout PagePlace, at place: Int, word: Int, removing removed: Int,
    inserting inserted: Int
  ) {
    if !spot.page.isUnique { tree.noteCopies(1) }
    spot.replace(
      with: RunPage.splice(
        spot.page, at: place, word: word, removing: removed, inserting: inserted))
  }

  /// Removes a link, if it is there.
  ///
  /// - Returns: False if the link was not there; then nothing has changed.
  /// - Complexity: As for `insert`.
  @discardableResult
  package mutating func remove(
    _ target: UInt32, from source: UInt32, order: some RunOrder = SlotOrder()
  ) -> Bool {
    let rank = withView { $0.rank(of: target, in: source, order) }
    guard rank.isPresent else { return false }
    remove(target, from: source, at: rank.index, order: order)
    return true
  }

  /// Removes a link that is there.
  ///
  /// - Parameter rank: The rank, or anything for a hub, which finds it by itself.
  package mutating func remove(
    _ target: UInt32, from source: UInt32, at rank: Int, order: some RunOrder = SlotOrder()
  ) {
    let place = placeInPage(source)
    var spot = tree.placeToReplace(at: pageIndex(source), make: RunPage.make)
    // The last link of a page is no hub.
    if RunPage.wordsUsed(spot.page) == 1 { return tree.removePage(at: pageIndex(source)) }
    if RunPage.isHub(spot.page, place) {
      tree.own(&spot)
      let whole = RunPage.hub(of: spot.page, at: place)
      let (hub, copies) = HubTree.remove(
        rank: HubTree.lowerBound(whole, target, order), from: whole,
        leafCapacity: geometry.leafCapacity)
      if copies > 0 { tree.noteCopies(copies) }
      RunPage.setHub(of: spot.page, at: place, to: hub)
      if HubTree.count(hub) <= geometry.longestRun / 2 {
        spot.replace(with: lowerHub(spot.page, place))
      }
    } else {
      splice(&spot, at: place, word: rank, removing: 1, inserting: 0)
    }
  }

  /// Removes all links of one source.
  package mutating func removeAll(of source: UInt32) {
    let (index, place) = (pageIndex(source), placeInPage(source))
    guard let shared = tree.page(at: index) else { return }
    let words = RunPage.wordCount(of: shared, at: place)
    if words == 0 { return }
    if words == RunPage.wordsUsed(shared) { return tree.removePage(at: index) }
    var spot = tree.mutablePlace(at: index, make: RunPage.make)
    let page = spot.page
    if RunPage.isHub(page, place) {
      HubTree.release(RunPage.hub(of: page, at: place))
      page.tag &= ~(1 << UInt64(place))
    }
    spot.replace(with: RunPage.splice(page, at: place, word: 0, removing: words, inserting: 0))
  }

  /// Moves a run that has become long out of its page.
  private func raiseHub(_ page: Block, _ place: Int) -> Block {
    let run = unsafe RunPage.words(of: page, at: place)
    let hub = unsafe HubTree.make(run, leafCapacity: geometry.leafCapacity)
    let raised = RunPage.splice(
      page, at: place, word: 0, removing: run.count, inserting: RunPage.hubWords)
    raised.tag |= 1 << UInt64(place)
    RunPage.setHub(of: raised, at: place, to: hub)
    return raised
  }

  /// Moves a run that has become short back into its page.
  private func lowerHub(_ page: Block, _ place: Int) -> Block {
    let hub = RunPage.hub(of: page, at: place)
    page.tag &= ~(1 << UInt64(place))
    let lowered = RunPage.splice(
      page, at: place, word: 0, removing: RunPage.hubWords, inserting: HubTree.count(hub))
    for rank in 0..<HubTree.count(hub) {
      RunPage.setWord(of: lowered, at: place, word: rank, to: HubTree.element(of: hub, at: rank))
    }
    HubTree.release(hub)
    return lowered
  }

  @inline(__always)
  private func pageIndex(_ source: UInt32) -> Int { Int(source) >> geometry.pageShift }

  @inline(__always)
  private func placeInPage(_ source: UInt32) -> Int {
    Int(source) & ((1 << geometry.pageShift) - 1)
  }

  // MARK: Accounts

  /// Pages, nodes and leaves that writes had to copy because a snapshot shared them.
  package var copies: Int { tree.copies }

  /// The bytes of all pages and hubs, whether a snapshot shares them or not.
  package var byteCount: Int { tree.byteCount }

  /// What is wrong with the pages; empty when they are sound.
  package func validate() -> [String] {
    var faults: [String] = []
    tree.forEachPage { faults += RunPage.faults(of: $1) }
    return faults
  }
}
