import KithCore
import KithTestSupport
import Testing

/// What a write copies is counted, so that these limits hold on every machine.
@Suite struct `Copies of pages` {
  /// Source s links to 10 targets that lie far apart.
  private static let uniform: Adjacency = {
    let rows = 100_000
    var batch = LinkBatch()
    batch.reserveCapacity(rows * 10)
    for source in 0..<rows {
      for step in 0..<10 {
        batch.append(UInt32(source), UInt32((source * 7 + step * 9_973) % rows))
      }
    }
    var adjacency = Adjacency()
    adjacency.insert(contentsOf: batch, sourceCount: rows, targetCount: rows)
    return adjacency
  }()

  /// The pages, nodes and leaves that a change copies, or nil if it changes nothing.
  private func copies(
    in adjacency: inout Adjacency, _ change: (inout Adjacency) -> Bool
  ) -> Int? {
    let before = adjacency.copies
    return change(&adjacency) ? adjacency.copies - before : nil
  }

  @Test func `of a million links are twelve pages at most when one link is added`() throws {
    var adjacency = Self.uniform
    #expect(adjacency.count == 1_000_000)
    for (source, target) in [(0, 1), (50_000, 99_999), (99_999, 2)] as [(UInt32, UInt32)] {
      let snapshot = adjacency
      let first = try #require(copies(in: &adjacency) { $0.insert(source, target) })
      #expect((1...12).contains(first))
      let removed = copies(in: &adjacency) { $0.remove(source, target) }
      #expect(removed == 0)
      #expect(snapshot.count == adjacency.count)
    }
  }

  @Test func `are none when the same rows are written again`() {
    var adjacency = Self.uniform
    let snapshot = adjacency
    #expect(adjacency.insert(4_000, 3) == true)
    let second = copies(in: &adjacency) { $0.insert(4_000, 5) }
    let neighbour = copies(in: &adjacency) { $0.insert(4_001, 3) }
    let removed = copies(in: &adjacency) { $0.remove(4_000, 3) }
    #expect([second, neighbour, removed] == [0, 0, 0])
    #expect(snapshot.count == 1_000_000)
  }

  @Test func `of a hub of a million sources are twelve at most`() throws {
    var batch = LinkBatch()
    batch.reserveCapacity(1_000_000)
    for source in 0..<UInt32(1_000_000) { batch.append(source, 0) }
    var adjacency = Adjacency()
    adjacency.insert(contentsOf: batch, sourceCount: 1_000_000, targetCount: 1)
    for source in [1_000_000, 2_000_000] as [UInt32] {
      let snapshot = adjacency
      let first = try #require(copies(in: &adjacency) { $0.insert(source, 0) })
      #expect((1...12).contains(first))
      let second = copies(in: &adjacency) { $0.insert(source + 1, 0) }
      #expect(second == 0)
      #expect(snapshot.count + 2 == adjacency.count)
    }
    let snapshot = adjacency
    let removed = try #require(copies(in: &adjacency) { $0.remove(500_000, 0) })
    #expect((1...12).contains(removed))
    #expect(adjacency.backward.count(of: 0) == 1_000_003)
    #expect(snapshot.backward.count(of: 0) == 1_000_004)
  }

  @Test func `of a row among a million are eight for plain rows and three more for each hub`() {
    let rows = 1 << 20
    let (following, followed) = (UInt32(rows - 1), UInt32(rows / 2))
    var batch = LinkBatch()
    for row in stride(from: 0, to: UInt32(rows), by: 8) {
      batch.append(following, row)
      batch.append(row + 1, followed)
    }
    var adjacency = Adjacency()
    adjacency.insert(contentsOf: batch, sourceCount: rows, targetCount: rows)
    let links = [(2, 1), (2, followed), (following, 1), (following, followed + 1)]
    let copied = links.map { source, target in
      var copy = adjacency
      return copies(in: &copy) { $0.insert(source, target) }
    }
    #expect(copied == [8, 11, 11, 11])
    var copy = adjacency
    #expect(copies(in: &copy) { $0.remove(following, followed) } == 14)
  }

  @Test func `are none for a snapshot, nor after it has been dropped`() {
    let graph = SampleGraph.random(seed: 5, sources: 900, targets: 900, links: 9_000)
    var adjacency = graph.adjacency()
    let before = adjacency.copies
    do {
      let snapshot = adjacency
      let another = snapshot
      #expect(another.copies == before)
    }
    for row in 0..<UInt32(900) {
      adjacency.insert(row, row)
      adjacency.remove(row, 899 - row)
    }
    #expect(adjacency.copies == before)
  }

  @Test func `are none for a call that changes nothing`() {
    var adjacency = SampleGraph.clique(30).adjacency()
    let snapshot = adjacency
    #expect(adjacency.insert(0, 1) == false)
    #expect(adjacency.remove(3, 3) == false)
    adjacency.removeAll(of: 90, .forward)
    #expect(adjacency.copies == snapshot.copies)
  }

  @Test(arguments: RunGeometry.tiny)
  func `end when every page has been written`(geometry: RunGeometry) {
    let graph = SampleGraph.random(seed: 6, sources: 24, targets: 24, links: 300)
    var adjacency = graph.adjacency(geometry: geometry)
    let snapshot = adjacency
    func writeAll() {
      for row in 0..<UInt32(24) {
        for other in 0..<UInt32(24) {
          if adjacency.insert(row, other) { adjacency.remove(row, other) }
        }
      }
    }
    writeAll()
    let before = adjacency.copies
    #expect(before > 0)
    writeAll()
    #expect(adjacency.copies == before)
    #expect((0..<24).map { snapshot.targets(of: $0, .forward) } == graph.rows)
  }

  // MARK: Memory

  /// 5,000 rows that have 16 links in both directions.
  @Test func `take twelve bytes a link`() {
    let rows: UInt32 = 5_000
    var batch = LinkBatch()
    for source in 0..<rows {
      for step in 0..<16 as Range<UInt32> { batch.append(source, (source + step * 1_237) % rows) }
    }
    var bulk = Adjacency()
    bulk.insert(contentsOf: batch, sourceCount: Int(rows), targetCount: Int(rows))
    #expect(bulk.count == 80_000)
    #expect(bulk.byteCount <= bulk.count * 9)

    var single = Adjacency()
    batch.forEach { source, target in single.insert(source, target) }
    #expect(single.count == 80_000)
    #expect(single.byteCount <= single.count * 12)
  }
}
