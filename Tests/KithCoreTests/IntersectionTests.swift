import KithCore
import KithTestSupport
import Testing

@Suite struct `Sets of sorted rows` {
  /// Runs of all lengths, dense and sparse, with slots up to the largest.
  private static func runs(_ random: inout SplitMix64) -> [[UInt32]] {
    [[], [0], [7], [.max], [0, .max], Array(0..<40)]
      + [2, 40, 95].map { random.rows(below: 60, percent: $0) }
      + [5, 50].map { random.rows(below: 900, percent: $0) }
      + [random.rows(below: 30, percent: 30).map { .max - 30 + $0 }]
  }

  @Test(arguments: 1...UInt64(6))
  func `agree with sets`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (firsts, seconds) = (Self.runs(&random), Self.runs(&random))
    for first in firsts {
      let asked = SlotSet(first)
      let near = first.flatMap { [$0 &- 1, $0, $0 &+ 1] } + [0, 63, 64, .max]
      #expect(near.allSatisfy { asked.contains($0) == first.contains($0) }, "seed \(seed)")
      for second in seconds {
        let set = Set(first)
        let shared = set.intersection(second).sorted()
        for variant in Intersection.Variant.allCases.map(Optional.some) + [nil] {
          #expect(Intersection.rows(first, second, variant: variant) == shared, "seed \(seed)")
        }
        #expect(Intersection.union(first, second) == set.union(second).sorted(), "seed \(seed)")
        #expect(
          Intersection.subtract(second, from: first) == set.subtracting(second).sorted(),
          "seed \(seed)")
      }
    }
  }

  /// Every subset of six rows against every other.
  @Test func `agree on all small runs`() {
    let subsets = (0..<64).map { bits in (0..<UInt32(6)).filter { bits >> $0 & 1 == 1 } }
    var faults = 0
    for (first, a) in subsets.enumerated() {
      for (second, b) in subsets.enumerated() {
        for variant in Intersection.Variant.allCases
        where Intersection.rows(a, b, variant: variant) != subsets[first & second] {
          faults += 1
        }
        if Intersection.union(a, b) != subsets[first | second] { faults += 1 }
        if Intersection.subtract(b, from: a) != subsets[first & ~second] { faults += 1 }
      }
    }
    #expect(faults == 0)
  }

  @Test(arguments: [0, 1, 31, 32, 33, 1_000, 9_999])
  func `find one row in ten thousand`(row: UInt32) {
    let long = (0..<UInt32(10_000)).map { $0 * 2 }
    for variant in Intersection.Variant.allCases {
      #expect(Intersection.rows([row], long, variant: variant) == (row % 2 == 0 ? [row] : []))
      #expect(Intersection.rows(long, [row * 2], variant: variant) == [row * 2])
    }
  }

  /// Few enough rows beside a hub to be looked up one by one, and just too many; and two hubs.
  @Test func `find few rows in a hub, and many`() {
    let hub = (0..<UInt32(20_000)).map { $0 * 3 }
    for count in [1, 2, 38, 39, 40, 41, 900] {
      var runs = Runs(geometry: .standard)
      let few = (0..<UInt32(count)).map { $0 * 61 + 2 }
      for row in hub { runs.insert(row, into: 7) }
      for row in few { runs.insert(row, into: 8) }
      let shared = Set(few).intersection(hub).sorted()
      runs.withView { view in
        for (a, b) in [(7, 8), (8, 7)] as [(UInt32, UInt32)] {
          let found = Intersection.rows(of: a, view, and: b, view, rowCount: 60_000)
          let counted = Intersection.count(of: a, view, and: b, view, rowCount: 60_000)
          #expect(found == shared && counted == shared.count, "\(count) rows, \(a) and \(b)")
        }
      }
    }
  }

  /// Runs in place, each of them a hub in some geometry.
  @Test(arguments: SampleGraph.samples)
  func `agree on runs where they stand`(graph: SampleGraph) {
    var random = SplitMix64(seed: 11)
    for geometry in RunGeometry.tried + [.tiny[5]] {
      let adjacency = graph.adjacency(geometry: geometry)
      let reversed = graph.reversed.rows
      adjacency.forward.withView { forward in
        adjacency.backward.withView { backward in
          for a in random.rows(below: graph.sourceCount, percent: 20).prefix(20) {
            for b in random.rows(below: graph.sourceCount, percent: 20).prefix(20) {
              let shared = Set(graph.rows[Int(a)]).intersection(reversed[Int(b)]).sorted()
              for variant in Intersection.Variant.allCases.map(Optional.some) + [nil] {
                let found = Intersection.rows(
                  of: a, forward, and: b, backward, rowCount: graph.targetCount, variant: variant)
                let count = Intersection.count(
                  of: a, forward, and: b, backward, rowCount: graph.targetCount, variant: variant)
                #expect(found == shared && count == shared.count, "\(graph), \(a) and \(b)")
              }
            }
          }
        }
      }
    }
    #expect(Scratch.dirtyWords(rows: graph.targetCount) == 0)
  }
}
