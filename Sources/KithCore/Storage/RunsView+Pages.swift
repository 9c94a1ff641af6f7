// What is asked of the runs of many sources, a page at a time.

extension RunsView {
  /// Calls `body` with every source below a limit that has targets, and their number, by ascending
  /// source.
  ///
  /// - Complexity: O(sources), a page at a time.
  @inline(__always)
  package func forEachDegree(below limit: Int, _ body: (_ source: UInt32, _ degree: Int) -> Void) {
    var pages = PageFinder(self.pages)
    for index in 0..<pageCount(below: limit) {
      guard let page = pages.page(at: index) else { continue }
      let first = index << pageShift
      for place in 0..<min(1 << pageShift, limit - first) {
        let degree = RunPage.count(of: page, at: place)
        if degree > 0 { body(UInt32(truncatingIfNeeded: first | place), degree) }
      }
    }
  }

  /// Calls `body` with every source in a range that has targets, ascending.
  @inline(__always)
  package func forEachSource(in sources: Range<Int>, _ body: (_ source: UInt32) -> Void) {
    var pages = PageFinder(self.pages)
    var source = sources.lowerBound
    while source < sources.upperBound {
      let end = min(((source >> pageShift) + 1) << pageShift, sources.upperBound)
      if let page = pages.page(at: source >> pageShift) {
        while source < end {
          let slot = UInt32(truncatingIfNeeded: source)
          if RunPage.count(of: page, at: place(slot)) > 0 { body(slot) }
          source += 1
        }
      }
      source = end
    }
  }

  /// The number of links of all sources below a limit.
  ///
  /// - Complexity: O(pages + hubs). No hub is read.
  package func linkCount(below limit: Int) -> Int {
    var pages = PageFinder(self.pages)
    var sum = 0
    for index in 0..<pageCount(below: limit) {
      guard let page = pages.page(at: index) else { continue }
      sum += RunPage.wordsUsed(page)
      RunPage.forEachHubPlace(of: page) {
        sum += RunPage.hubCount(of: page, at: $0) - RunPage.hubWords
      }
    }
    return sum
  }

  func pageCount(below limit: Int) -> Int {
    min((limit + (1 << pageShift) - 1) >> pageShift, pages.capacity)
  }
}
