extension Program {
  /// Programs of up to `writes` writes over random schemas that a store accepts.
  ///
  /// The naive store runs along, so that most keys are those of rows.
  package static func generator(writes: Int) -> Generator<Program> {
    Shape.sound.flatMap { shape in
      Generator { choices in
        var maker = ProgramMaker(model: NaiveStore(shape))
        let writes = choices.array(count: 1...writes) { maker.write(&$0) }
        let structures = choices.pick(Program.Structures.allCases)
        choices.note("structures: \(structures.rawValue)")
        return Program(shape: shape, writes: writes, structures: structures)
      }
    }
  }
}

/// Makes a program step by step.
private struct ProgramMaker {
  var model: NaiveStore
  private var shape: Shape { model.shape }

  init(model: NaiveStore) {
    self.model = model
  }

  mutating func write(_ choices: inout Choices) -> Program.Write {
    let before = model
    let isDropped = choices.chance(8)
    let steps = choices.array(count: 1...8) { choices in
      let step = step(&choices)
      if case .revert = step { model = before }
      // A step that is refused changes nothing.
      _ = try? model.perform(step)
      return step
    }
    if isDropped || !model.isComplete { model = before }
    return Program.Write(steps: steps, isDropped: isDropped, isHeld: choices.chance(12))
  }

  private func step(_ choices: inout Choices) -> Step {
    switch choices.number(below: 32) {
    case 0..<9: return insert(&choices)
    case 9, 10:
      let table = growingTable(&choices)
      return .upsert(table: table, model.row(table, &choices))
    case 11..<15: return update(&choices)
    case 15: return turn(&choices)
    case 16, 17:
      let table = choices.pick(model.filledTables)
      return .delete(table: table, key: model.key(table, &choices))
    case 18:
      var search = model.search(2, &choices)
      search.operations.append(.prefix(choices.number(below: 4)))
      return .deleteAll(search)
    case 19 where choices.chance(30): return .revert
    case 26 where choices.chance(25): return .compact(walkedSide(&choices))
    case 20..<27 where !model.openLinks.isEmpty: return linkStep(&choices)
    case 27...: return .ask(question(&choices))
    // While there are few rows, most steps insert.
    default:
      let isSmall = model.rowCount < 4 * shape.tables.count
      return isSmall ? insert(&choices) : .ask(question(&choices))
    }
  }

  /// One side of an association table between rows of one table, or nil.
  private func walkedSide(_ choices: inout Choices) -> NaiveStore.Side? {
    let links = shape.links.indices.filter { shape.links[$0].source == shape.links[$0].target }
    return links.isEmpty || choices.chance(20)
      ? nil : NaiveStore.Side(choices.pick(links), isForward: !choices.chance(50))
  }

  private func insert(_ choices: inout Choices) -> Step {
    let table = growingTable(&choices)
    // Several at once are refused when one is.
    let count = choices.chance(12) ? choices.number(below: 4) : 1
    return .insert(
      table: table, (0..<count).map { _ in choices.group { model.row(table, &$0) } })
  }

  /// A table in which a row can be inserted, most often.
  private func growingTable(_ choices: inout Choices) -> Int {
    let possible = shape.tables.indices.filter { model.isOpen($0) }
    return choices.chance(95) && !possible.isEmpty
      ? choices.pick(possible) : choices.number(below: shape.tables.count)
  }

  private func update(_ choices: inout Choices) -> Step {
    let table = choices.pick(model.filledTables)
    let key = model.key(table, &choices)
    let changes = (0...choices.number(below: 3)).map { _ in
      let column = choices.number(below: shape.tables[table].columns.count)
      return NaiveStore.Change(
        column: column, value: model.value(table, column, of: key, &choices))
    }
    return .update(table: table, key: key, changes)
  }

  /// Changes many rows at once, keys among the columns.
  private func turn(_ choices: inout Choices) -> Step {
    let search = model.search(2, &choices)
    let columns = shape.tables[search.target].columns.indices.filter { column in
      shape.tables[search.target].columns[column].kind == .integer
    }
    return columns.isEmpty
      ? .ask(.rows(search, size: 2)) : .turn(search, column: choices.pick(columns))
  }

  private func linkStep(_ choices: inout Choices) -> Step {
    let side = NaiveStore.Side(
      choices.pick(model.openLinks), isForward: !choices.chance(50))
    let link = shape.links[side.link]
    let (near, far) =
      side.isForward ? (link.source, link.target) : (link.target, link.source)
    let key = model.key(near, &choices)
    switch choices.number(below: 8) {
    case 0, 1, 2: return .append(side, near: key, far: [model.key(far, &choices)])
    case 3: return .append(side, near: key, far: model.keys(far, below: 5, &choices))
    case 4: return .remove(side, near: key, far: model.key(far, &choices))
    case 5: return .replace(side, near: key, far: model.keys(far, below: 5, &choices))
    default:
      let count = choices.number(below: 12)
      let pairs = (0..<count).map { _ in
        choices.group { [model.key(near, &$0), model.key(far, &$0)] }
      }
      return .load(side, pairs: pairs, allOrNothing: choices.chance(20))
    }
  }

  // MARK: Questions

  private func question(_ choices: inout Choices) -> Question {
    let table = choices.pick(model.filledTables)
    guard choices.chance(35), let way = model.way(from: table, &choices) else {
      return .rows(model.search(5, &choices), size: 1 + choices.number(below: 4))
    }
    if way.source == way.target, choices.chance(50) {
      return .path(way, from: model.key(table, &choices), to: model.key(table, &choices))
    }
    return .join(way, restriction: restriction(way, &choices))
  }

  private func restriction(_ way: Way, _ choices: inout Choices) -> Question.Restriction {
    let sides = shape.links.indices.flatMap { link in
      [true, false].map { NaiveStore.Side(link, isForward: $0) }.filter { side in
        let ends = (shape.links[link].source, shape.links[link].target)
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
