/// One table of a raw graph: its rows, or if it is an association table its links.
struct RawTable: Sendable {
  var schema: Schema.Table { didSet { kept = nil } }
  var rows: RawRows { didSet { kept = nil } }
  var links = RawLinks()
  /// The tables whose rows the links are between, by their numbers: a foreign key that goes leaves them
  /// as they are. Empty for a table of rows.
  var ends: [String?] = []
  /// The largest integer that ever was a key, or null.
  var largestKey: StoredValue = .null
  /// The row of each key, if somebody has asked for them to be kept: until a row other than a new last
  /// one comes, goes or changes, and until the schema does, which says what the key is.
  private var kept: [StoredValue: Int]?
  /// How often the keys of all rows were gathered to be kept.
  private(set) var gatherings = 0

  /// A table without rows.
  init(_ schema: Schema.Table) {
    self.schema = schema
    rows = RawRows(columns: schema.columns.map { _ in [] })
    if schema.isAssociation { ends = schema.ends }
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
    let names = schema.primaryKey?.columns ?? []
    return names.compactMap { name in schema.columns.firstIndex { $0.name == name } }
  }

  /// The primary key of a row.
  func key(_ row: Int) -> StoredValue { keys(row) }

  /// Reads the primary keys of many rows, whose columns are sought once.
  var keys: (Int) -> StoredValue {
    let places = keyColumns
    guard places.count == 1 else { return { [rows] in .key(rows.values($0, places)) } }
    let column = rows.columns[places[0]]
    return { column[$0] }
  }

  /// The row of each key; the first one, if several have the same.
  var rowsByKey: [StoredValue: Int] {
    if let kept { return kept }
    let keys = keys
    return Dictionary(rows.numbers.map { (keys($0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Keeps the row of each key, for those who ask for them again and again.
  mutating func keepRowsByKey() {
    if kept != nil { return }
    gatherings += 1
    kept = rowsByKey
  }

  /// Adds a row behind all others.
  mutating func append(_ values: [StoredValue]) {
    // They are taken out, and put back, without a copy.
    var known: [StoredValue: Int]?
    swap(&known, &kept)
    rows.append(values)
    if known == nil { return }
    let key = key(rows.end - 1)
    if known?[key] == nil { known?[key] = rows.end - 1 }
    swap(&known, &kept)
  }

  /// Remembers a key that a row has now.
  mutating func noteKey(of row: Int) {
    if schema.hasNextKey { largestKey = max(largestKey, key(row)) }
  }

  /// Remembers the keys that the rows have now, from one on.
  mutating func noteKeys(from first: Int = 0) {
    if schema.hasNextKey { largestKey = max(largestKey, largestPresentKey(from: first)) }
  }

  /// The largest key that the rows have, from one on, or null. One of another kind, which a later step
  /// may put right, is none.
  func largestPresentKey(from first: Int = 0) -> StoredValue {
    let (keys, kind) = (keys, schema.keyKind)
    let largest = (first..<rows.end).lazy.filter { [rows] in rows.isLive($0) }.map(keys)
      .filter { $0.kind == kind }.max()
    return largest ?? .null
  }
}

extension Schema.Table {
  /// The primary key, or nil if there is none.
  var primaryKey: Schema.Constraint? { constraints.first { $0.kind == .primaryKey } }

  /// The foreign key that is on a column, or nil.
  func foreignKey(_ column: String) -> Schema.Constraint? {
    constraints.first { $0.kind == .foreignKey && $0.columns == [column] }
  }

  /// The tables that links are between, as far as there are foreign keys.
  var ends: [String?] { columns.map { foreignKey($0.name)?.target } }

  /// Whether a link may lead from a row to itself: where both are of one table, only if no rule is
  /// against it.
  var allowsLoops: Bool {
    ends.first != ends.last || !constraints.contains { $0.kind == .check }
  }

  /// The kind of the primary key, or nil if there is none.
  var keyKind: StoredValue.Kind? {
    guard let key = primaryKey else { return nil }
    return key.columns.count == 1 ? column(key.columns[0])?.kind : .composite
  }
}
