extension Shape {
  /// Schemas that a store accepts.
  package static let sound = any.filter { !$0.isStuck && !$0.emptiesRequired }

  /// Schemas of one table to six, some of which no store can accept.
  package static let any = Generator<Shape> { choices in
    var shape = Shape(tables: Array(bare.prefix(1 + choices.number(below: bare.count))), links: [])
    for table in shape.tables.indices {
      for column in shape.tables[table].columns.indices {
        choices.group { shape.decide(table, column, &$0) }
      }
      choices.group { shape.decide(table, &$0) }
    }
    let links = choices.number(below: 4)
    for number in 0..<links { choices.group { shape.addLink(number, &$0) } }
    return shape
  }

  /// Decides the rules of a column.
  private mutating func decide(_ table: Int, _ column: Int, _ choices: inout Choices) {
    var info = tables[table].columns[column]
    if let reference = reference(info, table, &choices) { info.reference = reference }
    info.isUnique = choices.chance(8)
    info.isIndexed = choices.chance(25) && info.kind != .pair
    if info.kind == .text || info.kind == .bytes, choices.chance(25) {
      info.maxLength = 1 + choices.number(below: 2)
    }
    if choices.chance(10) {
      info.refused = info.anyValue(&choices)
    }
    tables[table].columns[column] = info
  }

  private func reference(
    _ column: Column, _ table: Int, _ choices: inout Choices
  ) -> Reference? {
    // The key of a table with one key column could refer too, but then few rows could be inserted.
    let isKey = tables[table].key.count == 1 && column.name == "id"
    let targets = tables.indices.filter { target in
      switch column.kind {
      case .integer: !isKey && ["a", "b", "c"].contains(tables[target].name)
      case .pair: tables[target].name == "matches"
      case .text: column.isNullable && tables[target].name == "words"
      case .uuid: column.isNullable && tables[target].name == "tickets"
      case .real, .boolean, .date, .bytes: false
      }
    }
    guard !targets.isEmpty, column.name != "size", choices.chance(55) else { return nil }
    let target = choices.pick(targets)
    let rules: [Rule] =
      column.isNullable ? [.restrict, .cascade, .setNull] : [.restrict, .cascade, .cascade]
    var rule = choices.pick(rules)
    if !column.isNullable, choices.chance(1) { rule = .setNull }
    return Reference(table: target, rule: rule, isDeferred: choices.chance(20))
  }

  /// Decides the rules of a table over several columns.
  private mutating func decide(_ table: Int, _ choices: inout Choices) {
    let combined =
      ["matches": [0, 2], "words": [1, 2], "tickets": [1, 2]][tables[table].name] ?? [1, 5]
    if choices.chance(20) { tables[table].unique = combined }
    let orders =
      ["matches": [0, 2], "words": [1, 2], "tickets": [2, 1]][tables[table].name]
      ?? [2, choices.pick([6, 8])]
    if tables[table].columns[orders[0]].reference != nil, choices.chance(40) {
      tables[table].order = Order(parent: orders[0], column: orders[1])
    }
  }

  private mutating func addLink(_ number: Int, _ choices: inout Choices) {
    let (source, target) = (
      choices.number(below: tables.count), choices.number(below: tables.count)
    )
    links.append(
      Link(
        name: "links\(number)", source: source, target: target,
        allowsSelfLinks: !choices.chance(40)))
  }
}
