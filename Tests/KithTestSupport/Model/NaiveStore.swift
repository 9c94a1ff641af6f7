/// A store with the meaning of Kith and none of its ways: arrays in order of insertion, and loops.
///
/// Shares no code with Kith. A copy is a snapshot, and is copied whole.
package struct NaiveStore: Equatable, Sendable {
  package struct Row: Equatable, Sendable {
    /// What the row is itself by, whatever its key becomes.
    package let serial: Int
    package var values: [Value]
  }

  package struct LinkEnds: Hashable, Sendable {
    package let source: Int
    package let target: Int
  }

  package let shape: Shape
  /// The rows of each table, in order of insertion.
  package internal(set) var rows: [[Row]]
  /// The links of each association table, between rows by their serials.
  package internal(set) var links: [Set<LinkEnds>]
  var nextSerial = 0

  package init(_ shape: Shape) {
    self.shape = shape
    rows = shape.tables.map { _ in [] }
    links = shape.links.map { _ in [] }
  }

  // MARK: Reading

  /// The key of a row of a table.
  package func key(_ table: Int, _ values: [Value]) -> Value {
    let columns = shape.tables[table].key
    guard columns.count == 2, case .integer(let first) = values[columns[0]],
      case .integer(let second) = values[columns[1]]
    else { return values[columns[0]] }
    return .pair(first, second)
  }

  /// The keys of the rows of a table, in order of insertion.
  package func keys(_ table: Int) -> [Value] { rows[table].map { key(table, $0.values) } }

  /// The row with a key.
  package func find(_ table: Int, _ key: Value) -> Row? {
    rows[table].first { self.key(table, $0.values) == key }
  }

  func row(_ table: Int, serial: Int) -> Row? { rows[table].first { $0.serial == serial } }

  func key(_ table: Int, serial: Int) -> Value? {
    row(table, serial: serial).map { key(table, $0.values) }
  }

  /// Whether every deferred foreign key refers to a row, as it must at the end of a write.
  package var isComplete: Bool { danglingFaults.isEmpty }

  /// A fault for each foreign key that refers to nothing.
  package var danglingFaults: [Fault] {
    shape.tables.indices.flatMap { table in
      rows[table].flatMap { missing(table, $0, Array(shape.tables[table].columns.indices), true) }
    }
  }

  // MARK: Rules

  /// The rules that a row breaks by itself, in the order in which they are told.
  func broken(_ table: Int, _ values: [Value]) -> [Fault] {
    let info = shape.tables[table]
    let key = key(table, values)
    var faults: [Fault] = []
    for (column, value) in zip(info.columns, values) {
      guard let limit = column.maxLength, let length = value.length, length > limit
      else { continue }
      faults.append(
        Fault(
          .valueTooLong, "ck_\(info.name)_\(column.name)_max_length", info.name,
          "\(column.name) of \(key)"))
    }
    for (column, value) in zip(info.columns, values) where column.refused == value {
      faults.append(
        Fault(
          .failedCheck, "ck_\(info.name)_\(column.name)_refused", info.name,
          "\(column.name) = \(value)"))
    }
    return faults
  }

  /// The keys and unique values of a row that another row has.
  func duplicates(_ table: Int, _ row: Row) -> [Fault] {
    let info = shape.tables[table]
    let others = rows[table].filter { $0.serial != row.serial }
    var faults: [Fault] = []
    let key = key(table, row.values)
    if others.contains(where: { self.key(table, $0.values) == key }) {
      faults.append(Fault(.duplicateKey, info.keyName, info.name, "\(key)"))
    }
    let uniques =
      info.columns.indices.filter { info.columns[$0].isUnique }.map { [$0] }
      + (info.unique.isEmpty ? [] : [info.unique])
    for columns in uniques {
      let values = columns.map { row.values[$0] }
      if values.contains(.null) { continue }
      if others.contains(where: { other in columns.map { other.values[$0] } == values }) {
        let text = values.map(\.description).joined(separator: ", ")
        faults.append(
          Fault(
            .duplicateKey, info.uniqueName(columns), info.name,
            columns.count == 1 ? text : "(\(text))"))
      }
    }
    return faults
  }

  /// The foreign keys of a row that refer to nothing, among some columns.
  func missing(
    _ table: Int, _ row: Row, _ columns: [Int], _ deferred: Bool = false
  ) -> [Fault] {
    let info = shape.tables[table]
    return columns.compactMap { column in
      guard let reference = info.columns[column].reference, reference.isDeferred == deferred,
        row.values[column] != .null, find(reference.table, row.values[column]) == nil
      else { return nil }
      return Fault(
        .missingReference, info.referenceName(column, in: shape), info.name,
        "\(row.values[column])")
    }
  }

  /// Refuses with the first of some faults.
  func refuse(first faults: [Fault]) throws(Refusal) {
    if let fault = faults.first { throw Refusal([fault]) }
  }

  /// Refuses with any of some faults.
  func refuse(any faults: [Fault]) throws(Refusal) {
    if !faults.isEmpty { throw Refusal(faults) }
  }

  // MARK: Rows

  package mutating func insert(_ table: Int, _ values: [Value]) throws(Refusal) {
    var next = self
    let row = Row(serial: nextSerial, values: values)
    next.nextSerial += 1
    try refuse(first: broken(table, values) + duplicates(table, row))
    next.rows[table].append(row)
    try refuse(first: next.missing(table, row, Array(values.indices)))
    self = next
  }

  /// Inserts rows, all or none.
  package mutating func insert(contentsOf all: [[Value]], _ table: Int) throws(Refusal) {
    var next = self
    for values in all { try next.insert(table, values) }
    self = next
  }

  /// Returns true if the row is new.
  package mutating func upsert(_ table: Int, _ values: [Value]) throws(Refusal) -> Bool {
    guard let old = find(table, key(table, values)) else {
      try insert(table, values)
      return true
    }
    try replace(table, [Row(serial: old.serial, values: values)])
    return false
  }

  /// Puts values into columns of a row.
  package mutating func update(
    _ table: Int, _ key: Value, _ changes: [Change]
  ) throws(Refusal) {
    guard var row = find(table, key) else {
      throw Refusal([Fault(.notFound, "", shape.tables[table].name, "\(key)")])
    }
    for change in changes { row.values[change.column] = change.value }
    try replace(table, [row])
  }

  /// A new value for a column.
  package struct Change: Sendable, Equatable {
    package let column: Int
    package let value: Value
  }

  /// Changes an integer column of all rows of some keys at once.
  package mutating func update(
    _ table: Int, _ keys: [Value], _ column: Int, _ change: (Value) -> Value
  ) throws(Refusal) {
    let all = rows[table].filter { keys.contains(key(table, $0.values)) }
    let changed = all.map { row in
      var row = row
      row.values[column] = change(row.values[column])
      return row
    }
    try replace(table, changed)
  }
}
