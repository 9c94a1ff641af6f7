import Kith
import KithTestSupport

/// A query for rows of a table that is known by its number.
protocol ModelQuery {
  func applying(_ operation: Search.Operation, _ world: World, _ graph: Graph) -> any ModelQuery
  func combined(_ combination: Search.Combination, _ other: any ModelQuery) -> any ModelQuery
  var keys: [Value] { get }
  /// Compares all ways to ask with what the naive store says.
  func compare(with answer: Answer, pageSize: Int, _ text: (String) -> String, _ trial: inout Trial)
    throws
  /// The cursor behind the first page, and the key of its last row; nil if there is no other page.
  func endOfPage(size: Int) -> (cursor: Cursor, key: Value)?
  /// The keys of the page behind a cursor.
  func keys(size: Int, after cursor: Cursor) throws -> [Value]?
  /// Deletes the rows, and returns how many they are.
  func delete(_ graph: inout Graph) throws -> Int
  /// Gives a column of the rows another value, and returns how many they are.
  func update(_ graph: inout Graph, _ column: Int, _ change: (Value) -> Value) throws -> Int
}

extension World {
  /// A query that the naive store can run as well.
  func query(_ search: Search, _ graph: Graph) -> any ModelQuery {
    func start<Record: ModelRow>(_ type: Record.Type) -> any ModelQuery {
      switch search.start {
      case .all: TypedQuery(query: graph[type])
      case .key(let key): TypedQuery(query: graph[type, Record.ID(model: key)])
      case .keys(let keys): TypedQuery(query: graph[type, keys.map { Record.ID(model: $0) }])
      }
    }
    return search.operations.reduce(start(World.types[search.table])) {
      $0.applying($1, self, graph)
    }
  }

  /// A predicate that the naive store can test as well.
  func predicate<Record: ModelRow>(
    _ condition: Condition, of type: Record.Type
  ) -> Predicate<Record> {
    switch condition {
    case .compare(let column, let comparison, let value):
      Record.fields[column].compare(comparison, value)
    case .isIn(let column, let values): Record.fields[column].isIn(values)
    case .hasPrefix(let column, let text): Record.fields[column].hasPrefix(text)
    case .contains(let column, let text): Record.fields[column].contains(text)
    case .reaches(let way, let key): self.way(way).reaches(key, from: type)
    case .reachesWhere(let way, let inner): self.way(way).reaches(where: inner, from: type, self)
    case .count(let way, let comparison, let number):
      self.way(way).count(comparison, number, from: type)
    case .both(let left, let right): predicate(left, of: type) && predicate(right, of: type)
    case .either(let left, let right): predicate(left, of: type) || predicate(right, of: type)
    case .not(let inner): !predicate(inner, of: type)
    }
  }
}

struct TypedQuery<Record: ModelRow>: ModelQuery {
  let query: Query<Record>

  var keys: [Value] { query.ids.map { $0.model } }

  func applying(
    _ operation: Search.Operation, _ world: World, _ graph: Graph
  ) -> any ModelQuery {
    switch operation {
    case .hop(let way): world.way(way).hop(self)
    case .filter(let condition):
      TypedQuery(query: query.filter(world.predicate(condition, of: Record.self)))
    case .closure(let column, let value):
      TypedQuery(query: query.filter { $0.values[column] != value })
    case .sort(let terms): TypedQuery(query: sorted(terms))
    case .sortByCount(let way, let isDescending):
      TypedQuery(query: world.way(way).sort(query, isDescending ? .descending : .ascending))
    case .prefix(let count): TypedQuery(query: query.prefix(count))
    case .dropFirst(let count): TypedQuery(query: query.dropFirst(count))
    case .excluding(let key): TypedQuery(query: query.excluding(Record.ID(model: key)))
    case .combine(let combination, let search):
      combined(combination, world.query(search, graph))
    case .reachable(let way, let steps):
      TypedQuery(query: world.way(way).reachable(query, steps))
    }
  }

