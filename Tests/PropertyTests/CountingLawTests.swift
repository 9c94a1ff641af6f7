import Kith
import KithTestSupport
import Testing

/// How many graphs each law is tried on.
private let cases = effort(release: 250, debug: 60)

/// Laws between the answers to several questions about one graph.
@Suite struct `Laws between queries` {
  private typealias Claim = @Sendable (LinkedThings, Graph, inout Trial) throws -> Void

  private func hold(_ name: String, _ claim: @escaping Claim) {
    let property = Property(name, for: LinkedThings.any, cases: cases) { things, trial in
      try claim(things, try things.graph(), &trial)
    }
    check(property)
  }

  @Test func `paths are counted by the rows in their middle`() {
    hold("paths by the middle") { things, graph, trial in
      let (into, out) = (
        Dictionary(things.links.map { ($0.target, 1) }, uniquingKeysWith: +),
        Dictionary(things.links.map { ($0.source, 1) }, uniquingKeysWith: +)
      )
      func product(_ first: [Int: Int], _ second: [Int: Int]) -> Int {
        things.keys.reduce(0) { $0 + first[$1, default: 0] * second[$1, default: 0] }
      }
      let joins = [
        (graph.join(Thing.targets.targets), product(into, out)),
        (graph.join(Thing.targets.sources), product(into, into)),
        (graph.join(Thing.sources.targets), product(out, out)),
      ]
      for (join, expected) in joins {
        try trial.expect(join.count, is: expected, "count")
        try trial.expect(join.counts(from: things.keys).reduce(0, +), is: expected, "counts")
        var (paths, pairs): (Int, Set<[Int]>) = (0, [])
        join.forEach { source, target in
          paths += 1
          pairs.insert([source, target])
        }
        try trial.expect(paths, is: expected, "every path")
        try trial.expect(join.distinctCount, is: pairs.count, "pairs")
        let (closed, open) = (join.closed(by: Thing.targets), join.open(by: Thing.targets))
        try trial.expect(closed.count + open.count, is: expected, "closed and open")
        try trial.expect(
          closed.distinctCount + open.distinctCount, is: pairs.count, "closed and open pairs")
      }
      let three = things.links.reduce(0) {
        $0 + into[$1.source, default: 0] * out[$1.target, default: 0]
      }
      try trial.expect(graph.join(Thing.targets.targets.targets).count, is: three, "three hops")
    }
  }

  @Test func `a ranking counts the paths of a join`() {
    hold("rankings and joins") { things, graph, trial in
      let join = graph.join(Thing.targets.sources)
      let counts = join.counts(from: things.keys)
      for (key, count) in zip(things.keys, counts).prefix(12) {
        let ranking = graph[Thing.self, key].targets.sources.ranked()
        try trial.expect(ranking.map(\.paths).reduce(0, +), is: count, "from \(key)")
        try trial.expect(
          ranking.map(\.id).sorted(), is: graph[Thing.self, key].targets.sources.ids.sorted(),
          "rows from \(key)")
        let best: [Ranked<Thing>] = ranking.prefix(3)
        try trial.expect(
          best.map { [$0.id, $0.paths] },
          is: ranking.map { [$0.id, $0.paths] }.prefix(3).map(\.self),
          "the best from \(key)")
      }
      let all = graph[Thing.self].targets.sources.ranked().map(\.paths).reduce(0, +)
      try trial.expect(all, is: counts.reduce(0, +), "from all rows")
    }
  }

