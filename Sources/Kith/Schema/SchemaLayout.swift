import KithCore

/// A checked schema: tables and links by number, and how to find the number.
@usableFromInline
final class SchemaLayout: Sendable {
  let tables: [Frozen<TableInfo>]
  let links: [Frozen<LinkInfo>]
  /// The links that are association tables, in their order.
  let associations: [Int]
  /// The tables at both ends of each link, beside what else is known of it: every hop asks.
  private let linkEnds: [(source: Int, target: Int, allowsLoops: Bool)]
  private let rowTests: [Bool]
  /// How far changes of each table's columns are felt.
  let extents: [[ChangeExtent]]
  /// The names of tables and links, as fingerprints of queries take them.
  let tableWords: [UInt64]
  let linkWords: [UInt64]
  private let tableNumbers: NumberTable
  private let linkNumbers: NumberTable

  init(tables: [TableInfo], links: [LinkInfo]) {
    self.tables = tables.map { Frozen($0) }
    self.links = links.map { Frozen($0) }
    associations = links.indices.filter { links[$0].column == nil }
    linkEnds = links.map { ($0.source, $0.target, $0.allowsLoops) }
    extents = tables.map { ChangeExtent.ofColumns($0, links) }
    rowTests = tables.map { !$0.checkNames.isEmpty || !$0.limits.isEmpty }
    tableWords = tables.map { Fingerprint.word($0.name) }
    linkWords = links.map { link in
      let column = link.column.map { ".\(tables[link.source].columns[$0].name)" } ?? ""
      return Fingerprint.word(link.tableName + column)
    }
    tableNumbers = NumberTable(tables.map(\.rowType))
    linkNumbers = NumberTable(links.map { ObjectIdentifier($0.identity) })
  }

  /// The number of the table that keeps rows of a type.
  ///
  /// - Precondition: The schema lists the type.
  @usableFromInline
  func table(of type: any Any.Type) -> Int {
    guard let number = tableNumbers[ObjectIdentifier(type)] else {
      preconditionFailure(SchemaLayout.missing(type))
    }
    return number
  }

  /// The number of the table that keeps rows of a type.
  ///
  /// - Throws: `GraphError.schemaFaults` if the schema does not list the type.
  @usableFromInline
  func listedTable(of type: any Any.Type) throws(GraphError) -> Int {
    guard let number = tableNumbers[ObjectIdentifier(type)] else {
      throw .schemaFaults([SchemaLayout.missing(type)])
    }
    return number
  }

  /// Whether rows of a table are tested by themselves: by checks, or for the length of their values.
  @usableFromInline
  func testsRows(of table: Int) -> Bool { rowTests[table] }

  /// The number of a link.
  ///
  /// - Precondition: The schema lists the link.
  func link(_ identity: LinkIdentity) -> Int {
    guard let number = linkNumbers[ObjectIdentifier(identity)] else {
      preconditionFailure(missing(identity))
    }
    return number
  }

  /// The link of one hop of a path.
  ///
  /// - Precondition: The schema lists the link.
  func hop(_ path: [Hop], _ index: Int) -> LinkHop {
    guard let number = linkNumbers[path[index].identifier] else {
      preconditionFailure(missing(path[index].link))
    }
    let direction = path[index].direction
    return LinkHop(
      link: number, direction: direction, target: table(reachedBy: number, direction))
  }

  /// The number of a link.
  ///
  /// - Throws: `GraphError.schemaFaults` if the schema does not list the link.
  func listedLink(_ identity: LinkIdentity) throws(GraphError) -> Int {
    guard let number = linkNumbers[ObjectIdentifier(identity)] else {
      throw .schemaFaults([missing(identity)])
    }
    return number
  }

  /// The number of a link, or nil if the schema does not list it.
  func number(of identity: LinkIdentity) -> Int? { linkNumbers[ObjectIdentifier(identity)] }

  /// The numbers of the tables at both ends of a link.
  func tables(of link: Int, _ direction: Direction) -> (from: Int, to: Int) {
    let ends = linkEnds[link]
    return direction == .forward ? (ends.source, ends.target) : (ends.target, ends.source)
  }

  /// Whether a link may lead from a slot to the same slot: where both are of one table, only if a row
  /// may be linked to itself.
  func allowsLoops(_ link: Int) -> Bool { linkEnds[link].allowsLoops }

  /// The number of the table that a hop over a link reaches.
  func table(reachedBy link: Int, _ direction: Direction) -> Int {
    direction == .forward ? linkEnds[link].target : linkEnds[link].source
  }

  private static func missing(_ type: any Any.Type) -> String {
    "\(type) is not in this store's schema: list \(type).self in Schema { }"
  }

  private func missing(_ identity: LinkIdentity) -> String {
    let name = identity.name
    if identity.association != nil {
      return "\(name) is not in this store's schema: list it in Schema { }"
    }
    guard let (type, owner) = identity.owner else {
      return "\(name) is no relationship: declare the column with references:"
    }
    return tableNumbers[type] == nil
      ? "\(owner), with its \(name), is not in this store's schema: list \(owner).self in Schema { }"
      : "\(name) of \(owner) is not the one in this store's schema: make \(owner).table a static let"
  }
}

