/// A graph by names and values, as a file says it, whatever types there are today.
///
/// Rows are numbered in order of insertion. A row that goes leaves its number unused until the graph
/// is compacted, so that links need not be numbered again with every row.
struct RawGraph: Sendable {
  /// The tables in their order, then the association tables.
  var tables: [RawTable] = []

  /// A graph without rows.
  init(_ schema: [Schema.Table] = []) {
    tables = schema.map { RawTable($0) }
  }

  /// What the tables are.
  var schema: [Schema.Table] { tables.map(\.schema) }

  /// The place of a table, or nil if there is none of that name.
  func index(of name: String) -> Int? { tables.firstIndex { $0.schema.name == name } }

  /// The place of a table.
  func requireIndex(of name: String) throws(RefusedStep) -> Int {
    guard let index = index(of: name) else { throw RefusedStep("there is no table \(name)") }
    return index
  }

  /// The table before which a table stands; nil if it is the last of its sort.
  func nameAfter(_ table: Schema.Table) -> String? {
    let next = schema.drop { $0.name != table.name }.dropFirst().first
    return next?.isAssociation == table.isAssociation ? next?.name : nil
  }

  /// The places of the tables that the links of an association table start from and lead to.
  func ends(of association: Int) throws(RefusedStep) -> (source: Int, target: Int) {
    let schema = tables[association].schema
    guard schema.columns.count == 2,
      let source = schema.foreignKey(schema.columns[0].name)?.target,
      let target = schema.foreignKey(schema.columns[1].name)?.target
    else { throw RefusedStep("\(schema.name) does not link two tables") }
    return (try requireIndex(of: source), try requireIndex(of: target))
  }

  /// Numbers the rows from 0 again, without gaps, and lets go the links of rows that went.
  mutating func compact() throws(RefusedStep) {
    let numbers = tables.map { $0.rows.compactNumbers }
    for index in tables.indices where tables[index].schema.isAssociation {
      let (source, target) = try ends(of: index)
      tables[index].links.renumber(numbers[source], numbers[target])
    }
    for index in tables.indices where numbers[index] != nil { tables[index].rows.compact() }
  }
}

/// One table of a raw graph: its rows, or if it is an association table its links.
struct RawTable: Sendable {
  var schema: Schema.Table
  var rows: RawRows
  var links = RawLinks()
  /// The largest integer that ever was a key, or null.
  var largestKey: StoredValue = .null

  /// A table without rows.
  init(_ schema: Schema.Table) {
    self.schema = schema
    rows = RawRows(columns: schema.columns.map { _ in [] })
  }

  /// How many rows, or links, there are.
  var count: Int { schema.isAssociation ? links.count : rows.liveCount }

  /// The place of a column.
  func requireColumn(_ name: String) throws(RefusedStep) -> Int {
    guard let index = schema.columns.firstIndex(where: { $0.name == name }) else {
      throw RefusedStep("\(schema.name) has no column \(name)")
    }
    return index
  }

  /// The places of the columns of the primary key.
  var keyColumns: [Int] {
    let names = schema.constraints.first { $0.kind == .primaryKey }?.columns ?? []
    return names.compactMap { name in schema.columns.firstIndex { $0.name == name } }
  }

  /// The primary key of a row.
  func key(_ row: Int) -> StoredValue { .key(rows.values(row, keyColumns)) }

  /// Remembers a key that a row has now.
  mutating func noteKey(of row: Int) {
    if schema.hasNextKey { largestKey = max(largestKey, key(row)) }
  }
}

/// The rows of a table by columns.
struct RawRows: Sendable {
  /// The values of each column, row by row.
  var columns: [[StoredValue]]
  /// One more than the largest number of a row.
  private(set) var end = 0
  private var gone: Set<Int> = []

  init(columns: [[StoredValue]]) {
    self.columns = columns
    end = columns.first?.count ?? 0
  }

  var liveCount: Int { end - gone.count }

  func isLive(_ row: Int) -> Bool { row < end && !gone.contains(row) }

  /// The numbers of the rows, in order of insertion.
  var numbers: some Sequence<Int> { (0..<end).lazy.filter { !gone.contains($0) } }

  /// The values of some columns of a row.
  func values(_ row: Int, _ places: [Int]) -> [StoredValue] { places.map { columns[$0][row] } }

