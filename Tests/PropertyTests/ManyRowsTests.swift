import Kith
import KithTestSupport
import Testing

/// What one call says of many rows is what arrays and loops say of them.
@Suite struct `Calls for many rows` {
  private typealias Claim = @Sendable (LinkedThings, Graph, inout Trial) throws -> Void

  private func hold(_ name: String, _ claim: @escaping Claim) {
    check(
      Property(name, for: LinkedThings.any, cases: effort(release: 250, debug: 60)) {
        things, trial in
        try claim(things, try things.graph(), &trial)
      })
  }

  @Test func `select yields the columns of the rows, in order`() {
    hold("select") { things, graph, trial in
      let rows = things.things.sorted { ($0.group, $0.id) > ($1.group, $1.id) }
      let query = graph[Thing.self].sorted(by: \.group, .descending, \.id, .descending)
      try trial.expect(query.select(\.name), is: rows.map(\.name), "one column")
      try trial.expect(query.select(\.name.count), is: rows.map(\.name.count), "a computed one")
      try trial.expect(
        query.select(\.score, \.id).map { "\($0)" }, is: rows.map { "\(($0.score, $0.id))" }, "two")
      try trial.expect(
        query.select(\.id, \.name, \.parent).map { "\($0)" },
        is: rows.map { "\(($0.id, $0.name, $0.parent))" }, "three")
      try trial.expect(
        query.select(\.parent, \.name, \.score, \.group, \.id).map { "\($0)" },
        is: rows.map { "\(($0.parent, $0.name, $0.score, $0.group, $0.id))" }, "five")
      try trial.expect(query.prefix(0).select(\.id, \.name).count, is: 0, "of no row")
    }
  }

  @Test func `all links are those of each row`() {
    hold("all links") { things, graph, trial in
      let links = graph[Thing.links].map { [$0.source, $0.target] }
      let back = graph[Thing.links.inverse].map { [$0.target, $0.source] }
      try trial.expect(links, is: things.sortedLinks { ($0.source, $0.target) }, "links")
      try trial.expect(back, is: things.sortedLinks { ($0.target, $0.source) }, "links back")
    }
  }

  @Test func `flags tell of each row what contains tells`() {
    hold("flags") { things, graph, trial in
      let asked = [0] + things.keys.reversed() + things.keys.prefix(3)
      let links = Set(things.links)
      func isLinked(_ source: Int, _ target: Int) -> Bool {
        links.contains(.init(source: source, target: target))
      }
      func isNear(_ source: Int, _ target: Int) -> Bool {
        things.keys.contains { isLinked(source, $0) && isLinked($0, target) }
      }
      typealias Flags = (id: Int, follows: Bool, isFollowedBy: Bool)
      for viewer in [0] + things.keys.prefix(4) {
        let one = graph.flags(of: viewer, on: asked, through: Thing.targets)
        let linked = asked.map { Flags($0, isLinked(viewer, $0), isLinked($0, viewer)) }
        try trial.expect(one.map { "\($0)" }, is: linked.map { "\($0)" }, "flags of \(viewer)")
        let two = graph.flags(of: viewer, on: asked, through: Thing.targets.targets)
        let near = asked.map { Flags($0, isNear(viewer, $0), isNear($0, viewer)) }
        try trial.expect(two.map { "\($0)" }, is: near.map { "\($0)" }, "over two hops")
      }
    }
  }

  @Test func `rows of many keys come in order of insertion, each once`() {
    hold("many keys") { things, graph, trial in
      for keys in [things.keys, things.keys.sorted(), Array(things.keys.prefix(5).reversed()), []] {
        let asked = keys + [0, 1000] + keys.prefix(3)
        let known = Set(keys)
        let expected = things.keys.filter { known.contains($0) }
        try trial.expect(graph[Thing.self, asked].ids, is: expected, "rows of keys")
        let isIn = graph[Thing.self].filter(.isIn(\.id, asked))
        try trial.expect(isIn.ids, is: expected, "isIn")
        try trial.expect(isIn.count, is: expected.count, "isIn, counted")
        let both = graph[Thing.self].filter(.isIn(\.id, asked) && \.group < 2)
        try trial.expect(
          both.ids, is: things.things.filter { known.contains($0.id) && $0.group < 2 }.map(\.id),
          "isIn and a comparison")
        try trial.expect(
          graph[Thing.self].excluding(asked).ids, is: things.keys.filter { !known.contains($0) },
          "excluding")
      }
      let scores: [Int?] = [2, nil, 2, 0]
      try trial.expect(
        graph[Thing.self].filter(.isIn(\.score, scores)).ids,
        is: things.things.filter { scores.contains($0.score) }.map(\.id), "isIn, some of them nil")
    }
  }