/// Numbers things by identity. A few are sought one by one, which is faster than hashing.
private struct NumberTable: Sendable {
  private let identities: [ObjectIdentifier]
  private let numbers: [ObjectIdentifier: Int]
  private static let fewest = 12

  init(_ identities: [ObjectIdentifier]) {
    self.identities = identities
    numbers = Dictionary(
      zip(identities, identities.indices), uniquingKeysWith: { first, _ in first })
  }

  subscript(identity: ObjectIdentifier) -> Int? {
    identities.count <= NumberTable.fewest
      ? identities.firstIndex(of: identity) : numbers[identity]
  }
}

/// A table of a checked schema.
@usableFromInline
struct TableInfo: Sendable {
  let name: String
  let rowType: ObjectIdentifier
  let keyKind: StoredValue.Kind
  let columns: [Schema.Column]
  let primaryKey: [Int]
  let primaryKeyName: String
  let reader: RowReader
  let makeRows: @Sendable () -> any RowStorage
  /// Makes rows of stored columns.
  let decodeRows: @Sendable (StoredTable, Frozen<TableInfo>) throws(FormatFault) -> any RowStorage
  /// The name that the table had before, if its declaration says so.
  var formerName: String?
  /// The combinations of columns whose values are allowed once.
  var uniques: [UniqueInfo] = []
  /// The names of the table's checks, in the order of `Table.checks`.
  var checkNames: [String] = []
  /// The columns of limited length, and the names of their constraints.
  var limits: [(column: Int, name: String, limit: Int)] = []
  /// The links that are foreign keys of this table.
  var foreignKeys: [Int] = []
  /// The links that are foreign keys of any table and refer to this one.
  var referrers: [Int] = []
  /// The association tables that this table is an end of.
  var associations: [(link: Int, direction: Direction)] = []
  var indexes: [IndexInfo] = []

  /// How many rows of a table are made again from their columns, to prove its declaration.
  static let provenRows: UInt32 = 16
}

/// A unique constraint of a checked schema.
struct UniqueInfo: Sendable {
  let name: String
  let columns: [Int]

  /// The value by which a row is found, or null if a part is missing.
  ///
  /// - Parameter value: The row's value of a column.
  @inline(__always)
  func value(_ value: (_ column: Int) -> StoredValue) -> StoredValue {
    if columns.count == 1 { return value(columns[0]) }
    let parts = columns.map(value)
    return parts.contains(where: \.isNull) ? .null : .composite(parts)
  }

  /// The value by which a row is found that has some values.
  func value(of values: [StoredValue]) -> StoredValue { value { values[$0] } }
}

/// An ordered index of a checked schema.
struct IndexInfo: Sendable {
  let name: String
  /// The foreign key whose rows are kept apart, or nil when all rows are one sequence.
  let parentLink: Int?
  /// The columns that it was declared with: the one that keeps rows apart, if there is one, and the one
  /// that gives the order.
  let columns: [Int]
  /// Whether numbers give the order; if not, rows are compared.
  let isRanked: Bool

  /// The column that gives the order.
  var column: Int { columns[columns.count - 1] }

  /// The column by which all rows are ordered first, so that rows of equal value in it stand together; nil
  /// if one column alone gives the order.
  var leading: Int? { columns.count == 2 && parentLink == nil ? columns[0] : nil }

  /// Whether all rows of the table are one sequence, in the order of one column.
  func isSequence(of column: Int) -> Bool { columns == [column] }

  /// The columns by which rows are ordered, the first first.
  var ordering: ArraySlice<Int> { columns.suffix(parentLink == nil ? 2 : 1) }
}

/// A foreign key or an association table of a checked schema.
struct LinkInfo: Sendable {
  let identity: LinkIdentity
  /// The association table, or the table that has the foreign key.
  let tableName: String
  /// The constraint that a link without its target breaks.
  let targetConstraint: String
  /// The constraint that a link without its source breaks.
  let sourceConstraint: String
  let source: Int
  let target: Int
  /// The column of a foreign key; nil for an association table.
  let column: Int?
  let onDelete: DeleteRule
  var isDeferred = false
  var allowsSelfLinks = true
  /// What only an association table has: the names of its primary key, of the rule against self
  /// links, and of its columns.
  var primaryKeyName = ""
  var selfLinkConstraint = ""
  var columnNames: [String] = []

  /// Whether a link may lead from a slot to the same slot: where both ends are of one table, only if a row
  /// may be linked to itself.
  var allowsLoops: Bool { allowsSelfLinks || source != target }

  /// What is thrown for a link of which no row has the key at an end.
  ///
  /// - Parameter isSource: Whether it is the end at the source.
  func missing(_ key: StoredValue, isSource: Bool = false) -> GraphError {
    .missingReference(
      constraint: isSource ? sourceConstraint : targetConstraint, table: tableName, key: "\(key)")
  }

  /// What is thrown for a link from a row to itself that is not allowed.
  func selfLinkFault(_ key: StoredValue) -> GraphError {
    .failedCheck(constraint: selfLinkConstraint, table: tableName, key: "\(key)")
  }
}
