extension NaiveStore {
  /// A query of up to `depth` operations.
  func search(_ depth: Int, _ choices: inout Choices) -> Search {
    let table = choices.pick(filledTables)
    return search(from: table, to: nil, depth, &choices)
  }

  /// A query that starts at a table, and that stays there if it must end there.
  private func search(
    from table: Int, to end: Int?, _ depth: Int, _ choices: inout Choices
  ) -> Search {
    var search = Search(table: table, start: start(table, &choices))
    let count = choices.number(below: depth + 1)
    for step in 0..<count {
      let next = choices.group { operation(search.target, end == nil, step, &$0) }
      if let next { search.operations.append(next) }
    }
    return search
  }

  private func start(_ table: Int, _ choices: inout Choices) -> Search.Start {
    switch choices.number(below: 4) {
    case 0, 1: .all
    case 2: .key(key(table, &choices))
    default: .keys(keys(table, below: 5, &choices))
    }
  }

  /// A relationship of one hop, or two, from a table; nil if none starts there.
  func way(from table: Int, _ choices: inout Choices) -> Way? {
    var hops: [Hop] = []
    var target = table
    for _ in 0...choices.number(below: 2) {
      let possible = shape.hops(from: target)
      guard !possible.isEmpty else { break }
      let hop = choices.pick(possible)
      hops.append(hop)
      target = shape.ends(of: hop).target
    }
    return hops.isEmpty ? nil : Way(source: table, target: target, hops: hops)
  }

  private func operation(
    _ table: Int, _ mayHop: Bool, _ step: Int, _ choices: inout Choices
  ) -> Search.Operation? {
    switch choices.number(below: 14) {
    case 0, 1: return .filter(condition(table, 2, &choices))
    case 2, 3, 4:
      guard mayHop, let way = way(from: table, &choices) else { return nil }
      return .hop(way)
    case 5, 6: return .sort(terms(table, &choices))
    case 7:
      guard let way = way(from: table, &choices) else { return nil }
      return .sortByCount(way, isDescending: choices.chance(50))
    case 8: return .prefix(choices.number(below: 6))
    case 9: return .dropFirst(choices.number(below: 4))
    case 10: return .excluding(key(table, &choices))
    case 11:
      guard let way = way(from: table, &choices), way.source == way.target else { return nil }
      let first = choices.number(below: 3)
      return .reachable(way, first...first + choices.number(below: 3))
    case 12:
      let column = choices.number(below: shape.tables[table].columns.count)
      return .closure(column: column, value(table, column, of: nil, &choices))
    default:
      let other = choices.group { search(from: table, to: table, step, &$0) }
      return .combine(choices.pick(Search.Combination.allCases), other)
    }
  }

  private func terms(_ table: Int, _ choices: inout Choices) -> [Search.Term] {
    (0...choices.number(below: 2)).map { _ in
      Search.Term(
        column: choices.number(below: shape.tables[table].columns.count),
        isDescending: choices.chance(50))
    }
  }

  func condition(_ table: Int, _ depth: Int, _ choices: inout Choices) -> Condition {
    if depth > 0, choices.chance(40) {
      let left = choices.group { condition(table, depth - 1, &$0) }
      switch choices.number(below: 3) {
      case 0: return .not(left)
      case 1: return .both(left, choices.group { condition(table, depth - 1, &$0) })
      default: return .either(left, choices.group { condition(table, depth - 1, &$0) })
      }
    }
    if choices.chance(30), let way = way(from: table, &choices) {
      return related(way, depth, &choices)
    }
    return compared(table, &choices)
  }

  private func related(_ way: Way, _ depth: Int, _ choices: inout Choices) -> Condition {
    switch choices.number(below: 3) {
    case 0: .reaches(way, key(way.target, &choices))
    case 1: .count(way, choices.pick(Condition.Comparison.allCases), choices.number(below: 3))
    default: .reachesWhere(way, condition(way.target, max(depth - 1, 0), &choices))
    }
  }

  private func compared(_ table: Int, _ choices: inout Choices) -> Condition {
    let column = choices.number(below: shape.tables[table].columns.count)
    let info = shape.tables[table].columns[column]
    let value = value(table, column, of: nil, &choices)
    switch choices.number(below: 4) {
    case 0 where info.kind == .text:
      return .hasPrefix(column: column, value.text ?? "")
    case 1 where info.kind == .text: return .contains(column: column, value.text ?? "")
    case 2:
      return .isIn(column: column, [value, self.value(table, column, of: nil, &choices)])
    default:
      // Without a value, or an order, only equality is asked for.
      let all = Condition.Comparison.allCases
      let isOrdered = info.kind != .boolean && info.kind != .bytes && value != .null
      return .compare(column: column, choices.pick(isOrdered ? all : Array(all.prefix(2))), value)
    }
  }
}
