import KithCore

/// The tables and association tables of a graph, checked once.
///
/// ```swift
/// let schema = try Schema {
///   User.self
///   Post.self
///   User.follows
/// }
/// ```
public struct Schema: Sendable {
  let layout: SchemaLayout

  /// Checks the declarations of tables and association tables.
  ///
  /// - Throws: `GraphError.schemaFaults` with all that is wrong: a name used twice, a reference to
  ///   a table that is not listed, a key path that is no column, an index on nothing, foreign keys
  ///   that wait for each other in a cycle.
  public init(@Builder _ parts: () -> [Part]) throws(GraphError) {
    var plan = SchemaPlan()
    let parts = parts()
    for part in parts { part.addTable(&plan) }
    for part in parts { part.addLinks(&plan) }
    plan.checkNames()
    plan.checkCycles()
    guard plan.faults.isEmpty else { throw .schemaFaults(plan.faults) }
    layout = SchemaLayout(tables: plan.tables, links: plan.links)
  }

  /// One table or association table of a schema.
  public struct Part: Sendable {
    let addTable: @Sendable (inout SchemaPlan) -> Void
    let addLinks: @Sendable (inout SchemaPlan) -> Void
  }

  /// Collects the tables and association tables that a schema lists.
  @resultBuilder
  public enum Builder {
    public static func buildExpression<Record: Row>(_ type: Record.Type) -> [Part] {
      [
        Part(
          addTable: { $0.add(tableOf: type) },
          addLinks: { $0.addForeignKeysAndIndexes(of: type) })
      ]
    }

    public static func buildExpression<Source: Row, Target: Row>(
      _ association: Association<Source, Target>
    ) -> [Part] {
      let identity = association.identity
      return [Part(addTable: { _ in }, addLinks: { $0.add(identity) })]
    }

    public static func buildBlock(_ parts: [Part]...) -> [Part] { parts.flatMap(\.self) }
    public static func buildArray(_ parts: [[Part]]) -> [Part] { parts.flatMap(\.self) }
    public static func buildOptional(_ parts: [Part]?) -> [Part] { parts ?? [] }
    public static func buildEither(first parts: [Part]) -> [Part] { parts }
    public static func buildEither(second parts: [Part]) -> [Part] { parts }
  }
}

/// A checked schema: tables and links by number, and how to find the number.
@usableFromInline
final class SchemaLayout: Sendable {
  let tables: [TableInfo]
  let links: [LinkInfo]
  private let tableNumbers: NumberTable
  private let linkNumbers: NumberTable

  init(tables: [TableInfo], links: [LinkInfo]) {
    self.tables = tables
    self.links = links
    tableNumbers = NumberTable(tables.map(\.rowType))
    linkNumbers = NumberTable(links.map { ObjectIdentifier($0.identity) })
  }

  /// The number of the table that keeps rows of a type.
  @usableFromInline
  func table(of type: any Any.Type) -> Int {
    guard let number = tableNumbers[ObjectIdentifier(type)] else {
      preconditionFailure("\(type) is not in this store's schema: list it in Schema { }")
    }
    return number
  }

  /// The number of a link.
  func link(_ identity: LinkIdentity) -> Int {
    guard let number = linkNumbers[ObjectIdentifier(identity)] else {
      preconditionFailure(
        "\(identity.name) is not in this store's schema: list it in Schema { }, or declare "
          + "the column with references:")
    }
    return number
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
struct TableInfo: Sendable {
  let name: String
  let rowType: ObjectIdentifier
  let keyKind: StoredValue.Kind
  let columns: [ColumnInfo]
  let makeRows: @Sendable () -> any RowStorage
  /// The links that are foreign keys of this table.
  var foreignKeys: [Int] = []
  /// The links that are foreign keys of any table and refer to this one.
  var referrers: [Int] = []
  /// The association tables that this table is an end of.
  var associations: [(link: Int, direction: Direction)] = []
  var indexes: [IndexInfo] = []

  var primaryKeyName: String { "pk_\(name)" }
}

/// A column of a checked schema.
struct ColumnInfo: Sendable {
  let name: String
  let kind: StoredValue.Kind
  let isNullable: Bool
  let isUnique: Bool
}

/// An ordered index of a checked schema.
struct IndexInfo: Sendable {
  let name: String
  /// The foreign key whose rows are kept apart, or nil when all rows are one sequence.
  let parentLink: Int?
  /// The column that gives the order.
  let column: Int
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
  let allowsSelfLinks: Bool

  /// The number of the table that a hop reaches.
  func table(reached direction: Direction) -> Int {
    direction == .forward ? target : source
  }
}
