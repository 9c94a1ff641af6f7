import Kith
import KithTestSupport

extension World {
  /// Takes a step that changes a graph.
  func perform(_ step: Step, _ graph: inout Graph) throws -> NaiveStore.Returned {
    switch step {
    case .insert(let table, let rows): try insert(rows, World.types[table], &graph)
    case .upsert(let table, let values):
      return .flag(try upsert(values, World.types[table], &graph))
    case .update(let table, let key, let changes):
      try update(key, changes, World.types[table], &graph)
    case .turn(let search, let column):
      return .number(try query(search, graph).update(&graph, column) { $0.turned })
    case .delete(let table, let key): return .flag(try delete(key, World.types[table], &graph))
    case .deleteAll(let search): return .number(try query(search, graph).delete(&graph))
    case .append(let side, let near, let far):
      return .number(try link(side).append(far, of: near, &graph))
    case .remove(let side, let near, let far):
      return .flag(link(side).remove(far, of: near, &graph))
    case .replace(let side, let near, let far):
      try link(side).replace(of: near, with: far, &graph)
    case .load(let side, let pairs, let allOrNothing):
      return .load(try link(side).load(pairs, allOrNothing: allOrNothing, &graph))
    case .compact(let side):
      if let side { try link(side).compact(&graph) } else { try graph.compact() }
    case .revert, .ask: break
    }
    return .nothing
  }

  private func insert<Record: ModelRow>(
    _ rows: [[Value]], _ type: Record.Type, _ graph: inout Graph
  ) throws {
    if rows.count == 1 { return try graph.insert(Record(rows[0])) }
    try graph.insert(contentsOf: rows.map { Record($0) })
  }

  private func upsert<Record: ModelRow>(
    _ values: [Value], _ type: Record.Type, _ graph: inout Graph
  ) throws -> Bool {
    try graph.upsert(Record(values))
  }

  private func update<Record: ModelRow>(
    _ key: Value, _ changes: [NaiveStore.Change], _ type: Record.Type, _ graph: inout Graph
  ) throws {
    try graph.update(type, Record.ID(model: key)) { row in
      try FaultPlan.pass()
      var values = row.values
      for change in changes { values[change.column] = change.value }
      row = Record(values)
    }
  }

  private func delete<Record: ModelRow>(
    _ key: Value, _ type: Record.Type, _ graph: inout Graph
  ) throws -> Bool {
    try graph.delete(type, Record.ID(model: key))
  }

  /// Inserts a row under the next integer key, in place of its own.
  func insertNext<Record: NodeRow>(
    _ row: [Value], _ type: Record.Type, _ graph: inout Graph
  ) throws {
    try graph.insert { (id: Int) -> Record in
      try FaultPlan.pass()
      return Record([id.model] + Array(row.dropFirst()))
    }
  }
}
