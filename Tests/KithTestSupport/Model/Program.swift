/// A schema, and writes to a store that has it.
package struct Program: Sendable {
  package let shape: Shape
  package let writes: [Write]
  package let structures: Structures

  /// The sizes of the structures that a store is made of. The simplest are the least likely to be
  /// at fault.
  package enum Structures: String, Sendable, CaseIterable {
    case standard
    /// So small that a few rows cross every boundary.
    case tiny
    /// Small, and all numbers have one hash.
    case colliding
  }

  /// Some steps that are published together, or dropped.
  package struct Write: Sendable {
    package let steps: [Step]
    /// Whether the write throws in the end.
    package let isDropped: Bool
    /// Whether the snapshot after the write is held until the program ends.
    package let isHeld: Bool
  }
}

/// A call on a store.
package enum Step: Sendable {
  case insert(table: Int, [[Value]])
  case upsert(table: Int, [Value])
  case update(table: Int, key: Value, [NaiveStore.Change])
  /// Turns the integers of a column round, as 7 - x, in the rows of a query.
  case turn(Search, column: Int)
  case delete(table: Int, key: Value)
  case deleteAll(Search)
  case append(NaiveStore.Side, near: Value, far: [Value])
  case remove(NaiveStore.Side, near: Value, far: Value)
  case replace(NaiveStore.Side, near: Value, far: [Value])
  case load(NaiveStore.Side, pairs: [[Value]], allOrNothing: Bool)
  /// Makes all anew, with the rows of one table in the order of a walk along its links, or nil.
  case compact(NaiveStore.Side?)
  /// Goes back to how the graph was when the write began.
  case revert
  case ask(Question)
}

/// A question that a store answers, and the naive store by loops.
package enum Question: Sendable {
  case rows(Search, size: Int)
  case join(Way, restriction: Restriction)
  case path(Way, from: Value, to: Value)

  package enum Restriction: Hashable, Sendable {
    case none, withoutReturns
    case closed(NaiveStore.Side)
    case open(NaiveStore.Side)
  }
}

extension Program: CustomStringConvertible {
  /// The program as a reader would write it.
  package var description: String {
    var lines = ["structures: \(structures.rawValue)", shape.description]
    for write in writes {
      lines.append("write {\(write.isHeld ? "  // its snapshot is held" : "")")
      lines += write.steps.map { "  \(shape.text($0))" }
      lines.append(write.isDropped ? "  throw\n}" : "}")
    }
    return lines.joined(separator: "\n")
  }
}

extension Shape {
  /// A step as a reader would write it.
  package func text(_ step: Step) -> String {
    switch step {
    case .insert(let table, let rows):
      rows.map { "insert(\(row(table, $0)))" }.joined(separator: ", in one call ")
    case .upsert(let table, let values): "upsert(\(row(table, values)))"
    case .update(let table, let key, let changes):
      "update(\(tables[table].name), \(key)) { "
        + changes.map { "\(tables[table].columns[$0.column].name) = \($0.value)" }
        .joined(separator: "; ") + " }"
    case .turn(let search, let column):
      "update(\(text(search))) { \(tables[search.target].columns[column].name) = 7 - itself }"
    case .delete(let table, let key): "delete(\(tables[table].name), \(key))"
    case .deleteAll(let search): "delete(\(text(search)))"
    case .append(let side, let near, let far): "append(\(far), to: \(name(side)), of: \(near))"
    case .remove(let side, let near, let far): "remove(\(far), from: \(name(side)), of: \(near))"
    case .replace(let side, let near, let far):
      "replace(\(name(side)), of: \(near), with: \(far))"
    case .load(let side, let pairs, let allOrNothing):
      "load(\(name(side)), \(pairs)\(allOrNothing ? ", allOrNothing: true" : ""))"
    case .compact(let side): "compact(\(side.map { "along: \(name($0))" } ?? ""))"
    case .revert: "graph = graph as the write began"
    case .ask(let question): text(question)
    }
  }

  /// A question as a reader would write it.
  package func text(_ question: Question) -> String {
    switch question {
    case .rows(let search, let size): "\(text(search))  // in pages of \(size)"
    case .join(let way, let restriction): "join(\(text(way))), \(text(restriction))"
    case .path(let way, let source, let target):
      "shortestPath(from: \(source), to: \(target), through: \(text(way)))"
    }
  }

  private func text(_ restriction: Question.Restriction) -> String {
    switch restriction {
    case .none: "all paths"
    case .withoutReturns: "without returns"
    case .closed(let side): "closed by \(name(side))"
    case .open(let side): "open by \(name(side))"
    }
  }

  private func name(_ side: NaiveStore.Side) -> String {
    links[side.link].name + (side.isForward ? "" : ".inverse")
  }

  private func row(_ table: Int, _ values: [Value]) -> String {
    let parts = zip(tables[table].columns, values).map { "\($0.name): \($1)" }
    return "\(tables[table].name)(\(parts.joined(separator: ", ")))"
  }
}
