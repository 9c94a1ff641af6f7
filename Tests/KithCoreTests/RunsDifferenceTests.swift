import KithCore
import KithTestSupport
import Testing

@Suite struct `Difference of two versions of runs` {
  private struct Change: Equatable {
    var source: UInt32
    var removed: [UInt32]
    var added: [UInt32]
  }

  private static func changes(from old: Runs, to new: Runs) -> (list: [Change], places: Int) {
    var list: [Change] = []
    let places = new.forEachChange(since: old) { source, removed, added in
      list.append(Change(source: source, removed: removed, added: added))
    }
    return (list, places)
  }

  // MARK: Against a model

  /// The runs as a dictionary of sets.
  private typealias Model = [UInt32: Set<UInt32>]

  private static func changes(from old: Model, to new: Model) -> [Change] {
    Set(old.keys).union(new.keys).sorted().compactMap { source in
      let (before, after) = (old[source] ?? [], new[source] ?? [])
      if before == after { return nil }
      return Change(
        source: source, removed: before.subtracting(after).sorted(),
        added: after.subtracting(before).sorted())
    }
  }

  /// Versions that come from one another, with changes between them that are few or many.
  private static func versions(
    seed: UInt64, geometry: RunGeometry, sources: Int, targets: Int
  ) -> [(runs: Runs, model: Model)] {
    var random = SplitMix64(seed: seed)
    var (runs, model) = (Runs(geometry: geometry), Model())
    var versions = [(runs, model)]
    for _ in 0..<7 {
      let growth = [20, 60, 90][random.number(below: 3)]
      for _ in 0..<[1, 30, 1_500][random.number(below: 3)] {
        let source = random.skewedRow(below: sources)
        let target = random.row(below: targets)
        if random.chance(growth) {
          runs.insert(target, into: source)
          model[source, default: []].insert(target)
        } else if random.number(below: 200) == 0 {
          runs.removeAll(of: source)
          model[source] = nil
        } else if let held = model[source]?.min(by: { ($0 ^ target) < ($1 ^ target) }) {
          runs.remove(held, from: source)
          model[source]?.remove(held)
        }
      }
      versions.append((runs, model))
    }
    return versions
  }

  private static func expectDifferences(
    seed: UInt64, geometry: RunGeometry, sources: Int, targets: Int
  ) {
    let versions = versions(seed: seed, geometry: geometry, sources: sources, targets: targets)
    for old in versions {
      for new in versions {
        let found = changes(from: old.runs, to: new.runs).list
        #expect(found == changes(from: old.model, to: new.model), "seed \(seed), \(geometry)")
      }
    }
  }

  @Test(arguments: 1...UInt64(36))
  func `is that of two dictionaries of sets`(seed: UInt64) {
    let geometry = RunGeometry.tiny[Int(seed) % RunGeometry.tiny.count]
    Self.expectDifferences(seed: seed, geometry: geometry, sources: 20, targets: 90)
  }

  @Test(arguments: 1...UInt64(4))
  func `is that of two dictionaries of sets at the sizes that are used`(seed: UInt64) {
    Self.expectDifferences(seed: seed, geometry: .standard, sources: 6, targets: 3_000)
  }

  @Test(arguments: 1...UInt64(8))
  func `is that of two dictionaries of sets in whole pages of short runs`(seed: UInt64) {
    Self.expectDifferences(seed: seed, geometry: .standard, sources: 150, targets: 12)
  }

  // MARK: One by one

  /// All targets of the page stay the same, and in their order.
  @Test(arguments: RunGeometry.tried)
  func `is found where a target has gone to the next source`(geometry: RunGeometry) {
    var old = Runs(geometry: geometry)
    for (source, target) in [(0, 10), (1, 11), (1, 20), (2, 22), (3, 30)] as [(UInt32, UInt32)] {
      old.insert(target, into: source)
    }
    var new = old
    new.remove(20, from: 1)
    new.insert(20, into: 2)
    let changes = [
      Change(source: 1, removed: [20], added: []), Change(source: 2, removed: [], added: [20]),
    ]
    #expect(Self.changes(from: old, to: new).list == changes)
  }

