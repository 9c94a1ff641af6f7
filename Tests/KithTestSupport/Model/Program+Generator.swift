extension Program {
  /// Programs of up to `writes` writes over random schemas that a store accepts.
  package static func generator(writes: Int) -> Generator<Program> {
    Shape.sound.flatMap { shape in
      Generator { shape.write(&$0) }.array(count: 1...writes).map {
        Program(shape: shape, writes: $0)
      }
    }
  }
}

extension Shape {
  fileprivate func write(_ choices: inout Choices) -> Program.Write {
    Program.Write(
      steps: Generator { step(&$0) }.array(count: 1...8).make(&choices),
      isDropped: choices.chance(8), isHeld: choices.chance(12))
  }

  private func step(_ choices: inout Choices) -> Step {
    let table = choices.number(below: tables.count)
    switch choices.number(below: 30) {
    case 0..<8: return .insert(table: table, [row(table, &choices)])
    case 8:
      let count = choices.number(below: 4)
      return .insert(
        table: table, (0..<count).map { _ in choices.group { row(table, &$0) } })
    case 9, 10: return .upsert(table: table, row(table, &choices))
    case 11..<15: return update(table, &choices)
    case 15: return turn(&choices)
    case 16, 17: return .delete(table: table, key: key(table, &choices))
    case 18: return .deleteAll(search(2, &choices))
    case 19: return choices.chance(30) ? .revert : .delete(table: table, key: key(table, &choices))
    case 20..<26 where !links.isEmpty: return linkStep(&choices)
    default: return .ask(question(&choices))
    }
  }

  private func update(_ table: Int, _ choices: inout Choices) -> Step {
    let key = key(table, &choices)
    let changes = (0...choices.number(below: 3)).map { _ in
      let column = choices.number(below: tables[table].columns.count)
      return NaiveStore.Change(column: column, value: value(table, column, &choices))
    }
    return .update(table: table, key: key, changes)
  }

  /// Changes many rows at once, keys among the columns.
  private func turn(_ choices: inout Choices) -> Step {
    let search = search(2, &choices)
    let columns = tables[search.target].columns.indices.filter { column in
      tables[search.target].columns[column].kind == .integer
    }
    return .turn(search, column: choices.pick(columns))
  }

  private func linkStep(_ choices: inout Choices) -> Step {
    let side = side(choices.number(below: links.count), &choices)
    let link = links[side.link]
    let (near, far) =
      side.isForward ? (link.source, link.target) : (link.target, link.source)
    let key = key(near, &choices)
    switch choices.number(below: 8) {
    case 0, 1, 2: return .append(side, near: key, far: [self.key(far, &choices)])
    case 3: return .append(side, near: key, far: keys(far, 5, &choices))
    case 4: return .remove(side, near: key, far: self.key(far, &choices))
    case 5: return .replace(side, near: key, far: keys(far, 5, &choices))
    default:
      let count = choices.number(below: 12)
      let pairs = (0..<count).map { _ in
        choices.group { [self.key(near, &$0), self.key(far, &$0)] }
      }
      return .load(side, pairs: pairs, allOrNothing: choices.chance(20))
    }
  }

  private func side(_ link: Int, _ choices: inout Choices) -> NaiveStore.Side {
    NaiveStore.Side(link, isForward: !choices.chance(50))
  }

  private func question(_ choices: inout Choices) -> Question {
    let table = choices.number(below: tables.count)
    guard choices.chance(35), let way = way(from: table, &choices) else {
      return .rows(search(5, &choices), size: 1 + choices.number(below: 4))
    }
    if way.source == way.target, choices.chance(50) {
      return .path(way, from: key(table, &choices), to: key(table, &choices))
    }
    return .join(way, restriction: restriction(way, &choices))
  }

  private func restriction(_ way: Way, _ choices: inout Choices) -> Question.Restriction {
    let sides = links.indices.flatMap { link in
      [true, false].map { NaiveStore.Side(link, isForward: $0) }.filter { side in
        let ends = (links[link].source, links[link].target)
        return (side.isForward ? ends : (ends.1, ends.0)) == (way.source, way.target)
      }
    }
    switch choices.number(below: 4) {
    case 1 where way.source == way.target: return .withoutReturns
    case 2 where !sides.isEmpty: return .closed(choices.pick(sides))
    case 3 where !sides.isEmpty: return .open(choices.pick(sides))
    default: return .none
    }
  }
}
