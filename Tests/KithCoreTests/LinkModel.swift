import KithCore
import KithTestSupport

/// The links of an adjacency as a set of pairs: too simple to be wrong.
struct LinkModel {
  private(set) var pairs: Set<UInt64> = []

  var count: Int { pairs.count }

  mutating func insert(_ source: UInt32, _ target: UInt32) -> Bool {
    pairs.insert(pair(source, target)).inserted
  }

  mutating func remove(_ source: UInt32, _ target: UInt32) -> Bool {
    pairs.remove(pair(source, target)) != nil
  }

  mutating func removeAll(of slot: UInt32, _ direction: Direction) {
    pairs = pairs.filter { (direction == .forward ? $0 >> 32 : $0 & 0xFFFF_FFFF) != slot }
  }

  private func pair(_ source: UInt32, _ target: UInt32) -> UInt64 {
    UInt64(source) << 32 | UInt64(target)
  }

  /// The targets of each of the first rows, ascending, in one direction.
  func rows(_ count: Int, _ direction: Direction) -> [[UInt32]] {
    var rows = [[UInt32]](repeating: [], count: count)
    for pair in pairs.sorted() {
      let (source, target) = (UInt32(pair >> 32), UInt32(truncatingIfNeeded: pair))
      if direction == .forward {
        rows[Int(source)].append(target)
      } else {
        rows[Int(target)].append(source)
      }
    }
    return rows
  }

  // MARK: Comparison

  /// Compares all links from both sides.
  ///
  /// - Parameter probes: For how many targets of each row their ranks are compared; nil for all.
  /// - Returns: What differs, in words; nothing if all is as it should be.
  func differences(
    from adjacency: Adjacency, sources: Int, targets: Int, probes: Int? = nil,
    _ random: inout SplitMix64
  ) -> [String] {
    var faults: [String] = []
    if adjacency.count != count { faults.append("count is \(adjacency.count), not \(count)") }
    var listed: [UInt64] = []
    adjacency.forEachLink { listed.append(UInt64($0) << 32 | UInt64($1)) }
    if listed != pairs.sorted() { faults.append("forEachLink lists \(listed.count) links") }
    for (direction, near, far) in [
      (Direction.forward, sources, targets), (.backward, targets, sources),
    ] {
      faults += adjacency.runs(direction).validate()
      for (slot, expected) in rows(near, direction).enumerated() {
        let differs = RunProbe(slot: UInt32(slot), expected: expected, far: far)
          .differences(from: adjacency.runs(direction), probes: probes, &random)
        faults += differs.map { "\(direction), row \(slot): \($0)" }
        if adjacency.targets(of: UInt32(slot), direction) != expected {
          faults.append("\(direction), row \(slot): targets(of:) differs")
        }
      }
    }
    return faults
  }
}

/// What one row's run must be, seen through everything that reads a run.
struct RunProbe {
  var slot: UInt32
  var expected: [UInt32]
  /// One more than the largest target that is asked for.
  var far: Int

  func differences(
    from runs: Runs, probes: Int?, _ random: inout SplitMix64
  ) -> [String] {
    let asked = probes.map { count in (0..<count).map { _ in random.row(below: far) } }
    let low = random.number(below: expected.count + 1)
    let high = low + random.number(below: expected.count + 1 - low)
    return runs.withView { view in
      var faults: [String] = []
      if view.count(of: slot) != expected.count {
        return ["count is \(view.count(of: slot)), not \(expected.count)"]
      }
      if runs.count(of: slot) != expected.count { faults.append("count differs outside the view") }
      var walked: [UInt32] = []
      view.forEachTarget(of: slot) { walked.append($0) }
      if walked != expected { faults.append("walks \(walked), not \(expected)") }
      if view.targets(of: slot, in: low..<high) != Array(expected[low..<high]) {
        faults.append("targets in \(low)..<\(high) differ")
      }
      let ranks = asked.map { _ in expected.isEmpty ? [] : [low % expected.count] }
      for rank in ranks ?? Array(expected.indices)
      where view.target(of: slot, at: rank) != expected[rank] {
        faults.append("target at \(rank) is \(view.target(of: slot, at: rank))")
      }
      for target in asked ?? Array(0..<UInt32(far)) {
        let rank = view.rank(of: target, in: slot, SlotOrder())
        let index = expected.firstIndex { $0 >= target } ?? expected.count
        let isPresent = index < expected.count && expected[index] == target
        if rank != (index, isPresent) { faults.append("rank of \(target) is \(rank)") }
        let contains = view.contains(target, in: slot)
        if contains != isPresent { faults.append("contains \(target)") }
      }
      return faults
    }
  }
}