  func combined(_ combination: Search.Combination, _ other: any ModelQuery) -> any ModelQuery {
    let other = known(other, as: TypedQuery<Record>.self).query
    return switch combination {
    case .union: TypedQuery(query: query.union(other))
    case .intersection: TypedQuery(query: query.intersection(other))
    case .subtracting: TypedQuery(query: query.subtracting(other))
    case .symmetricDifference: TypedQuery(query: query.symmetricDifference(other))
    }
  }

  private func sorted(_ terms: [Search.Term]) -> Query<Record> {
    func direction(_ term: Search.Term) -> SortDirection {
      term.isDescending ? .descending : .ascending
    }
    func by(_ field: some ModelField<Record>) -> Query<Record> {
      guard terms.count > 1 else { return field.sort(query, direction(terms[0])) }
      let second = Record.fields[terms[1].column]
      return field.sort(query, direction(terms[0]), second, direction(terms[1]))
    }
    return by(Record.fields[terms[0].column])
  }

  func endOfPage(size: Int) -> (cursor: Cursor, key: Value)? {
    let page = query.page(size: size)
    guard let cursor = page.next, let row = try? page.rows.last else { return nil }
    return (cursor, row.id.model)
  }

  func keys(size: Int, after cursor: Cursor) throws -> [Value]? {
    try query.page(size: size, after: cursor).rows.map { $0.id.model }
  }

  func delete(_ graph: inout Graph) throws -> Int { try graph.delete(query) }

  func update(_ graph: inout Graph, _ column: Int, _ change: (Value) -> Value) throws -> Int {
    try graph.update(query) { row in
      try FaultPlan.pass()
      var values = row.values
      values[column] = change(values[column])
      row = Record(values)
    }
  }
}

extension TypedQuery {
  func compare(
    with answer: Answer, pageSize: Int, _ text: (String) -> String, _ trial: inout Trial
  ) throws {
    try trial.expect(keys, is: answer.keys, text(""))
    try trial.expect(query.map { $0.id.model }, is: answer.keys, text(", as a sequence"))
    try trial.expect(query.count, is: answer.keys.count, text(", count"))
    try trial.expect(query.isEmpty, is: answer.keys.isEmpty, text(", isEmpty"))
    try trial.expect(query.first?.id.model, is: answer.keys.first, text(", first"))
    let few: Query<Record> = query.prefix(pageSize)
    try trial.expect(
      few.ids.map { $0.model }, is: Array(answer.keys.prefix(pageSize)), text(", prefix"))
    try trial.expect(
      answer.keys.allSatisfy { query.contains(Record.ID(model: $0)) }, text(", contains"))
    let ranking = query.ranked()
    func shown(_ ranked: [Ranked<Record>]) -> [Answer.Ranked] {
      ranked.map { Answer.Ranked(key: $0.id.model, paths: $0.paths) }
    }
    try trial.expect(shown(Array(ranking)), is: answer.ranking, text(", ranked"))
    let best: [Ranked<Record>] = ranking.prefix(pageSize)
    try trial.expect(
      shown(best), is: Array(answer.ranking.prefix(pageSize)), text(", best ranked"))
    try comparePages(answer.keys, pageSize, text, &trial)
  }

  private func comparePages(
    _ keys: [Value], _ size: Int, _ text: (String) -> String, _ trial: inout Trial
  ) throws {
    let expected = stride(from: 0, to: max(keys.count, 1), by: size).map {
      Array(keys[$0..<min($0 + size, keys.count)])
    }
    var page = query.page(size: size)
    var pages = [try page.rows.map { $0.id.model }]
    while let next = page.next, pages.count <= expected.count {
      page = query.page(size: size, after: next)
      pages.append(try page.rows.map { $0.id.model })
    }
    try trial.expect(pages, is: expected, text(", pages of \(size)"))
    var back = [pages[pages.count - 1]]
    while let previous = page.previous, back.count <= expected.count {
      page = query.page(size: size, before: previous)
      back.append(try page.rows.map { $0.id.model })
    }
    try trial.expect(Array(back.reversed()), is: expected, text(", pages of \(size) back"))
    let second = query.page(number: 2, size: size)
    let rows: [Value] = second.rows.map { $0.id.model }
    try trial.expect(rows, is: expected.count > 1 ? expected[1] : [], text(", second page"))
    try trial.expect(second.total, is: keys.count, text(", total"))
  }
}