  @Test func `counts and related rows are those of each row`() {
    hold("related rows") { things, graph, trial in
      let query = graph[Thing.self].sorted(by: \.name)
      let rows = things.things.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
      func targets(_ key: Int) -> [Int] {
        let targets = Set(things.links.filter { $0.source == key }.map(\.target))
        return things.keys.filter { targets.contains($0) }
      }
      func near(_ key: Int) -> Set<Int> { Set(targets(key).flatMap(targets)) }
      try trial.expect(
        query.counts(of: Thing.targets).map { [$0.row.id, $0.count] },
        is: rows.map { [$0.id, targets($0.id).count] }, "counts")
      try trial.expect(
        query.counts(of: Thing.targets.targets).map { [$0.row.id, $0.count] },
        is: rows.map { [$0.id, near($0.id).count] }, "counts over two hops")
      try trial.expect(
        query.including(Thing.targets).map { [$0.row.id] + $0.related.map(\.id) },
        is: rows.map { [$0.id] + targets($0.id) }, "related rows")
      let chosen = query.including(Thing.targets) { $0.sorted(by: \.id, .descending).prefix(2) }
      try trial.expect(
        chosen.map { [$0.row.id] + $0.related.map(\.id) },
        is: rows.map { [$0.id] + targets($0.id).sorted(by: >).prefix(2) }, "chosen related rows")
    }
  }

  @Test func `numbered pages are the parts of the rows`() {
    hold("numbered pages") { things, graph, trial in
      let keys = things.things.sorted { ($0.group, $0.id) < ($1.group, $1.id) }.map(\.id)
      let query = graph[Thing.self].sorted(by: \.group)
      for size in [1, 3, keys.count, keys.count + 1] {
        for number in 1...(keys.count / size + 2) {
          let page = query.page(number: number, size: size)
          let part = keys.dropFirst((number - 1) * size)
          try trial.expect(page.rows.map(\.id), is: Array(part.prefix(size)), "rows of \(number)")
          try trial.expect(page.next, is: part.count > size ? number + 1 : nil, "next")
          try trial.expect(page.total, is: keys.count, "total")
        }
      }
    }
  }

  @Test func `a change names the rows and links that differ`() {
    hold("changes") { things, before, trial in
      var after = before
      let (renamed, regrouped) = (
        things.keys.last, Set(things.keys.prefix(40).filter { $0 % 3 == 0 })
      )
      try after.update(after[Thing.self, regrouped]) { $0.name += "\u{e9}" }
      try after.update(after[Thing.self].filter(\.group == 1)) { $0.group += 0 }
      let new = Thing(id: 1000, group: 0, score: nil, name: "new", parent: renamed)
      try after.insert(new)
      for link in things.links.prefix(30) {
        after.remove(link.target, from: Thing.targets, of: link.source)
      }
      try after.append(new.id, to: Thing.targets, of: new.id)
      let change = Change(from: before, to: after)
      try trial.expect(
        change.updated(Thing.self).map { "\($0.before.name) \($0.after.name) \($0.after.id)" },
        is: things.things.filter { regrouped.contains($0.id) }
          .map { "\($0.name) \($0.name)\u{e9} \($0.id)" }, "updated")
      try trial.expect(change.inserted(Thing.self).map(\.name), is: ["new"], "inserted")
      try trial.expect(
        change.appended(Thing.links).map { [$0, $1] }, is: [[1000, 1000]], "appended")
      let gone = Set(things.links.prefix(30).map { [$0.source, $0.target] })
      try trial.expect(Set(change.removed(Thing.links).map { [$0, $1] }), is: gone, "removed")
      try trial.expect(
        Set(change.removed(Thing.links.inverse).map { [$1, $0] }), is: gone, "removed, from behind")
      let back = Change(from: after, to: before)
      try trial.expect(back.deleted(Thing.self).map(\.name), is: ["new"], "deleted")
    }
  }
}

extension LinkedThings {
  /// The links by two keys' places in the order of insertion.
  fileprivate func sortedLinks(_ keys: (Link) -> (Int, Int)) -> [[Int]] {
    let places = Dictionary(uniqueKeysWithValues: self.keys.enumerated().map { ($1, $0) })
    func place(_ link: Link) -> [Int] {
      [keys(link).0, keys(link).1].map { places[$0, default: 0] }
    }
    return links.sorted { place($0).lexicographicallyPrecedes(place($1)) }
      .map { [$0.source, $0.target] }
  }
}
