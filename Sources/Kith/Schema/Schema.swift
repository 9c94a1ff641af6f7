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
  /// - Parameters:
  ///   - naming: How constraints and indexes are named.
  ///   - parts: Tables and association tables, one a line.
  /// - Throws: `GraphError.schemaFaults` with all that is wrong: a name used twice, a reference to
  ///   a table that is not listed, a key path that is no column, an index on nothing, foreign keys
  ///   that wait for each other in a cycle, names that say of each other that they were exchanged.
  public init(
    naming: Naming = Naming(), @Builder _ parts: () -> Builder
  ) throws(GraphError) {
    var plan = SchemaPlan(naming)
    let parts = parts()
    for addTable in parts.tables { addTable(&plan) }
    for addLinks in parts.links { addLinks(&plan) }
    plan.checkNames()
    plan.checkHints()
    plan.checkCycles()
    guard plan.faults.isEmpty else { throw .schemaFaults(plan.faults.withoutRepeats) }
    layout = SchemaLayout(tables: plan.tables, links: plan.links)
  }

  init(layout: SchemaLayout) {
    self.layout = layout
  }

  /// A schema without tables.
  static let empty = Schema(layout: SchemaLayout(tables: [], links: []))

  /// Collects the tables and association tables that a schema lists.
  @resultBuilder
  public struct Builder {
    fileprivate var tables: [(inout SchemaPlan) -> Void] = []
    fileprivate var links: [(inout SchemaPlan) -> Void] = []

    /// Adds a table.
    public static func buildExpression<Record: Row>(_ type: Record.Type) -> Builder {
      Builder(
        tables: [{ $0.add(tableOf: type) }], links: [{ $0.addForeignKeysAndIndexes(of: type) }])
    }

    /// Adds an association table.
    public static func buildExpression<Source: Row, Target: Row>(
      _ association: Association<Source, Target>
    ) -> Builder {
      Builder(links: [{ $0.add(association.identity) }])
    }

    /// Adds all parts of a block.
    public static func buildBlock(_ parts: Builder...) -> Builder { buildArray(parts) }

    /// Adds what each pass of a loop lists.
    public static func buildArray(_ parts: [Builder]) -> Builder {
      Builder(tables: parts.flatMap(\.tables), links: parts.flatMap(\.links))
    }

    /// Adds what a condition lists, if it holds.
    public static func buildOptional(_ parts: Builder?) -> Builder { parts ?? Builder() }

    /// Adds what a condition lists where it holds.
    public static func buildEither(first parts: Builder) -> Builder { parts }

    /// Adds what a condition lists where it does not hold.
    public static func buildEither(second parts: Builder) -> Builder { parts }
  }
}

extension [String] {
  /// The texts in order, each once.
  fileprivate var withoutRepeats: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