  /// The values of all columns of a row.
  func values(_ row: Int) -> [StoredValue] { columns.map { $0[row] } }

  mutating func append(_ values: [StoredValue]) {
    for (column, value) in values.enumerated() { columns[column].append(value) }
    end += 1
  }

  mutating func replace(_ row: Int, with values: [StoredValue]) {
    for (column, value) in values.enumerated() { columns[column][row] = value }
  }

  mutating func remove(_ row: Int) { gone.insert(row) }

  /// The new number of each row, `.max` for those that went; nil if all stay as they are.
  var compactNumbers: [UInt32]? {
    if gone.isEmpty { return nil }
    var next: UInt32 = 0
    return (0..<end).map { row in
      if gone.contains(row) { return .max }
      defer { next += 1 }
      return next
    }
  }

  mutating func compact() {
    for column in columns.indices {
      let values = columns[column]
      columns[column] = numbers.map { values[$0] }
    }
    end = liveCount
    gone = []
  }
}

/// A link between two rows, by their numbers.
struct RawLink: Sendable, Hashable, Comparable {
  var source: UInt32
  var target: UInt32

  static func < (left: RawLink, right: RawLink) -> Bool {
    (left.source, left.target) < (right.source, right.target)
  }
}

/// The links of an association table: those that were read, in order, and what changed since.
struct RawLinks: Sendable {
  private var base: [RawLink] = []
  private var gone: Set<RawLink> = []
  private var come: Set<RawLink> = []

  /// Links that are in order, each there once.
  init(inOrder base: [RawLink] = []) {
    self.base = base
  }

  var count: Int { base.count - gone.count + come.count }

  /// The links in order.
  var all: [RawLink] {
    let kept = gone.isEmpty ? base : base.filter { !gone.contains($0) }
    return come.isEmpty ? kept : (kept + come).sorted()
  }

  func contains(_ link: RawLink) -> Bool {
    come.contains(link) || isInBase(link) && !gone.contains(link)
  }

  private func isInBase(_ link: RawLink) -> Bool {
    var (low, high) = (0, base.count)
    while low < high {
      let middle = (low + high) / 2
      if base[middle] < link { low = middle + 1 } else { high = middle }
    }
    return low < base.count && base[low] == link
  }

  /// Adds a link; false if it was there.
  @discardableResult
  mutating func insert(_ link: RawLink) -> Bool {
    if contains(link) { return false }
    if gone.remove(link) == nil { come.insert(link) }
    return true
  }

  /// Removes a link; false if it was not there.
  @discardableResult
  mutating func remove(_ link: RawLink) -> Bool {
    if come.remove(link) != nil { return true }
    return isInBase(link) && gone.insert(link).inserted
  }

  /// Gives rows other numbers, in the same order, and lets go the links of rows without one.
  mutating func renumber(_ sources: [UInt32]?, _ targets: [UInt32]?) {
    var links = all
    if sources != nil || targets != nil {
      links = links.compactMap { link in
        let source = sources.map { $0[Int(link.source)] } ?? link.source
        let target = targets.map { $0[Int(link.target)] } ?? link.target
        return source == .max || target == .max ? nil : RawLink(source: source, target: target)
      }
    }
    self = RawLinks(inOrder: links)
  }
}

extension Schema.Table {
  /// The foreign key that is on a column, or nil.
  func foreignKey(_ column: String) -> Schema.Constraint? {
    constraints.first { $0.kind == .foreignKey && $0.columns == [column] }
  }

  /// The kind of the primary key, or nil if there is none.
  var keyKind: StoredValue.Kind? {
    guard let key = constraints.first(where: { $0.kind == .primaryKey }) else { return nil }
    return key.columns.count == 1 ? column(key.columns[0])?.kind : .composite
  }

  /// Whether the table remembers the largest key that it had, to give the next.
  var hasNextKey: Bool { !isAssociation && (keyKind == .integer || keyKind == .unsigned) }
}

/// Why a step of a migration is refused: one sentence each.
struct RefusedStep: Error {
  let reasons: [String]

  init(_ reasons: String...) { self.reasons = reasons }

  init(_ reasons: [String]) { self.reasons = reasons }
}
