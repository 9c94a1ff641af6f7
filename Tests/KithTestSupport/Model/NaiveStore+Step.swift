extension NaiveStore {
  /// What a call returns.
  package enum Returned: Equatable, Sendable {
    case nothing
    case flag(Bool)
    case number(Int)
    case load(Load)
  }

  /// Takes a step that changes something.
  package mutating func perform(_ step: Step) throws(Refusal) -> Returned {
    switch step {
    case .insert(let table, let rows): try insert(contentsOf: rows, table)
    case .upsert(let table, let values): return .flag(try upsert(table, values))
    case .update(let table, let key, let changes): try update(table, key, changes)
    case .turn(let search, let column):
      let keys = answer(search).keys
      try update(search.target, keys, column) { $0.turned }
      return .number(keys.count)
    case .delete(let table, let key): return .flag(try delete(table, key))
    case .deleteAll(let search):
      let keys = answer(search).keys
      try delete(search.target, keys: keys)
      return .number(keys.count)
    case .append(let side, let near, let far):
      return .number(try append(far, to: side, of: near))
    case .remove(let side, let near, let far): return .flag(remove(far, from: side, of: near))
    case .replace(let side, let near, let far): try replace(side, of: near, with: far)
    case .load(let side, let pairs, let allOrNothing):
      return .load(try load(pairs.map { ($0[0], $0[1]) }, side, allOrNothing: allOrNothing))
    case .compact(let side): compact(along: side)
    case .revert, .ask: break
    }
    return .nothing
  }
}

extension Value {
  /// The integer that a turn puts in the place of this one.
  package var turned: Value {
    if case .integer(let number) = self { .integer(7 - number) } else { self }
  }
}
