import Kith
import KithTestSupport

extension World {
  /// Compares all rows and all links, from both sides.
  func compare(
    _ graph: Graph, _ model: NaiveStore, _ place: String, _ trial: inout Trial
  ) throws {
    try compareRows(graph, model, place, &trial)
    for number in links.indices { try compareLinks(number, graph, model, place, &trial) }
    for table in shape.tables.indices {
      for hop in shape.hops(from: table) {
        let way = Way(source: table, target: shape.ends(of: hop).target, hops: [hop])
        let relationship = self.way(way)
        for row in model.rows[table] {
          let key = model.key(table, row.values)
          let found = relationship.targets(key, graph)
          let expected = model.targets(hop, fromKey: key)
          try trial.expect(found.keys, is: expected, "\(place): \(shape.text(way)) of \(key)")
          try trial.expect(
            found.count, is: expected.count, "\(place): count of \(shape.text(way)) of \(key)")
        }
      }
    }
  }

  /// Compares every pair of rows that an association table may link.
  private func compareLinks(
    _ number: Int, _ graph: Graph, _ model: NaiveStore, _ place: String, _ trial: inout Trial
  ) throws {
    let (info, side) = (shape.links[number], NaiveStore.Side(number, isForward: true))
    for near in model.keys(info.source) {
      for far in model.keys(info.target) {
        try trial.expect(
          links[number].contains(far, of: near, graph), is: model.isLinked(near, far, side),
          "\(place): \(info.name) contains \(near) → \(far)")
      }
    }
  }

  /// Compares all rows.
  func compareRows(
    _ graph: Graph, _ model: NaiveStore, _ place: String, _ trial: inout Trial
  ) throws {
    for table in shape.tables.indices {
      try compareRows(World.types[table], table, graph, model, place, &trial)
    }
  }

  private func compareRows<Record: ModelRow>(
    _ type: Record.Type, _ table: Int, _ graph: Graph, _ model: NaiveStore, _ place: String,
    _ trial: inout Trial
  ) throws {
    let (name, rows) = (shape.tables[table].name, model.rows[table])
    try trial.expect(
      graph[type].map { $0.values }, is: rows.map { $0.values }, "\(place): rows of \(name)")
    try trial.expect(graph[type].count, is: rows.count, "\(place): count of \(name)")
    for row in rows {
      let key = model.key(table, row.values)
      try trial.expect(
        graph.find(type, Record.ID(model: key))?.values, is: row.values,
        "\(place): \(name), \(key)")
    }
  }

  /// Compares what a write did.
  func compareChange(
    _ change: Change, _ difference: NaiveDifference, _ place: String, _ trial: inout Trial
  ) throws {
    var isEmpty = true
    for table in shape.tables.indices {
      let same = try compareRows(
        World.types[table], table, change, difference, place, &trial)
      isEmpty = isEmpty && same
    }
    for (number, link) in links.enumerated() {
      let (found, expected) = (link.changed(change), difference.links(number))
      let name = shape.links[number].name
      try trial.expect(found.appended, is: expected.appended, "\(place): appended to \(name)")
      try trial.expect(found.removed, is: expected.removed, "\(place): removed from \(name)")
      isEmpty = isEmpty && expected.appended.isEmpty && expected.removed.isEmpty
    }
    try trial.expect(change.isEmpty, is: isEmpty, "\(place): whether the change is empty")
  }

  /// Compares what a write did to one table; returns true if it did nothing.
  private func compareRows<Record: ModelRow>(
    _ type: Record.Type, _ table: Int, _ change: Change, _ difference: NaiveDifference,
    _ place: String, _ trial: inout Trial
  ) throws -> Bool {
    let name = shape.tables[table].name
    let (inserted, deleted) = (difference.inserted(table), difference.deleted(table))
    let updated = difference.updated(table)
    try trial.expect(
      change.inserted(type).map { $0.values }, is: inserted, "\(place): inserted into \(name)")
    try trial.expect(
      change.deleted(type).map { $0.values }, is: deleted, "\(place): deleted from \(name)")
    try trial.expect(
      Set(change.updated(type).map { [$0.before.values, $0.after.values] }), is: updated,
      "\(place): updated in \(name)")
    return inserted.isEmpty && deleted.isEmpty && updated.isEmpty
  }

  // MARK: Questions

  /// Asks both stores, and compares the answers.
  func ask(
    _ question: Question, _ graph: Graph, _ model: NaiveStore, _ place: String,
    _ trial: inout Trial
  ) throws {
    func text(_ asked: String) -> String { "\(place): \(shape.text(question))\(asked)" }
    switch question {
    case .rows(let search, let size):
      let answer = model.answer(search)
      if answer.ranking.contains(where: { $0.paths > 1 }) { trial.note("ask: several paths") }
      trial.note(answer.keys.isEmpty ? "ask: nothing found" : "ask: rows")
      try query(search, graph).compare(with: answer, pageSize: size, text, &trial)
    case .join(let way, let restriction):
      trial.note("ask: join")
      try compareJoin(way, restriction, graph, model, text, &trial)
    case .path(let way, let source, let target):
      let distance = model.distance(way, from: source, to: target)
      let found = self.way(way).path(graph, from: source, to: target)
      if distance ?? 0 > 1 { trial.note("ask: path of several steps") }
      try trial.expect(found.distance, is: distance, text(", distance"))
      try trial.expect(found.keys.map { $0.count - 1 }, is: distance, text(", length"))
      guard let keys = found.keys else { return }
      try trial.expect(
        keys.first == source && keys.last == target, text(", ends of \(keys)"))
      for (from, to) in zip(keys, keys.dropFirst()) {
        try trial.expect(
          model.distance(way, from: from, to: to), is: 1, text(", step of \(keys)"))
      }
    }
  }

  private func compareJoin(
    _ way: Way, _ restriction: Question.Restriction, _ graph: Graph, _ model: NaiveStore,
    _ text: (String) -> String, _ trial: inout Trial
  ) throws {
    let paths = model.join(way).filter { pair, _ in
      switch restriction {
      case .none: true
      case .withoutReturns: pair[0] != pair[1]
      case .closed(let side): model.isLinked(pair[0], pair[1], side)
      case .open(let side): !model.isLinked(pair[0], pair[1], side)
      }
    }
    let answer = self.way(way).join(graph, restriction, self)
    try trial.expect(answer.paths, is: paths, text(", every path"))
    try trial.expect(answer.count, is: paths.values.reduce(0, +), text(", count"))
    try trial.expect(answer.distinctCount, is: paths.count, text(", distinctCount"))
    let keys = model.keys(way.source)
    let counts = keys.map { key in
      paths.filter { $0.key[0] == key }.values.reduce(0, +)
    }
    try trial.expect(answer.counts(keys), is: counts, text(", counts"))
  }
}
