extension Shape.Column {
  /// A value for the column: few are possible, so that they meet again.
  func anyValue(_ choices: inout Choices) -> Value {
    if isNullable, choices.number(below: 4) == 0 { return .null }
    switch kind {
    case .boolean: return .boolean(choices.number(below: 2) == 1)
    case .integer: return .integer(choices.number(below: 10))
    case .real: return .real(choices.pick([0, 1, 2.5, -1, -0.0, 1e300]))
    case .text: return .text(choices.pick(Shape.texts))
    case .pair: return .pair(choices.number(below: 4), choices.number(below: 4))
    case .date: return .date(choices.pick(Value.moments).seconds)
    case .uuid: return .uuid(UInt8(choices.number(below: 10)))
    case .bytes: return .bytes(choices.pick([[], [0], [1], [0, 255], [255]]))
    }
  }
}

extension Shape {
  /// Texts, some of which are equal and not made of the same scalars.
  static let texts = [
    "a", "", "ab", "b", "가", "각", "\u{1100}\u{1161}", "e\u{301}", "é", "👩‍👧a", "abc",
  ]
}

/// Values that mean something in a store: keys that are there, and free ones.
extension NaiveStore {
  /// The tables that have rows, or all if none has.
  var filledTables: [Int] {
    let filled = rows.indices.filter { !rows[$0].isEmpty }
    return filled.isEmpty ? Array(rows.indices) : filled
  }

  /// The association tables between tables that have rows.
  var openLinks: [Int] {
    shape.links.indices.filter {
      !rows[shape.links[$0].source].isEmpty && !rows[shape.links[$0].target].isEmpty
    }
  }

  var rowCount: Int { rows.reduce(0) { $0 + $1.count } }

  /// Whether a table's required foreign keys have rows to refer to.
  func isOpen(_ table: Int) -> Bool {
    shape.tables[table].columns.allSatisfy { column in
      guard let reference = column.reference, !column.isNullable else { return true }
      return reference.table == table || !rows[reference.table].isEmpty
    }
  }

  /// A value for a column of a row that has a key, or is to have it.
  func value(_ table: Int, _ column: Int, of key: Value?, _ choices: inout Choices) -> Value {
    let info = shape.tables[table].columns[column]
    guard let reference = info.reference else { return info.anyValue(&choices) }
    var keys = rows[reference.table].map { self.key(reference.table, $0.values) }
    if reference.table == table, let key { keys.append(key) }
    if keys.isEmpty || choices.chance(3) { return info.anyValue(&choices) }
    if info.isNullable, choices.chance(20) { return .null }
    return choices.pick(keys)
  }

  /// The key of a row of a table, or now and then a key that there may be none for.
  func key(_ table: Int, _ choices: inout Choices) -> Value {
    if rows[table].isEmpty || choices.chance(6) { return anyKey(table, &choices) }
    return key(table, choices.pick(rows[table]).values)
  }

  func keys(_ table: Int, below count: Int, _ choices: inout Choices) -> [Value] {
    let count = choices.number(below: count)
    return (0..<count).map { _ in choices.group { key(table, &$0) } }
  }

  /// A row that can be inserted more often than not.
  func row(_ table: Int, _ choices: inout Choices) -> [Value] {
    let info = shape.tables[table]
    var key = anyKey(table, &choices)
    for _ in 0..<3 where find(table, key) != nil && !choices.chance(10) {
      key = anyKey(table, &choices)
    }
    return info.columns.indices.map { column in
      guard let place = info.key.firstIndex(of: column) else {
        return value(table, column, of: key, &choices)
      }
      return key.parts[place]
    }
  }

  private func anyKey(_ table: Int, _ choices: inout Choices) -> Value {
    let parts = shape.tables[table].key.map { value(table, $0, of: nil, &choices) }
    if case (.integer(let first), .integer(let second)) = (parts[0], parts[parts.count - 1]),
      parts.count == 2
    {
      return .pair(first, second)
    }
    return parts[0]
  }
}

extension Value {
  /// The columns of a key.
  fileprivate var parts: [Value] {
    if case .pair(let first, let second) = self {
      [.integer(first), .integer(second)]
    } else {
      [self]
    }
  }
}
