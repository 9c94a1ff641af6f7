import Kith
import KithTestSupport
import Testing

/// How many graphs are written and read.
private let cases = effort(release: 300, debug: 60)

@Suite struct `An edge list of a graph` {
  /// Rows without links, hubs, links to oneself, keys in no order and below zero.
  @Test func `is read as the same links, and written again as it was`() {
    check(
      Property("edge lists", for: LinkedThings.any, cases: cases) { things, trial in
        let renamed = things.renamed { $0 * 1_000_003 - 5_000_000 }
        let (graph, rows) = (try renamed.graph(), try renamed.rows())
        for links in [Thing.links, Thing.links.inverse] {
          let text = graph.edgeList(links)
          var copy = rows
          let report = try copy.load(links, edgeList: TextSource(text: text, name: "links"))
          let count = renamed.links.count
          try trial.expect([report.lines, report.inserted], is: [count, count], "links")
          try trial.expect(copy.encoded(), is: graph.encoded(), "what is read")
          try trial.expect(copy.edgeList(links), is: text, "what is written again")
          // Rows that are made have another order, and links are the same.
          var made = try LinkedThings(things: [], links: [], structures: things.structures).rows()
          try made.load(links, edgeList: TextSource(text: text, name: "links")) { id in
            Thing(id: id, group: 0, score: nil, name: "", parent: nil)
          }
          for key in renamed.keys {
            try trial.expect(
              made[Thing.self, key].targets.ids.sorted(),
              is: graph[Thing.self, key].targets.ids.sorted(), "targets of \(key)")
          }
        }
      })
  }
}
