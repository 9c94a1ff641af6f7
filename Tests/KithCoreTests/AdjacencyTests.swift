import KithCore
import KithTestSupport
import Testing

@Suite struct `Links of an adjacency` {
  // MARK: Against a model

  @Test(arguments: 1...UInt64(effort(release: 36, debug: 18)))
  func `agree with a set of pairs, and so do those of snapshots`(seed: UInt64) {
    let geometry = RunGeometry.tiny[Int(seed) % RunGeometry.tiny.count]
    var program = LinkProgram(seed: seed, geometry: geometry, sources: 20, targets: 70)
    program.run(steps: 5_500, comparingEvery: 1_100)
    #expect(program.faults == [], "seed \(seed)")
  }

  @Test(arguments: 1...UInt64(2))
  func `agree with a set of pairs at the sizes that are used`(seed: UInt64) {
    var program = LinkProgram(seed: seed, geometry: .standard, sources: 150, targets: 1_500)
    program.run(steps: 6_000, comparingEvery: 3_000, probes: 1)
    #expect(program.faults == [], "seed \(seed)")
  }

  // MARK: One by one

  @Test func `are seen from both sides`() {
    // 0 → 1, 0 → 2, 3 → 2
    var adjacency = Adjacency()
    #expect(adjacency.insert(0, 2) == true)
    #expect(adjacency.insert(0, 1) == true)
    #expect(adjacency.insert(3, 2) == true)
    #expect(adjacency.targets(of: 0, .forward) == [1, 2])
    #expect(adjacency.targets(of: 2, .backward) == [0, 3])
    #expect(adjacency.targets(of: 2, .forward) == [])
    #expect(adjacency.count == 3)
  }

  @Test func `stand there once`() {
    var adjacency = Adjacency()
    #expect(adjacency.insert(5, 7) == true)
    #expect(adjacency.insert(5, 7) == false)
    #expect(adjacency.count == 1)
    #expect(adjacency.remove(5, 7) == true)
    #expect(adjacency.remove(5, 7) == false)
    #expect(adjacency.count == 0)
  }

  @Test(arguments: RunGeometry.tried)
  func `of a row to itself go with the row`(geometry: RunGeometry) {
    // 1 ⟲, 1 → 2, 2 → 1
    var adjacency = Adjacency(geometry: geometry)
    for (source, target) in [(1, 1), (1, 2), (2, 1)] as [(UInt32, UInt32)] {
      adjacency.insert(source, target)
    }
    adjacency.removeAll(of: 1, .forward)
    #expect(adjacency.targets(of: 1, .backward) == [2])
    adjacency.removeAll(of: 1, .backward)
    #expect(adjacency.count == 0)
    #expect(adjacency.targets(of: 2, .forward) == [])
  }

  @Test func `of absent rows are none`() {
    var adjacency = Adjacency()
    #expect(adjacency.targets(of: .max, .forward) == [])
    #expect(adjacency.remove(.max, 0) == false)
    adjacency.removeAll(of: 9, .backward)
    #expect(adjacency.count == 0)
    #expect(adjacency.copies == 0)
  }

  @Test func `undo each other, whatever the order`() {
    let graph = SampleGraph.random(seed: 3, sources: 60, targets: 60, links: 900)
    var random = SplitMix64(seed: 3)
    for geometry in RunGeometry.tried {
      var adjacency = Adjacency(geometry: geometry)
      for link in graph.links.shuffled(using: &random) {
        adjacency.insert(link.source, link.target)
      }
      #expect((0..<60).map { adjacency.targets(of: $0, .forward) } == graph.rows)
      #expect((0..<60).map { adjacency.targets(of: $0, .backward) } == graph.reversed.rows)
      for link in graph.links.shuffled(using: &random) {
        #expect(adjacency.remove(link.source, link.target) == true)
      }
      var left = 0
      adjacency.forEachLink { _, _ in left += 1 }
      #expect(left == 0)
      #expect(adjacency.count == 0)
    }
  }

  // MARK: Many at once

  @Test(arguments: 1...UInt64(12))
  func `are the same, inserted at once or one by one`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let geometry = RunGeometry.tried[Int(seed) % 3]
    let (sources, targets) = (40, 700)
    var single = Adjacency(geometry: geometry)
    var bulk = Adjacency(geometry: geometry)
    // The first batch meets nothing, a later one what is there; some are small beside that, and some empty.
    for size in [1_500, 30, 0, 800, 100, 2_000] {
      var batch = LinkBatch()
      var inserted = 0
      for _ in 0..<size {
        // Row 0 is a hub; most rows above 30 have no links.
        let source = random.chance(30) ? 0 : random.skewedRow(below: sources)
        let target = random.row(below: targets)
        for _ in 0...random.number(below: 2) { batch.append(source, target) }
        inserted += single.insert(source, target) ? 1 : 0
      }
      let claimed = bulk.insert(contentsOf: batch, sourceCount: sources, targetCount: targets)
      #expect(claimed == inserted, "seed \(seed)")
      #expect(bulk.count == single.count, "seed \(seed)")
      for direction in [Direction.forward, .backward] {
        let differing = (0..<UInt32(targets)).filter {
          bulk.targets(of: $0, direction) != single.targets(of: $0, direction)
        }
        #expect(differing == [], "seed \(seed), \(direction), after a batch of \(size)")
      }
    }
  }

  @Test func `can be none at all`() {
    var adjacency = Adjacency()
    #expect(adjacency.insert(contentsOf: LinkBatch(), sourceCount: 0, targetCount: 0) == 0)
    #expect(adjacency.insert(contentsOf: LinkBatch(), sourceCount: 9, targetCount: 9) == 0)
    #expect(adjacency.count == 0)
  }

  @Test func `inserted at once leave a snapshot as it was`() {
    var adjacency = SampleGraph.path(50).adjacency()
    let snapshot = adjacency
    var batch = LinkBatch()
    for row in 0..<UInt32(50) { batch.append(row, 49 - row) }
    // 24 → 25 is in the path already.
    #expect(adjacency.insert(contentsOf: batch, sourceCount: 50, targetCount: 50) == 49)
    #expect((0..<50).map { snapshot.targets(of: $0, .forward) } == SampleGraph.path(50).rows)
    #expect(adjacency.count == 49 + 49)
  }
}
