import KithCore
import KithTestSupport
import Testing

@Suite struct `Sorted runs` {
  @Test(arguments: RunGeometry.tried)
  func `take the largest slots there are`(geometry: RunGeometry) {
    var runs = Runs(geometry: geometry)
    let rows: [UInt32] = [0, 1, .max / 2, .max - 1, .max]
    for source in rows.reversed() {
      for target in rows.reversed() { runs.insert(target, into: source) }
    }
    for source in rows {
      #expect(runs.withView { $0.targets(of: source, in: 0..<rows.count) } == rows)
    }
    var sources: [UInt32] = []
    runs.forEachSource { source, _ in if sources.last != source { sources.append(source) } }
    #expect(sources == rows)
    for source in rows { runs.removeAll(of: source) }
    #expect(rows.allSatisfy { runs.count(of: $0) == 0 })
  }

  @Test func `have no targets past their end`() {
    var runs = Runs(geometry: .tiny[0])
    runs.insert(3, into: 2)
    runs.withView { view in
      // The tree has grown to reach some rows past the last one, but not all of these.
      for source in [0, 1, 3, 4, 5, 7, 8, 16, 1 << 20, .max] as [UInt32] {
        #expect(view.count(of: source) == 0)
        #expect(view.targets(of: source, in: 0..<0) == [])
        #expect(view.rank(of: 3, in: source, SlotOrder()) == (0, false))
      }
    }
  }

  @Test func `have no targets past the end of a run, in release builds either`() async {
    await #expect(processExitsWith: .failure) {
      var runs = Runs()
      runs.insert(3, into: 2)
      runs.withView { _ = $0.targets(of: 2, in: 0..<2) }
    }
    await #expect(processExitsWith: .failure) {
      var runs = Runs()
      runs.insert(3, into: 2)
      runs.withView { $0.withTargets(of: 2, in: 1..<2) { _ in } }
    }
  }

  @Test func `say whether a link came, and whether one went`() {
    var runs = Runs()
    let came = [runs.insert(3, into: 2), runs.insert(3, into: 2)]
    #expect(came == [true, false])
    let went = [runs.remove(3, from: 2), runs.remove(3, from: 2)]
    #expect(went == [true, false])
  }

  /// 0 → 1, 4;  1 → nothing;  2 → 0, 1, … 9 (a hub);  3 → 2
  @Test(arguments: RunGeometry.tried)
  func `are built from a static CSR`(geometry: RunGeometry) {
    let offsets: [UInt32] = [0, 2, 2, 12, 13]
    let targets: [UInt32] = [1, 4] + Array(0..<10) + [2]
    var runs = Runs(offsets: offsets.span, targets: targets.span, geometry: geometry)
    #expect(lists(of: runs, 4) == [[1, 4], [], Array(0..<10), [2]])
    for target in 10..<UInt32(40) { runs.insert(target, into: 2) }
    runs.insert(0, into: 1)
    #expect(lists(of: runs, 5) == [[1, 4], [0], Array(0..<40), [2], []])
  }

  @Test func `are empty when they are built from no rows`() {
    let offsets: [UInt32] = [0]
    let runs = Runs(offsets: offsets.span, targets: Span())
    runs.forEachSource { _, _ in Issue.record("no source has targets") }
    #expect(runs.count(of: 0) == 0)
  }

  @Test func `list a hub in parts, and the parts in order`() {
    var runs = Runs(geometry: .tiny[1])
    for target in 0..<UInt32(50) { runs.insert(49 - target, into: 1) }
    runs.insert(8, into: 0)
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    runs.forEachSource { source, run in
      sources.append(source)
      for index in run.indices { targets.append(run[index]) }
    }
    #expect(sources.first == 0)
    #expect(sources.count > 3)
    #expect(targets == [8] + Array(0..<50))
  }

  /// Every page is full to its last word before its runs become hubs, one after the other.
  @Test func `fill their pages to the last word`() {
    let geometry = RunGeometry(pageShift: 6, nodeShift: 6, longestRun: 40, leafCapacity: 16)
    var runs = Runs(geometry: geometry)
    for target in 0..<UInt32(42) {
      for source in 0..<UInt32(64) { runs.insert(target ^ 1, into: source) }
    }
    let full = Array(0..<UInt32(42))
    #expect(lists(of: runs, 64).allSatisfy { $0 == full })
    for source in 0..<UInt32(64) where source % 2 == 0 { runs.removeAll(of: source) }
    #expect(lists(of: runs, 64).enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? [] : full) })
  }

  /// Links come and go at either end and in the middle of a page that has nearly as many as 16 bits
  /// count, so the part in front of them moves as well as the one behind.
  @Test func `move either part of a page to make a gap`() {
    let geometry = RunGeometry(pageShift: 6, nodeShift: 6, longestRun: 1_023, leafCapacity: 512)
    let offsets = (0...UInt32(64)).map { $0 * 1_022 }
    let run = (0..<UInt32(1_022)).map { $0 * 2 }
    let targets = (0..<64).flatMap { _ in run }
    var runs = Runs(offsets: offsets.span, targets: targets.span, geometry: geometry)
    var expected = [[UInt32]](repeating: run, count: 64)
    for source in [0, 63, 1, 62, 31, 32] + Array(2..<31) + Array(33..<62) {
      let (target, copy) = (UInt32(source * 32 + 1), runs)
      let (other, last) = (UInt32(63 - source), target + 2_048)
      runs.insert(target, into: UInt32(source))
      if source % 3 > 0 {
        runs.insert(last, into: other)
        runs.remove(last, from: other)
      }
      #expect(copy.count(of: UInt32(source)) == 1_022)
      expected[source] = (run + [target]).sorted()
      #expect(runs.validate() == [])
    }
    #expect(lists(of: runs, 64) == expected)
    for source in 0..<UInt32(64) where source % 5 != 2 {
      runs.removeAll(of: source)
      expected[Int(source)] = []
    }
    #expect(lists(of: runs, 64) == expected)
    #expect(runs.validate() == [])
  }

  @Test func `hold a page's longest runs`() {
    let geometry = RunGeometry(pageShift: 0, nodeShift: 6, longestRun: 32_766, leafCapacity: 512)
    let targets = Array(0..<UInt32(32_766))
    let offsets: [UInt32] = [0, 32_766]
    var runs = Runs(offsets: offsets.span, targets: targets.span, geometry: geometry)
    let product = runs.withView { RunsView.degreeProduct($0, $0, below: 1) }
    #expect(product == 32_766 * 32_766)
    runs.insert(32_766, into: 0)
    #expect(runs.withView { $0.targets(of: 0, in: 32_765..<32_767) } == [32_765, 32_766])
    #expect(runs.validate() == [])
  }

  @Test func `refuse pages that 16 bits can't count, and runs that 15 can't`() async {
    await #expect(processExitsWith: .failure) {
      _ = RunGeometry(pageShift: 0, nodeShift: 1, longestRun: 32_767, leafCapacity: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = RunGeometry(pageShift: 6, nodeShift: 6, longestRun: 1_024, leafCapacity: 512)
    }
  }

  private func lists(of runs: Runs, _ rows: UInt32) -> [[UInt32]] {
    runs.withView { view in
      (0..<rows).map { view.targets(of: $0, in: 0..<view.count(of: $0)) }
    }
  }
}
