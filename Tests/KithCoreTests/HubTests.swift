import KithCore
import KithTestSupport
import Testing

/// Two hubs, side by side in their page: their addresses can't both be at multiples of eight.
private let lasting: Runs = {
  var runs = Runs()
  for target in 0..<UInt32(1_000) {
    runs.insert(target, into: 0)
    runs.insert(target, into: 1)
  }
  return runs
}()

@Suite struct `Hubs` {
  enum Order: String, CaseIterable {
    case ascending, descending, shuffled

    func arrange(_ targets: [UInt32], _ random: inout SplitMix64) -> [UInt32] {
      switch self {
      case .ascending: targets
      case .descending: targets.reversed()
      case .shuffled: targets.shuffled(using: &random)
      }
    }
  }

  /// Row 5 grows to 1,400 links and shrinks to nothing. Its neighbours in the page keep theirs:
  ///
  /// ```
  ///   4 → 1, 3      5 → 0, 3, 6, 9, …      6 → 2
  /// ```
  @Test(arguments: Order.allCases, Order.allCases)
  func `keep their order from the first link to the last`(growing: Order, shrinking: Order) {
    for (index, geometry) in RunGeometry.tried.enumerated() {
      var random = SplitMix64(seed: UInt64(index))
      let all = (0..<UInt32(1_400)).map { $0 * 3 }
      var hub = HubProgram(geometry: geometry)
      for target in growing.arrange(all, &random) { hub.insert(target, &random) }
      hub.expectSorted(&random)
      for target in shrinking.arrange(all, &random) { hub.remove(target, &random) }
      hub.expectEmpty()
      #expect(hub.faults == [], "\(geometry)")
    }
  }

  /// The gate looks for leaks when the process has ended, and these are alive then.
  @Test func `are no leaks while something owns them`() {
    #expect([0, 1].map { source in lasting.withView { $0.count(of: source) } } == [1_000, 1_000])
  }

  @Test(arguments: RunGeometry.tried)
  func `answer for every rank`(geometry: RunGeometry) {
    var random = SplitMix64(seed: 8)
    let targets = random.rows(below: 3_000, percent: 60)
    var runs = Runs(geometry: geometry)
    for target in targets.shuffled(using: &random) { runs.insert(target, into: 0) }
    let probe = RunProbe(slot: 0, expected: targets, far: 3_000)
    #expect(probe.differences(from: runs, probes: nil, &random) == [])
    runs.withView { view in
      for low in stride(from: 0, through: targets.count, by: 97) {
        let high = min(low + 1 + random.number(below: 900), targets.count)
        #expect(view.targets(of: 0, in: low..<high) == Array(targets[low..<high]))
        var lent: [UInt32] = []
        view.withTargets(of: 0, in: low..<high) { part in
          for index in part.indices { lent.append(part[index]) }
        }
        #expect(lent == Array(targets[low..<high]))
      }
      #expect(view.targets(of: 0, in: 5..<5) == [])
      let firsts: [UInt32?] = [view.firstTarget(of: 0), view.firstTarget(of: 1)]
      let expected: [UInt32?] = [targets[0], nil]
      #expect(firsts == expected)
    }
  }