  @Test(arguments: RunGeometry.tried)
  func `is found when one version's tree has grown`(geometry: RunGeometry) {
    var old = Runs(geometry: geometry)
    old.insert(4, into: 0)
    old.insert(5, into: 1)
    var new = old
    new.insert(6, into: 1)
    new.insert(7, into: .max)
    let forth = [
      Change(source: 1, removed: [], added: [6]), Change(source: .max, removed: [], added: [7]),
    ]
    let back = forth.map { Change(source: $0.source, removed: $0.added, added: $0.removed) }
    #expect(Self.changes(from: old, to: new).list == forth)
    #expect(Self.changes(from: new, to: old).list == back)
  }

  @Test(arguments: RunGeometry.tried)
  func `is found between versions that share nothing`(geometry: RunGeometry) {
    let first = SampleGraph.random(seed: 1, sources: 40, targets: 40, links: 300)
    let second = SampleGraph.random(seed: 2, sources: 40, targets: 40, links: 300)
    let found = Self.changes(
      from: first.runs(geometry: geometry), to: second.runs(geometry: geometry)
    ).list
    let model = { (graph: SampleGraph) in
      Model(uniqueKeysWithValues: graph.rows.enumerated().map { (UInt32($0), Set($1)) })
    }
    #expect(found == Self.changes(from: model(first), to: model(second)))
    let again = first.runs(geometry: geometry)
    #expect(Self.changes(from: first.runs(geometry: geometry), to: again).list == [])
  }

  @Test func `refuses runs of another geometry`() async {
    await #expect(processExitsWith: .failure) {
      Runs(geometry: .standard).forEachChange(since: Runs(geometry: .tiny[0])) { _, _, _ in }
    }
  }

  // MARK: What is looked at

  @Test func `of one version with itself looks at nothing`() {
    let runs = SampleGraph.clique(24).runs()
    #expect(Self.changes(from: runs, to: runs).places == 0)
  }

  /// 100,000 sources stand in 1,563 pages below 98 nodes, these below 7, and these below a root. The
  /// ten changes touch 10 pages, 10 of the nodes above them, 6 of the next, and the root.
  @Test func `of ten changes looks at ten pages and the paths to them`() {
    let sources: UInt32 = 100_000
    let offsets = (0...sources).map { $0 * 4 }
    let targets = (0..<sources).flatMap { (source: UInt32) -> [UInt32] in
      let first = source % 1_000
      return [first, first + 9, first + 18, first + 27]
    }
    let old = Runs(offsets: offsets.span, targets: targets.span)
    var new = old
    for change in 0..<UInt32(10) { new.insert(77_777, into: change * 9_999) }
    let (list, places) = Self.changes(from: old, to: new)
    let changed = stride(from: 0, to: 10 * 9_999, by: 9_999).map { UInt32($0) }
    #expect(list.map(\.source) == changed)
    #expect(list.allSatisfy { $0.added == [77_777] && $0.removed == [] })
    #expect(places == 27)
  }

  /// A hub of a million targets, of whose 2,000 leaves a change touches one or two.
  @Test func `of a hub looks at the leaves that differ`() {
    let offsets: [UInt32] = [0, 1_000_000]
    let targets = (0..<UInt32(1_000_000)).map { $0 * 2 }
    let old = Runs(offsets: offsets.span, targets: targets.span)
    var new = old
    for target in [1, 1_000_001, 3_000_000] as [UInt32] { new.insert(target, into: 0) }
    new.remove(600_000, from: 0)
    let (list, places) = Self.changes(from: old, to: new)
    #expect(
      list == [Change(source: 0, removed: [600_000], added: [1, 1_000_001, 3_000_000])])
    #expect((1...24).contains(places))
    var neighbour = old
    neighbour.insert(3, into: 1)
    #expect(Self.changes(from: old, to: neighbour).places == 2)
  }

  /// Every leaf from the middle on stands elsewhere in its node, because one before it split.
  @Test func `of a hub whose leaves split skips those that follow`() {
    let offsets: [UInt32] = [0, 100_000]
    let targets = (0..<UInt32(100_000)).map { $0 * 100 }
    let old = Runs(offsets: offsets.span, targets: targets.span)
    var new = old
    for target in 0..<UInt32(600) where target % 100 != 0 {
      new.insert(5_000_000 + target, into: 0)
    }
    let (list, places) = Self.changes(from: old, to: new)
    #expect(list.map(\.added.count) == [594])
    #expect((1...14).contains(places))
  }
}