/// A random program that changes an adjacency and a model of it, and keeps snapshots of both.
struct LinkProgram {
  private(set) var faults: [String] = []
  private(set) var steps = 0
  private var random: SplitMix64
  private let geometry: RunGeometry
  private let sources: Int
  private let targets: Int
  private var adjacency: Adjacency
  private var model = LinkModel()
  private var snapshots: [(Adjacency, LinkModel)] = []
  /// The chance of an insertion in percent; it drifts, so that hubs grow and shrink.
  private var growth = 70

  init(seed: UInt64, geometry: RunGeometry, sources: Int, targets: Int) {
    random = SplitMix64(seed: seed)
    self.geometry = geometry
    self.sources = sources
    self.targets = targets
    adjacency = Adjacency(geometry: geometry)
  }

  /// Runs some steps, compares every few, and all snapshots at the end; stops at the first fault.
  ///
  /// - Parameter probes: For how many targets of each row their ranks are compared at the end; nil for all.
  mutating func run(steps count: Int, comparingEvery interval: Int, probes: Int? = nil) {
    for _ in 0..<count where faults.isEmpty {
      steps += 1
      step()
      if steps % interval == 0 {
        compare(adjacency, model, probes: 2)
        growth = [20, 50, 70, 90][random.number(below: 4)]
      }
    }
    compare(adjacency, model, probes: probes)
    for (held, itsModel) in snapshots { compare(held, itsModel, probes: probes) }
  }

  private mutating func step() {
    let (source, target) = (random.skewedRow(below: sources), random.skewedRow(below: targets))
    switch random.number(below: 1_000) {
    case 0..<4:
      if snapshots.count == 4 { dropSnapshot() }
      snapshots.append((adjacency, model))
    case 4..<6:
      if !snapshots.isEmpty { dropSnapshot() }
    case 6..<8:
      let direction = random.chance(50) ? Direction.forward : .backward
      let slot = direction == .forward ? source : target
      adjacency.removeAll(of: slot, direction)
      model.removeAll(of: slot, direction)
    case 8:
      insertBatch()
    default:
      if random.chance(growth) {
        check(adjacency.insert(source, target) == model.insert(source, target), "insert")
      } else {
        removeOne(source, target)
      }
    }
  }

  /// Removes a link that is likely to be there.
  private mutating func removeOne(_ source: UInt32, _ target: UInt32) {
    let count = adjacency.forward.count(of: source)
    var target = target
    if count > 0, random.chance(80) {
      let rank = random.number(below: count)
      target = adjacency.forward.withView { $0.target(of: source, at: rank) }
    }
    check(adjacency.remove(source, target) == model.remove(source, target), "remove")
  }

  private mutating func insertBatch() {
    var batch = LinkBatch()
    var inserted = 0
    for _ in 0..<random.number(below: 60) {
      let (source, target) = (random.skewedRow(below: sources), random.row(below: targets))
      batch.append(source, target)
      inserted += model.insert(source, target) ? 1 : 0
    }
    let claimed = adjacency.insert(
      contentsOf: batch, sourceCount: sources, targetCount: targets)
    check(claimed == inserted, "bulk insert")
  }

  private mutating func dropSnapshot() {
    let (held, itsModel) = snapshots.remove(at: random.number(below: snapshots.count))
    compare(held, itsModel, probes: 1)
  }

  private mutating func check(_ isRight: Bool, _ call: String) {
    if !isRight { faults.append("step \(steps), \(geometry): \(call) returns the wrong answer") }
  }

  private mutating func compare(_ adjacency: Adjacency, _ model: LinkModel, probes: Int?) {
    let differences = model.differences(
      from: adjacency, sources: sources, targets: targets, probes: probes, &random)
    faults += differences.prefix(3).map { "step \(steps), \(geometry): \($0)" }
  }
}