  @Test func `are read in part, a leaf at a time`() {
    var runs = Runs(geometry: .standard)
    let targets = (0..<UInt32(100_000)).map { $0 * 3 }
    for target in targets { runs.insert(target, into: 7) }
    runs.withView { view in
      for (first, last) in [(0, 0), (1, 2), (150_000, 150_001), (0, 299_997), (299_997, .max)]
        as [(UInt32, UInt32)]
      {
        var (seen, leaves): ([UInt32], Int) = ([], 0)
        view.forEachSegment(of: 7, from: first, through: last) { leaf in
          leaves += 1
          for index in leaf.indices { seen.append(leaf[index]) }
        }
        #expect(
          seen.filter { $0 >= first && $0 <= last } == targets.filter { $0 >= first && $0 <= last })
        // The leaf in which the last may be, and those before it.
        #expect(leaves <= seen.count / 256 + 2 && (last - first > 100_000 || seen.count <= 1_024))
      }
    }
  }

  @Test(arguments: RunGeometry.tried)
  func `go at once, and leave their snapshot whole`(geometry: RunGeometry) {
    var runs = Runs(geometry: geometry)
    for target in 0..<UInt32(1_000) { runs.insert(target, into: 2) }
    runs.insert(7, into: 3)
    let snapshot = runs
    runs.removeAll(of: 2)
    #expect(runs.count(of: 2) == 0)
    #expect(runs.withView { $0.contains(7, in: 3) })
    #expect(runs.validate() + snapshot.validate() == [])
    #expect(snapshot.count(of: 2) == 1_000)
    #expect(snapshot.withView { $0.targets(of: 2, in: 0..<1_000) } == Array(0..<1_000))
    runs.insert(1, into: 2)
    #expect(runs.withView { $0.targets(of: 2, in: 0..<1) } == [1])
  }

  @Test func `fill their leaves when the newest link comes last`() {
    var runs = Runs()
    for target in 0..<UInt32(20_000) { runs.insert(target, into: 0) }
    #expect(runs.byteCount < 20_000 * 9 / 2)
  }

  @Test func `come into being past the longest run, and go at half of it`() {
    var runs = Runs(
      geometry: RunGeometry(pageShift: 1, nodeShift: 1, longestRun: 8, leafCapacity: 64))
    for target in 0..<UInt32(8) { runs.insert(target, into: 0) }
    let asRun = runs.byteCount
    runs.insert(8, into: 0)
    let asHub = runs.byteCount
    #expect(asHub != asRun)
    for target in (5...8 as ClosedRange<UInt32>).reversed() { runs.remove(target, from: 0) }
    #expect(runs.byteCount == asHub)
    runs.remove(4, from: 0)
    #expect(runs.count(of: 0) == 4)
    #expect(runs.byteCount != asHub)
  }

  @Test func `give their memory back when they shrink`() {
    var runs = Runs()
    for target in 0..<UInt32(20_000) { runs.insert(target, into: 0) }
    let full = runs.byteCount
    for target in 0..<UInt32(20_000) where target % 16 != 0 { runs.remove(target, from: 0) }
    #expect(runs.count(of: 0) == 1_250)
    #expect(runs.byteCount < full / 4)
  }
}

/// Changes the links of row 5 and compares them with a set at every size around a boundary.
private struct HubProgram {
  private(set) var faults: [String] = []
  private let geometry: RunGeometry
  private var runs: Runs
  private var expected: Set<UInt32> = []
  private var snapshots: [(runs: Runs, expected: Set<UInt32>)] = []
  private let heldCounts: Set<Int>

  init(geometry: RunGeometry) {
    self.geometry = geometry
    heldCounts = [
      geometry.longestRun / 2, geometry.longestRun, geometry.longestRun + 1, geometry.leafCapacity,
      geometry.leafCapacity + 1, 700,
    ]
    runs = Runs(geometry: geometry)
    for (source, target) in [(4, 1), (4, 3), (6, 2)] as [(UInt32, UInt32)] {
      runs.insert(target, into: source)
    }
  }

  mutating func insert(_ target: UInt32, _ random: inout SplitMix64) {
    if !runs.insert(target, into: 5) { faults.append("\(target) was there") }
    expected.insert(target)
    compareAtBoundary(&random)
  }

  mutating func remove(_ target: UInt32, _ random: inout SplitMix64) {
    if !runs.remove(target, from: 5) { faults.append("\(target) was not there") }
    expected.remove(target)
    compareAtBoundary(&random)
  }

  /// Compares at the sizes at which a page, a leaf or a node overflows, and now and then elsewhere.
  private mutating func compareAtBoundary(_ random: inout SplitMix64) {
    let count = expected.count
    if runs.count(of: 5) != count { faults.append("count is not \(count)") }
    let isNear = heldCounts.contains { abs($0 - count) <= 1 }
    let isNearMultiple = (count + 1) % geometry.longestRun <= 2
    let percent = geometry == .standard ? 8 : 1
    if count < 12 || isNear || (isNearMultiple && random.chance(percent)) {
      compare(runs, expected, &random)
    }
    if heldCounts.contains(count) { snapshots.append((runs, expected)) }
  }

  private mutating func compare(
    _ runs: Runs, _ expected: Set<UInt32>, _ random: inout SplitMix64
  ) {
    faults += runs.validate()
    let probe = RunProbe(slot: 5, expected: expected.sorted(), far: 4_200)
    faults += probe.differences(from: runs, probes: 5, &random).prefix(2)
      .map { "at \(expected.count): \($0)" }
    let neighbours = runs.withView { view in
      [4, 6].map { view.targets(of: $0, in: 0..<view.count(of: $0)) }
    }
    if neighbours != [[1, 3], [2]] { faults.append("at \(expected.count): \(neighbours)") }
  }

  mutating func expectSorted(_ random: inout SplitMix64) {
    compare(runs, expected, &random)
    for (held, itsTargets) in snapshots { compare(held, itsTargets, &random) }
  }

  mutating func expectEmpty() {
    var random = SplitMix64(seed: 0)
    expectSorted(&random)
    if runs.count(of: 5) != 0 || !expected.isEmpty { faults.append("links are left") }
  }
}
