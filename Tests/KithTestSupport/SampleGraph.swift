/// A small graph as a plain list of links, against which stores and kernels are tested.
package struct SampleGraph: Sendable, CustomStringConvertible {
  /// A link between two rows.
  package struct Link: Sendable, Hashable, Comparable {
    package var source: UInt32
    package var target: UInt32

    package init(_ source: UInt32, _ target: UInt32) {
      self.source = source
      self.target = target
    }

    package static func < (first: Link, second: Link) -> Bool {
      (first.source, first.target) < (second.source, second.target)
    }
  }

  /// What the graph is, and its seed if it is random.
  package let description: String
  /// The number of rows that links start from.
  package let sourceCount: Int
  /// The number of rows that links lead to.
  package let targetCount: Int
  /// The distinct links, by source and then by target.
  package let links: [Link]
  /// The targets of each source, ascending.
  package let rows: [[UInt32]]

  /// Makes a graph of links in any order, with repeats.
  package init(
    _ description: String, sourceCount: Int, targetCount: Int, links: some Sequence<Link>
  ) {
    self.description = description
    self.sourceCount = sourceCount
    self.targetCount = targetCount
    self.links = Set(links).sorted()
    var rows = [[UInt32]](repeating: [], count: sourceCount)
    for link in self.links { rows[Int(link.source)].append(link.target) }
    self.rows = rows
  }

  /// The same links, walked the other way.
  package var reversed: SampleGraph {
    SampleGraph(
      "\(description), reversed", sourceCount: targetCount, targetCount: sourceCount,
      links: links.map { Link($0.target, $0.source) })
  }

  /// Whether a link is there.
  package func contains(_ source: UInt32, _ target: UInt32) -> Bool {
    rows[Int(source)].contains(target)
  }
}

extension SampleGraph {
  /// Rows without links.
  package static func empty(_ rows: Int) -> SampleGraph {
    SampleGraph("empty graph of \(rows)", sourceCount: rows, targetCount: rows, links: [])
  }

  /// Row 0 links to all others, and they to row 0.
  package static func star(_ rows: UInt32) -> SampleGraph {
    SampleGraph(
      "star of \(rows)", sourceCount: Int(rows), targetCount: Int(rows),
      links: (1..<rows).flatMap { [Link(0, $0), Link($0, 0)] })
  }

  /// 0 → 1 → 2 → … , the last row without a successor.
  package static func path(_ rows: UInt32) -> SampleGraph {
    SampleGraph(
      "path of \(rows)", sourceCount: Int(rows), targetCount: Int(rows),
      links: (1..<rows).map { Link($0 - 1, $0) })
  }

  /// Every row links to every other.
  package static func clique(_ rows: UInt32) -> SampleGraph {
    SampleGraph(
      "clique of \(rows)", sourceCount: Int(rows), targetCount: Int(rows),
      links: (0..<rows).flatMap { source in
        (0..<rows).filter { $0 != source }.map { Link(source, $0) }
      })
  }

  /// Links drawn at random, a few rows taking part in many.
  package static func random(
    seed: UInt64, sources: Int, targets: Int, links: Int
  ) -> SampleGraph {
    var random = SplitMix64(seed: seed)
    let drawn = (0..<links).map { _ in
      random.chance(50)
        ? Link(random.row(below: sources), random.row(below: targets))
        : Link(random.skewedRow(below: sources), random.skewedRow(below: targets))
    }
    return SampleGraph(
      "random graph of seed \(seed), \(sources) × \(targets)", sourceCount: sources,
      targetCount: targets, links: drawn)
  }

  /// Graphs of one table: all simple shapes, with rows that have no links, and random ones.
  package static let samples: [SampleGraph] =
    [
      empty(1), empty(70), star(2), star(150), path(2), path(100), clique(2), clique(3), clique(24),
      SampleGraph("loop", sourceCount: 1, targetCount: 1, links: [Link(0, 0)]),
    ]
    + (1...12).map { seed in
      let rows = [3, 20, 64, 65, 130, 300][seed % 6]
      let links = rows * [1, 3, 8][seed % 3]
      return random(seed: UInt64(seed), sources: rows, targets: rows, links: links)
    }
}
