import Kith
import KithTestSupport
import Testing

/// How many graphs each law is tried on.
private let cases = effort(release: 150, debug: 40)

/// Laws that hold whatever the right answer is, so that they need no model: one graph is changed in
/// a way that changes the answers in a known way, or not at all.
@Suite struct `Laws of queries` {
  private typealias Claim = @Sendable (LinkedThings, inout Trial) throws -> Void

  private func hold(_ name: String, _ claim: @escaping Claim) {
    check(Property(name, for: LinkedThings.any, cases: cases, claim))
  }

  @Test func `other keys change nothing but the keys`() {
    hold("keys") { things, trial in
      let count = things.keys.count
      // A permutation without a pattern, and keys that are far apart.
      let order = things.keys.sorted { ($0 * 7_919 % 10_007, $0) < ($1 * 7_919 % 10_007, $1) }
      let places = Dictionary(uniqueKeysWithValues: zip(order, 1...count))
      for factor in [1, 1_000_003] {
        func name(_ key: Int) -> Int { (places[key] ?? 0) * factor }
        let (graph, renamed) = (try things.graph(), try things.renamed(name).graph())
        let some = Array(things.keys.prefix(8))
        let expected = GraphFacts(graph, about: some, towards: some, name: name)
        let found = GraphFacts(renamed, about: some.map(name), towards: some.map(name))
        try trial.expect(found, is: expected, "with keys times \(factor)")
        // Rows come in order of insertion, whatever their keys are.
        try trial.expect(
          renamed[Thing.self].targets.ids, is: graph[Thing.self].targets.ids.map(name), "order")
        let (here, there) = (
          graph.join(Thing.targets.targets).counts(from: things.keys),
          renamed.join(Thing.targets.targets).counts(from: things.keys.map(name))
        )
        try trial.expect(there, is: here, "counts")
      }
    }
  }

  @Test func `links turned round are walked the other way`() {
    hold("links turned round") { things, trial in
      let (graph, reversed) = (try things.graph(), try things.reversed.graph())
      for key in things.keys.prefix(10) {
        let (row, back) = (graph[Thing.self, key], reversed[Thing.self, key])
        try trial.expect(back.targets.ids, is: row.sources.ids, "targets of \(key)")
        try trial.expect(
          back.targets.targets.ranked().map { [$0.id, $0.paths] },
          is: row.sources.sources.ranked().map { [$0.id, $0.paths] }, "two hops of \(key)")
        for other in things.keys.prefix(6) {
          let distance = graph.distance(from: key, to: other, through: Thing.targets)
          try trial.expect(
            reversed.distance(from: other, to: key, through: Thing.targets), is: distance,
            "from \(other) to \(key)")
          try trial.expect(
            graph.distance(from: other, to: key, through: Thing.sources), is: distance,
            "from \(other) to \(key), against the links")
        }
      }
      let (twice, back) = (
        graph.join(Thing.targets.targets), reversed.join(Thing.targets.targets)
      )
      try trial.expect(back.count, is: twice.count, "paths")
      try trial.expect(back.distinctCount, is: twice.distinctCount, "pairs")
      // A triangle is one whichever way it is walked.
      try trial.expect(
        back.closed(by: Thing.sources).count, is: twice.closed(by: Thing.sources).count,
        "triangles")
    }
  }

  @Test func `the order of insertion changes no answer`() {
    hold("order of insertion") { things, trial in
      let graph = try things.graph()
      let some = Array(things.keys.prefix(8))
      let facts = GraphFacts(graph, about: some, towards: some)
      var oneByOne = try things.rows()
      for link in things.links.reversed() {
        try oneByOne.append(link.source, to: Thing.sources, of: link.target)
      }
      try trial.expect(oneByOne.encoded() == graph.encoded(), "links one by one")
      try trial.expect(
        GraphFacts(oneByOne, about: some, towards: some), is: facts, "links one by one")
      var replaced = try things.rows()
      for key in things.keys {
        let targets = things.links.filter { $0.source == key }.map(\.target)
        try replaced.replace(Thing.targets, of: key, with: targets)
      }
      try trial.expect(replaced.encoded() == graph.encoded(), "links of each row replaced")
      // Parents must be there before their children.
      var turned = things
      turned.things = things.things.reversed().map { thing in
        var thing = thing
        thing.parent = nil
        return thing
      }
      var other = try turned.graph()
      for thing in things.things { try other.update(Thing.self, thing.id) { $0 = thing } }
      try trial.expect(
        GraphFacts(other, about: some, towards: some), is: facts, "rows turned round")
      let (here, there) = (graph[Thing.self], other[Thing.self])
      try trial.expect(
        there.sorted(by: \.group, .descending, \.name).ids,
        is: here.sorted(by: \.group, .descending, \.name).ids, "sorted")
      try trial.expect(
        there.targets.ranked().map { [$0.id, $0.paths] },
        is: here.targets.ranked().map { [$0.id, $0.paths] }, "ranked")
    }
  }

  @Test func `what is added and removed again leaves nothing`() {
    hold("added and removed") { things, trial in
      let before = try things.graph()
      var graph = before
      let linked = Set(things.links)
      for source in things.keys.prefix(12) {
        for target in things.keys.suffix(12)
        where !linked.contains(.init(source: source, target: target)) {
          try graph.append(target, to: Thing.targets, of: source)
        }
      }
      let ghosts = (1...9).map { Thing(id: -$0, group: 1, score: 1, name: "a", parent: nil) }
      try graph.insert(contentsOf: ghosts)
      for ghost in ghosts {
        try graph.append(contentsOf: things.keys, to: Thing.targets, of: ghost.id)
        try graph.append(contentsOf: things.keys, to: Thing.sources, of: ghost.id)
      }
      for source in things.keys.prefix(12) {
        for target in things.keys.suffix(12)
        where !linked.contains(.init(source: source, target: target)) {
          graph.remove(target, from: Thing.targets, of: source)
        }
      }
      try graph.delete(graph[Thing.self].filter(\.id < 0))
      try trial.expect(graph.encoded() == before.encoded(), "the bytes")
      try trial.expect(Change(from: before, to: graph).isEmpty, "the change")
      let some = Array(things.keys.prefix(8))
      try trial.expect(
        GraphFacts(graph, about: some, towards: some),
        is: GraphFacts(before, about: some, towards: some), "the answers")
    }
  }
}