  @Test func `sets obey the laws of sets`() {
    hold("sets") { things, graph, trial in
      let key = things.keys[0]
      let sets: [Query<Thing>] = [
        graph[Thing.self].filter(\.group > 1), graph[Thing.self, key].targets,
        graph[Thing.self].filter(\.name == "a").sources, graph[Thing.self, key].sources.targets,
      ]
      let all = graph[Thing.self]
      for a in sets {
        for b in sets {
          func same(_ left: Query<Thing>, _ right: Query<Thing>, _ law: String) throws {
            try trial.expect(left.ids, is: right.ids, law)
            try trial.expect(left.count, is: right.ids.count, "\(law), count")
          }
          try same(a.union(b), b.union(a), "a ∪ b")
          try same(a.intersection(b), b.intersection(a), "a ∩ b")
          try same(a.symmetricDifference(b), b.symmetricDifference(a), "a ^ b")
          try same(
            a.symmetricDifference(b), a.union(b).subtracting(a.intersection(b)),
            "a ^ b = (a ∪ b) - (a ∩ b)")
          try same(
            a.symmetricDifference(b), a.subtracting(b).union(b.subtracting(a)),
            "a ^ b = (a - b) ∪ (b - a)")
          try same(a.subtracting(b), a.subtracting(a.intersection(b)), "a - b = a - (a ∩ b)")
          try same(
            all.subtracting(a.union(b)), all.subtracting(a).intersection(all.subtracting(b)),
            "De Morgan, ∪")
          try same(
            all.subtracting(a.intersection(b)), all.subtracting(a).union(all.subtracting(b)),
            "De Morgan, ∩")
          try same(a.union(a.intersection(b)), a.union(a), "a ∪ (a ∩ b) = a")
          try same(
            a.intersection(b).union(a.subtracting(b)), a.intersection(all), "a in two parts")
          try trial.expect(
            a.union(b).count + a.intersection(b).count, is: a.count + b.count, "|a ∪ b|")
          try same(
            a.union(b).targets, a.targets.union(b.targets), "a hop from a ∪ b")
        }
      }
    }
  }

  @Test func `filters obey the laws of logic`() {
    hold("filters") { things, graph, trial in
      let all = graph[Thing.self]
      let conditions: [Predicate<Thing>] = [
        \.group >= 2, \.score == nil, Thing.targets.contains(things.keys[0]), \.name == "a",
        Thing.sources.count > 1,
      ]
      for p in conditions {
        for q in conditions {
          let (first, second) = (all.filter(p), all.filter(q))
          try trial.expect(all.filter(p && q).ids, is: first.filter(q).ids, "p and q")
          try trial.expect(all.filter(p && q).ids, is: first.intersection(second).ids, "p and q")
          try trial.expect(all.filter(p || q).ids, is: first.union(second).ids, "p or q")
          try trial.expect(all.filter(!p).ids, is: all.subtracting(first).ids, "not p")
          try trial.expect(
            all.filter(!(p && q)).ids, is: all.filter(!p || !q).ids, "not p and q")
        }
      }
    }
  }

  @Test func `steps add up`() {
    hold("steps") { things, graph, trial in
      for key in things.keys.prefix(6) {
        let row = graph[Thing.self, key]
        func reached(_ steps: ClosedRange<Int>) -> Query<Thing> {
          row.reachable(through: Thing.targets, within: steps)
        }
        let levels = (0...4).map { reached($0...$0).count }
        try trial.expect(reached(0...4).count, is: levels.reduce(0, +), "levels of \(key)")
        try trial.expect(
          reached(1...2).ids, is: reached(1...1).union(reached(2...2)).ids, "1 and 2 from \(key)")
        for other in things.keys.prefix(8) {
          let distance = graph.distance(from: key, to: other, through: Thing.targets)
          let path = graph.shortestPath(from: key, to: other, through: Thing.targets)
          try trial.expect(path.map { $0.count - 1 }, is: distance, "\(key) to \(other)")
          let isReached = row.reachable(through: Thing.targets, within: 0...Int.max).contains(other)
          try trial.expect(isReached, is: distance != nil, "\(key) reaches \(other)")
          if let distance {
            try trial.expect(
              reached(distance...distance).contains(other), "\(other) in step \(distance)")
          }
        }
      }
    }
  }

  @Test func `pages are the list in pieces, also while rows come and go`() {
    hold("pages") { things, graph, trial in
      let queries: [(Graph) -> Query<Thing>] = [
        { $0[Thing.self].sorted(by: \.group, .descending) },
        { $0[Thing.self, things.keys[0]].sources.targets.sorted(by: \.score, \.name) },
        { $0[Thing.self].filter(\.group > 0) },
      ]
      for query in queries {
        var (changing, pages): (Graph, [Int]) = (graph, [])
        var (cursor, number): (Cursor?, Int) = (nil, 0)
        repeat {
          let page = query(changing).page(size: 3, after: cursor)
          pages += try page.rows.map(\.id)
          cursor = page.next
          number += 1
          // A row that comes and goes takes a slot, and moves none of those to come.
          let ghost = Thing(id: -number, group: 3, score: 0, name: "", parent: nil)
          try changing.insert(ghost)
          try changing.delete(Thing.self, ghost.id)
        } while cursor != nil && number < 200
        try trial.expect(pages, is: query(graph).ids, "pages")
      }
    }
  }
}
